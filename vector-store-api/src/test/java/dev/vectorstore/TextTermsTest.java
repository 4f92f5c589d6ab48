package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class TextTermsTest {
  @Test
  void termsAreRunsOfLettersAndDigitsInOrderWithRepeats() {
    assertThat(TextTerms.of("The quick, quick-brown fox_2!"))
        .containsExactly("the", "quick", "quick", "brown", "fox", "2");
    assertThat(TextTerms.of("x²y")).containsExactly("x", "y");
    assertThat(TextTerms.of("½ Ⓐ ™ -- 😀")).isEmpty();
    assertThat(TextTerms.of("")).isEmpty();
    assertThat(TextTerms.of("a😀b")).containsExactly("a", "b");
    assertThat(TextTerms.of("don't 1,5")).containsExactly("don", "t", "1", "5");
  }

  @Test
  void marksBelongToTheLetterOrDigitThatTheyFollow() {
    assertThat(TextTerms.of("E\u0301cole \u0301x")).containsExactly("e\u0301cole", "x");
    assertThat(TextTerms.of("हिन्दी में")).containsExactly("हिन्दी", "में");
    assertThat(TextTerms.of("α\u0345")).as("not folded").containsExactly("α\u0345");
    assertThat(TextTerms.of("1\ufe0f\u20e3")).as("a keycap").containsExactly("1");
  }

  @Test
  void lettersBeyondTheBasicPlaneCount() {
    assertThat(TextTerms.of("\ud835\udc00x \ud801\udc00"))
        .isEqualTo(List.of("\ud835\udc00x", "\ud801\udc28"));
  }

  @Test
  void foldingIsByCodePointWhateverTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(new Locale("tr", "TR"));
      assertThat(TextTerms.fold("TITLE")).isEqualTo("title");
      assertThat(TextTerms.fold("İıI")).isEqualTo("iii");
    } finally {
      Locale.setDefault(before);
    }
    assertThat(TextTerms.fold("ΟΔΟΣ")).isEqualTo(TextTerms.fold("οδος")).isEqualTo("οδοσ");
    assertThat(TextTerms.fold("Straße"))
        .isEqualTo("straße")
        .isNotEqualTo(TextTerms.fold("STRASSE"));
    assertThat(TextTerms.fold("ÉCOLE")).isEqualTo("école");
    assertThat(TextTerms.fold("\u212a")).as("Kelvin sign").isEqualTo("k");
  }

  @Test
  void aTermCanBeLong() {
    String long5000 = "x".repeat(5000);
    assertThat(TextTerms.of("a " + long5000)).containsExactly("a", long5000);
  }
}
