package dev.vectorstore;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;

/**
 * How text becomes terms, the same for every engine: maximal runs of letters and digits ({@link
 * Character#isLetterOrDigit(int)}), folded code point by code point. Stateless.
 *
 * <p>Letters, digits and folding are the running JDK's; code points newer than Unicode 13 are not
 * promised to be equal across JDKs.
 */
public final class TextTerms {
  private TextTerms() {}

  /**
   * The terms of a text, in order, with repeats.
   *
   * @param text any text
   * @return the folded terms; empty if the text has no letter or digit
   */
  public static List<String> of(String text) {
    List<String> terms = new ArrayList<>();
    StringBuilder term = new StringBuilder();
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      i += Character.charCount(codePoint);
      if (Character.isLetterOrDigit(codePoint)) {
        term.appendCodePoint(fold(codePoint));
      } else if (!term.isEmpty()) {
        terms.add(term.toString());
        term.setLength(0);
      }
    }
    if (!term.isEmpty()) {
      terms.add(term.toString());
    }
    return terms;
  }

  /**
   * A text folded for case-blind comparison: {@code toLowerCase(toUpperCase(c))} of each code
   * point, whatever the locale.
   *
   * @param text any text
   * @return the folded text
   */
  public static String fold(String text) {
    StringBuilder folded = new StringBuilder(text.length());
    text.codePoints().map(TextTerms::fold).forEach(folded::appendCodePoint);
    return folded.toString();
  }

  private static int fold(int codePoint) {
    return Character.toLowerCase(Character.toUpperCase(codePoint));
  }

  static boolean containsAll(List<String> terms, List<String> wanted) {
    return new HashSet<>(terms).containsAll(wanted);
  }

  static boolean containsPhrase(List<String> terms, List<String> phrase) {
    return Collections.indexOfSubList(terms, phrase) >= 0;
  }
}
