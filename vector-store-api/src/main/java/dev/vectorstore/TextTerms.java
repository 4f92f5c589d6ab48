package dev.vectorstore;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;

/**
 * How text becomes terms, the same for every engine and on every JDK. Stateless.
 *
 * <ul>
 *   <li>A term is a maximal run of letters and decimal digits with the marks that follow them.
 *       Letters are folded code point by code point.
 *   <li>A run of letters and marks of Han, Hiragana, Katakana, Thai, Lao, Khmer and Myanmar, which
 *       put no spaces between words, is as many terms as it has pairs of neighbouring characters; a
 *       character alone is a term. So any two or more characters are found wherever they stand, and
 *       one alone only where it stands alone.
 *   <li>Variation selectors are passed by; everything else separates.
 * </ul>
 *
 * <p>Letters, digits, marks, scripts and folds are those of Unicode 18.0.
 */
public final class TextTerms {
  /**
   * Stands between the terms of two runs that would look like one, see {@link #phrase(String)}. It
   * is no term.
   */
  public static final String GAP = "|";

  private TextTerms() {}

  /**
   * The version of these rules: 1 was that of runs of any script, by the Unicode of the running
   * JDK; 2 is Unicode 18.0. Engines keep it with the terms that they store. It is a method, so that
   * an engine asks the rules that it runs with.
   *
   * @return the version, which counts up
   */
  public static int version() {
    return 2;
  }

  /**
   * The terms of a text, in order, with repeats.
   *
   * @param text any text
   * @return the folded terms; empty if the text has no letter or digit
   */
  public static List<String> of(String text) {
    return new TermMaker(text, false).make();
  }

  /**
   * The terms of a text where order and place count. They are those of {@link #of(String)}, with a
   * {@link #GAP} between two runs of scripts without spaces where the second begins with the
   * character that the first one ends with: "AB, BC" has the pairs of "ABC", and isn't it.
   *
   * @param text any text
   * @return the folded terms and gaps; empty if the text has no letter or digit
   */
  public static List<String> phrase(String text) {
    return new TermMaker(text, true).make();
  }

  /**
   * A text that has these terms at these places, for visitors that make a filter of a filter.
   *
   * @param terms as {@link #phrase(String)} makes them
   * @return a text of which {@link #phrase(String)} makes the same
   */
  public static String join(List<String> terms) {
    StringBuilder text = new StringBuilder();
    String last = "";
    for (String term : terms) {
      int second = TermMaker.secondOfPair(term);
      if (second > 0 && last.equals(term.substring(0, second))) {
        text.append(term, second, term.length());
      } else {
        text.append(text.isEmpty() ? "" : " ").append(term);
      }
      last = second > 0 ? term.substring(second) : "";
    }
    return text.toString();
  }

  /**
   * A text folded for case-blind comparison: {@code toLowerCase(toUpperCase(c))} of each code
   * point, by the simple case mappings of Unicode 18.0.
   *
   * @param text any text
   * @return the folded text
   */
  public static String fold(String text) {
    StringBuilder folded = new StringBuilder(text.length());
    text.codePoints().map(TermTable::fold).forEach(folded::appendCodePoint);
    return folded.toString();
  }

  static boolean containsAll(List<String> terms, List<String> wanted) {
    return new HashSet<>(terms).containsAll(wanted);
  }

  static boolean containsPhrase(List<String> terms, List<String> phrase) {
    return Collections.indexOfSubList(terms, phrase) >= 0;
  }
}
