package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads from JSON texts and back, with Jackson as the judge of what JSON is. */
class PayloadJsonTest {
  @Test
  void aPayloadIsParsed() {
    Payload payload =
        Payload.parse(
            " {\"url\": \"https:\\/\\/a\", \"n\": 3, \"x\": 3.0, \"e\": -1e2, \"ok\": true,\r\n\t"
                + "\"no\": null, \"list\": [1, [], {}], \"\": {\"\\u00e9\\ud83d\\ude00\": \"\\n\"}}");
    assertThat(payload)
        .isEqualTo(
            Payload.builder()
                .put("url", "https://a")
                .put("n", 3)
                .put("x", 3.0)
                .put("e", -100.0)
                .put("ok", true)
                .put("no", null)
                .put("list", List.of(1, List.of(), Map.of()))
                .put("", Map.of("é😀", "\n"))
                .build());
    assertThat(payload.keys()).first().isEqualTo("url");
    assertThat(Payload.parse("{}")).isEqualTo(Payload.empty());
    assertThat(Payload.parse("{\"a\": -0.0, \"b\": 0e999999999, \"c\": -0}"))
        .isEqualTo(Payload.of(Map.of("a", 0.0, "b", 0.0, "c", 0)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036854775807",
        "-9223372036854775808",
        "1.7976931348623157E308",
        "4.9E-324",
        "0.1",
        "1e15",
        "123456789.123",
        "2.0",
        "-1.5e-7"
      })
  void numbersAreReadAsTheValuesThatTheyAre(String number) {
    assertThat(Payload.parse("{\"n\": " + number + "}"))
        .isEqualTo(Json.payload("{\"n\": " + number + "}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"n\": 9223372036854775808} | line 1, column 7 | int64",
        "{\"n\": 0.12345678901234567890123} | column 7 | double",
        "{\"n\": 1e400} | column 7 | double",
        "{\"n\": 1e-400} | column 7 | double",
        "{\"a\": 1, \"a\": 2} | column 10 | twice",
        "{\"a\": \"\\u0000\"} | column 7 | U+0000",
        "{\"a\": \"\\ud800\"} | column 7 | surrogate",
        "{\"__vs\": 1} | column 2 | reserved",
        "[1] | line 1, column 1 | object",
        "{\"a\": 01} | column 8 | comma",
        "{\"a\": 1,} | column 9 | key",
        "{a: 1} | column 2 | key",
        "{\"a\" 1} | column 6 | colon",
        "{\"a\": 'x'} | column 7 | value",
        "{\"a\": NaN} | column 7 | value",
        "{\"a\": -} | column 7 | number",
        "{\"a\": \"x} | column 7 | end",
        "{\"a\": \"\\x\"} | column 9 | escape",
        "{\"a\": \"\\u12g4\"} | column 10 | hexadecimal",
        "{\"a\": tru} | column 7 | value",
        "{\"a\": [1 2]} | column 10 | comma",
        "{\"a\": 1} x | column 10 | follows",
        "{\"a\": 1 | column 8 | ends",
        "`` | line 1, column 1 | ends"
      })
  void whatNoPayloadHoldsIsRefusedWithItsPlace(String json, String place, String why) {
    assertThatThrownBy(() -> Payload.parse(json))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining(place)
        .hasMessageContaining(why);
  }

  @Test
  void thePlaceCountsLinesAndTheTextIsNotRepeated() {
    assertThatThrownBy(() -> Payload.parse("{\n  \"secret\": \"s3cr3t\",\n  \"b\": ?}"))
        .hasMessageContaining("line 3, column 8")
        .hasMessageNotContaining("s3cr3t");
    assertThatThrownBy(() -> Payload.parse("{\"a\": ?\n}"))
        .hasMessageContaining("line 1, column 7");
    String deep = "[".repeat(100_000);
    assertThatThrownBy(() -> Payload.parse("{\"a\": " + deep))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("deeper than 24");
    assertThatThrownBy(() -> Payload.parse("{\"a\": ".repeat(100_000)))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("deeper than 24");
    assertThat(Payload.parse("{\"a\": " + "[".repeat(23) + "]".repeat(23) + "}").isEmpty())
        .isFalse();
  }

  @Test
  void aPayloadComesBackFromItsJson() throws JsonProcessingException {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      Payload payload =
          Payload.builder()
              .put("double", Double.longBitsToDouble(random.nextLong() & ~(1L << 62)))
              .put("float", random.nextFloat())
              .put("long", random.nextLong())
              .put("text", text(random))
              .put("list", new Object[] {random.nextBoolean(), null, text(random)})
              .put(text(random) + i, Map.of(text(random), random.nextGaussian()))
              .build();
      assertThat(Payload.parse(payload.toJson())).isEqualTo(payload);
      assertThat(Json.payload(payload.toJson())).isEqualTo(payload);
      assertThat(Payload.parse(Json.MAPPER.writeValueAsString(payload.toMap()))).isEqualTo(payload);
    }
  }

  /** Texts that programs write for doubles: at powers of two the shortest isn't the rounded one. */
  @Test
  void doublesAreReadAsOthersWriteThem() {
    assertThat(Payload.parse("{\"n\": 5.684341886080802e-14}").number("n")).hasValue(0x1p-44);
    assertThat(Payload.parse("{\"n\": 5.6843418860808015e-14}").number("n")).hasValue(0x1p-44);
    assertThat(Payload.parse("{\"n\": 1.2345678901234567}").number("n")).isPresent();
    for (int exponent = -1074; exponent < 1024; exponent++) {
      for (double number :
          new double[] {
            Math.scalb(1.0, exponent),
            Math.nextUp(Math.scalb(1.0, exponent)),
            Math.nextDown(Math.scalb(1.0, exponent))
          }) {
        Payload payload = Payload.of(Map.of("n", number));
        assertThat(Payload.parse(payload.toJson())).isEqualTo(payload);
        String written = Double.toString(number);
        assertThat(Payload.parse("{\"n\": " + written + "}")).isEqualTo(payload);
      }
    }
    Random random = new Random(84);
    for (int i = 0; i < 20_000; i++) {
      Payload payload = Payload.of(Map.of("n", 0x1p84 * (1 + random.nextDouble())));
      assertThat(Payload.parse(payload.toJson())).isEqualTo(payload);
    }
  }

  /** Double.toString isn't always the nearest text: then as many digits as no reader mistakes. */
  @Test
  void aDoubleIsWrittenSoThatEveryReaderFindsIt() {
    assertThat(Payload.of(Map.of("n", 0.1)).toJson()).isEqualTo("{\"n\": 0.1}");
    assertThat(Payload.of(Map.of("n", 0.0)).toJson()).isEqualTo("{\"n\": 0.0}");
    String json = Payload.of(Map.of("n", 0x1.a140a7643a66bp84)).toJson();
    assertThat(new BigDecimal(json.replaceAll("[^0-9.E+]", "")))
        .as("JDK 17 itself writes ...386E25")
        .isEqualByComparingTo("3.1526711628916387E25");
  }

  @Test
  void escapesAndNumbersMayEndWithTheText() {
    assertThatThrownBy(() -> Payload.parse("{\"a\": \"\\u00e4"))
        .hasMessageContaining("a string doesn't end");
    assertThatThrownBy(() -> Payload.parse("{\"a\": \"\\u00e")).hasMessageContaining("escape");
    assertThatThrownBy(() -> Payload.parse("{\"a\": \"\\")).hasMessageContaining("escape");
    String digits = "0." + "0".repeat(1_098);
    assertThat(Payload.parse("{\"a\": " + digits + "}").number("a")).hasValue(0);
    assertThatThrownBy(() -> Payload.parse("{\"a\": " + digits + "0}"))
        .hasMessageContaining("1101 characters");
  }

  @Test
  void thePlaceOfWhatIsNoObjectIsItsOwn() {
    assertThatThrownBy(() -> Payload.parse("\n\n  [1]")).hasMessageContaining("line 3, column 3");
    assertThatThrownBy(() -> Payload.parse("{\"pass-is-x\": 1, \"pass-is-x\": 2}"))
        .hasMessageContaining("twice")
        .hasMessageNotContaining("pass-is-x");
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(8), 1, 0x300)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .append(random.nextInt(4) == 0 ? "\"\\😀" : "")
        .toString();
  }

