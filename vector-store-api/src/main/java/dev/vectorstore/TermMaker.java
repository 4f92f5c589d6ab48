package dev.vectorstore;

import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes one text apart. A word is a maximal run of letters and digits with the marks that follow
 * them. A run is one of letters and marks of scripts without spaces; its characters, which are its
 * code points with other marks that follow them, are taken by overlapping pairs. Used once.
 */
final class TermMaker {
  private final String text;
  private final boolean gaps;
  private final List<String> terms = new ArrayList<>();

  /**
   * What was read of a word or, of a run, the last two characters; cut in two at {@link #split}.
   */
  private char[] buffer = new char[32];

  private int length;
  private int split;

  /** What is being read: {@link TermTable#WORD}, {@link TermTable#RUN}, or nothing. */
  private int reading = TermTable.NONE;

  /** The last character of a run of several, if nothing but separators came since; else empty. */
  private String last = "";

  /**
   * One text's.
   *
   * @param text any text
   * @param gaps whether {@link TextTerms#GAP} stands where two runs would else look like one
   */
  TermMaker(String text, boolean gaps) {
    this.text = text;
    this.gaps = gaps;
  }

  List<String> make() {
    int end = text.length();
    for (int at = 0; at < end; ) {
      int codePoint = text.charAt(at);
      if (Character.isSurrogate((char) codePoint)) {
        codePoint = text.codePointAt(at);
      }
      at += Character.charCount(codePoint);
      int entry = TermTable.entry(codePoint);
      switch (TermTable.kindOf(entry)) {
        case TermTable.WORD -> word(TermTable.fold(codePoint, entry));
        case TermTable.RUN -> run(codePoint);
        case TermTable.MARK -> mark(codePoint);
        case TermTable.SELECTOR -> {} // neither ends anything nor belongs to it
        default -> end();
      }
    }
    end();
    return terms;
  }

  private void word(int folded) {
    if (reading == TermTable.RUN) {
      end();
    }
    reading = TermTable.WORD;
    append(folded);
  }

  private void run(int codePoint) {
    if (reading == TermTable.WORD) {
      end();
    }
    reading = TermTable.RUN;
    if (split > 0) {
      addPair();
      length -= split;
      System.arraycopy(buffer, split, buffer, 0, length);
    }
    split = length;
    append(codePoint);
  }

  private void mark(int codePoint) {
    if (reading != TermTable.NONE) {
      append(codePoint);
    }
  }

  private void end() {
    if (reading == TermTable.WORD || (reading == TermTable.RUN && split == 0)) {
      terms.add(new String(buffer, 0, length));
      last = "";
    } else if (reading == TermTable.RUN) {
      addPair();
      last = gaps ? new String(buffer, split, length - split) : "";
    }
    reading = TermTable.NONE;
    length = 0;
    split = 0;
  }

  private void addPair() {
    if (!last.isEmpty() && last.contentEquals(CharBuffer.wrap(buffer, 0, split))) {
      terms.add(TextTerms.GAP);
    }
    last = "";
    terms.add(new String(buffer, 0, length));
  }

  private void append(int codePoint) {
    if (length + 2 > buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    length += Character.toChars(codePoint, buffer, length);
  }

  /** Where the second character of a pair begins; 0 if the term is none. */
  static int secondOfPair(String term) {
    int first = term.codePointAt(0);
    if (TermTable.kindOf(TermTable.entry(first)) != TermTable.RUN) {
      return 0;
    }
    int at = Character.charCount(first);
    while (at < term.length()) {
      int codePoint = term.codePointAt(at);
      if (TermTable.kindOf(TermTable.entry(codePoint)) == TermTable.RUN) {
        return at;
      }
      at += Character.charCount(codePoint);
    }
    return 0;
  }
}
