package dev.vectorstore.supabase.tables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Value;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How a jsonb may have a value that a reader gets. */
class SpellingsTest {
  private static final long SEED = 11;
  private static final int MOST = 64;

  private static Spellings of(Object value) {
    return Spellings.of(Value.of(value), MOST);
  }

  @Test
  void whatIsTheSameInJsonAndToAReaderHasOneSpelling() {
    for (Object value :
        new Object[] {
          3, -0.0, 2.5, 0x1p62, Long.MAX_VALUE, true, "x", "12345678901234567", "1e400"
        }) {
      assertThat(of(value)).isEqualTo(new Spellings(List.of(JsonText.of(Value.of(value))), true));
    }
    assertThat(of(null)).isEqualTo(new Spellings(List.of("null"), true));
    assertThat(of(Map.of("a", List.of(1, "x"))))
        .isEqualTo(new Spellings(List.of("{\"a\":[1,\"x\"]}"), true));
  }

  @Test
  void aTextOfANumberCanBeThatNumberWhichMayBeReadOtherwise() {
    assertThat(of("12345678901234567890"))
        .isEqualTo(
            new Spellings(List.of("\"12345678901234567890\"", "12345678901234567890"), false));
    assertThat(of("0.10000000000000001").json()).as("it is read as 0.1").hasSize(1);
    assertThat(Spellings.of(Value.of("12345678901234567890"), 1).json()).isEmpty();
  }

  @Test
  void aDoubleBeyondInt64MayBeAnIntegerWhichIsATextToAReader() {
    assertThat(of(1e22).exact()).isFalse();
    assertThat(of(1e22).json()).contains("10000000000000000000000");
  }

  @Test
  void listsAndObjectsHaveAllCombinations() {
    assertThat(of(List.of("12345678901234567890", "98765432109876543210")).json())
        .containsExactlyInAnyOrder(
            "[\"12345678901234567890\",\"98765432109876543210\"]",
            "[12345678901234567890,\"98765432109876543210\"]",
            "[\"12345678901234567890\",98765432109876543210]",
            "[12345678901234567890,98765432109876543210]");
    assertThat(of(List.of(0.1, 0.3)).json()).as("some 1,600").isEmpty();
  }

  @Test
  void allThatAReaderTakesForADoubleAreNamed() {
    Random random = new Random(SEED);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      double number =
          i % 3 == 0
              ? Math.scalb(0.5, -random.nextInt(60))
              : (random.nextGaussian() + 2) * Math.pow(10, random.nextInt(6) - 4);
      Spellings spellings = of(number);
      BigDecimal near = new BigDecimal(number).round(new MathContext(1 + random.nextInt(30)));
      near = near.add(near.ulp().multiply(BigDecimal.valueOf(random.nextInt(5) - 2)));
      String text = near.stripTrailingZeros().toPlainString();
      boolean read = text.contains(".") && Value.of(number).equals(JsonNumber.decimal(text));
      if (!spellings.json().isEmpty() && read != spellings.json().contains(text)) {
        wrong.add(number + " as " + text);
      }
    }
    assertThat(wrong).as("seed %d", SEED).isEmpty();
  }
}
