package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The terms of every code point, in the places where it could matter. */
class EveryCodePointTest {
  private static final String[] PLACES = {"#", "a#B", "##", "全#文", "ก#ข ขค"};

  /**
   * One for all JDKs, and for as long as {@link TextTerms#version()} is 2: other terms are another
   * version.
   */
  @Test
  void theTermsAreThoseThatAreStoredAlready() throws NoSuchAlgorithmException {
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      if (!isSurrogate(codePoint)) {
        String terms = TextTerms.fold(Character.toString(codePoint)) + terms(codePoint) + '\n';
        hash.update(terms.getBytes(StandardCharsets.UTF_8));
      }
    }
    assertThat(TextTerms.version()).isEqualTo(2);
    assertThat(HexFormat.of().formatHex(hash.digest()))
        .as("Java %s", Runtime.version())
        .isEqualTo("637b2ae5c3569731e38894ac7b41e573ef5c55bfd9fab9a3f6a44c8db6bd8e4b");
  }

  /** Filters are made of terms again, and a term must not be another one then. */
  @Test
  void theTermsOfATermAreItself() {
    List<String> wrong = new ArrayList<>();
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      for (String place : isSurrogate(codePoint) ? new String[0] : PLACES) {
        List<String> terms = TextTerms.phrase(place.replace("#", Character.toString(codePoint)));
        List<String> again = TextTerms.phrase(TextTerms.join(terms));
        boolean same = terms.stream().allMatch(t -> isGap(t) || TextTerms.of(t).equals(List.of(t)));
        if (!same || !terms.equals(again)) {
          wrong.add("U+%04X in %s: %s, %s".formatted(codePoint, place, terms, again));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static boolean isGap(String term) {
    return term.equals(TextTerms.GAP);
  }

  private static String terms(int codePoint) {
    StringBuilder all = new StringBuilder();
    for (String place : PLACES) {
      all.append(TextTerms.phrase(place.replace("#", Character.toString(codePoint))));
    }
    return all.toString();
  }
}
