package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstantsTest {
  @ParameterizedTest
  @CsvSource({
    "2024-02-29T12:34:56Z, 2024-02-29T12:34:56Z",
    "2024-02-29t12:34:56z, 2024-02-29T12:34:56Z",
    "2024-02-29T12:34:56.5Z, 2024-02-29T12:34:56.5Z",
    "2024-02-29T12:34:56.123456Z, 2024-02-29T12:34:56.123456Z",
    "2024-02-29T12:34:56.1234569Z, 2024-02-29T12:34:56.123456Z",
    "2024-02-29T12:34:56.999999999999Z, 2024-02-29T12:34:56.999999Z",
    "1969-12-31T23:59:59.9999999Z, 1969-12-31T23:59:59.999999Z",
    "2024-02-29T12:34:56+02:00, 2024-02-29T10:34:56Z",
    "2024-02-29T12:34:56-23:59, 2024-03-01T12:33:56Z",
    "2024-02-29T12:34:56+23:59, 2024-02-28T12:35:56Z",
    "2024-02-29T12:34:56-00:00, 2024-02-29T12:34:56Z",
    "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z, 9999-12-31T23:59:59.999999Z"
  })
  void strictRfc3339IsAnInstant(String text, String instant) {
    assertThat(new Value.StringValue(text).asInstant()).contains(Instant.parse(instant));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2024-02-29",
        "2024-02-29T12:34:56",
        "2024-02-29 12:34:56Z",
        "2024-02-29T12:34Z",
        "2024-02-29T12:34:56 Z",
        "2024-02-29T12:34:56UTC",
        "2024-02-29T12:34:56+0200",
        "2024-02-29T12:34:56+02",
        "2024-02-29T12:34:56+24:00",
        "2024-02-29T12:34:56+02:60",
        "2024-02-29T12:34:56.Z",
        "2024-02-29T12:34:56,5Z",
        "2024-02-29T12:34:60Z",
        "2024-02-29T24:00:00Z",
        "2024-02-29T12:60:00Z",
        "2023-02-29T12:34:56Z",
        "2024-02-30T12:34:56Z",
        "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z",
        "2024-01-00T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "+2024-01-01T00:00:00Z",
        "-001-01-01T00:00:00Z",
        "24-01-01T00:00:00.000Z",
        " 2024-02-29T12:34:56Z",
        "2024-02-29T12:34:56Z ",
        "2024-02-29T12:34:56Z\n",
        "２０２４-02-29T12:34:56Z",
        "2024-02-29T12:34:56\u22125:00"
      })
  void anythingElseIsNot(String text) {
    assertThat(new Value.StringValue(text).asInstant()).isEmpty();
  }

  @Test
  void boundsAreTruncatedToMicroseconds() {
    FieldPath at = FieldPath.of("at");
    Filter after = at.gt(Instant.parse("2024-01-01T00:00:00.000000999Z"));
    assertThat(after).isEqualTo(at.gt(Instant.parse("2024-01-01T00:00:00Z")));
    assertThat(
            after.test(RecordId.of(1), Json.payload("{\"at\": \"2024-01-01T00:00:00.0000009Z\"}")))
        .isFalse();
    assertThat(
            after.test(RecordId.of(1), Json.payload("{\"at\": \"2024-01-01T00:00:00.000001Z\"}")))
        .isTrue();
  }

  @Test
  void zonesAreComparedAsPointsInTime() {
    Payload east = Json.payload("{\"at\": \"2024-01-01T01:00:00+02:00\"}");
    assertThat(
            FieldPath.of("at").lt(Instant.parse("2024-01-01T00:00:00Z")).test(RecordId.of(1), east))
        .isTrue();
  }
}