  @Test
  void typedGettersGiveWhatIsThere() {
    Payload payload =
        Payload.parse(
            "{\"url\": \"https://a\", \"n\": 3, \"x\": 2.5, \"whole\": 4.0, \"ok\": true,"
                + " \"at\": \"2026-01-02T03:04:05.123456789+01:00\", \"big\": 9223372036854775807,"
                + " \"huge\": 9223372036854775808e0, \"no\": null,"
                + " \"metadata\": {\"year\": 2020, \"a.b\": \"dot\"}}");
    assertThat(payload.text("url")).contains("https://a");
    assertThat(payload.text("n")).isEmpty();
    assertThat(payload.text(FieldPath.of("metadata", "a.b"))).contains("dot");
    assertThat(payload.text("metadata.year")).isEmpty();
    assertThat(payload.number("n")).hasValue(3);
    assertThat(payload.number("x")).hasValue(2.5);
    assertThat(payload.number("url")).isEmpty();
    assertThat(payload.number(FieldPath.of("metadata", "year"))).hasValue(2020);
    assertThat(payload.integer("big")).hasValue(Long.MAX_VALUE);
    assertThat(payload.integer("whole")).hasValue(4);
    assertThat(payload.integer("x")).isEmpty();
    assertThat(payload.integer("huge")).isEmpty();
    assertThat(payload.integer(FieldPath.of("metadata", "year"))).hasValue(2020);
    assertThat(payload.bool("ok")).contains(true);
    assertThat(payload.bool(FieldPath.of("ok", "x"))).isEmpty();
    assertThat(payload.bool(FieldPath.of("ok"))).contains(true);
    assertThat(payload.instant(FieldPath.of("at"))).isEqualTo(payload.instant("at"));
    assertThat(payload.instant("at")).contains(Instant.parse("2026-01-02T02:04:05.123456Z"));
    assertThat(payload.instant("url")).isEmpty();
    assertThat(payload.get("no")).contains(Value.NullValue.NULL);
    assertThat(payload.get("missing")).isEmpty();
    assertThat(payload.get(FieldPath.of("metadata"))).isPresent();
    assertThat(
            SearchHit.of(VectorRecord.of(RecordId.of(1), payload), 1, ScoreKind.METRIC).payload())
        .isEqualTo(payload);
  }
}
