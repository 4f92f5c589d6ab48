package dev.vectorstore.supabase.tables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.TextTerms;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What Postgres is told to look for. */
class TextPartTest {
  @Test
  void everyCharacterThatTheFoldMakesAnotherIsNamed() {
    IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
        .filter(point -> Character.getType(point) != Character.SURROGATE)
        .forEach(TextPartTest::isNamed);
  }

  private static void isNamed(int point) {
    String text = Character.toString(point);
    String folded = TextTerms.fold(text);
    assertThat(TextTerms.fold(folded)).as("U+%X, folded twice", point).isEqualTo(folded);
    if (!folded.equals(text)) {
      assertThat(point).as("U+%X is where case is looked for", point).isLessThan(0x20000);
      assertThat(TextPart.caseBlind(folded).variants()).as("U+%X", point).contains(text);
      assertThat(point > 127 || Character.isLetter(point))
          .as("U+%X is no sign of a pattern", point)
          .isTrue();
    }
  }

  @Test
  void eachVariantBecomesTheCharacterOfThePart() {
    TextPart part = TextPart.caseBlind("Kiss");
    assertThat(part.text()).isEqualTo("kiss");
    assertThat(part.variants()).isEqualTo("K\u212aI\u0130\u0131S\u017f");
    assertThat(part.folded()).isEqualTo("kkiiiss");
    assertThat(TextPart.literal("Kiss")).isEqualTo(new TextPart("Kiss", "", ""));
  }

  @Test
  void aPatternHasNoMeaningButItsText() {
    assertThat(TextPart.literal("a*.b\\[(?i)_\n\u00e9").pattern())
        .isEqualTo("a\\*\\.b\\\\\\[\\(\\?i\\)\\_\\\n\u00e9");
    assertThat(TextPart.caseBlind("K-5").pattern()).isEqualTo("[kK\u212a]\\-5");
  }
}
