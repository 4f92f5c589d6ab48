package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Payload;
import dev.vectorstore.Value;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadJsonTest {
  @Test
  void everyDoubleComesBackToTheLastBit() {
    Random random = new Random(20261122);
    for (int i = 0; i < 50_000; i++) {
      double number = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(number)) {
        Payload payload = Payload.of(Map.of("n", number));
        assertThat(PayloadJson.fromBytes(PayloadJson.toBytes(payload)))
            .as("the double %s", number)
            .isEqualTo(payload);
      }
    }
  }

  @Test
  void kindsOfNumbersAreKept() {
    Payload payload =
        Payload.of(
            Map.of(
                "numbers",
                List.of(3, 3.0, 1e15, 1e22, 1e300, Long.MAX_VALUE, Long.MIN_VALUE, 0, 0.0)));

    assertThat(PayloadJson.fromBytes(PayloadJson.toBytes(payload))).isEqualTo(payload);
  }

  @Test
  void everyKindAndKeyComesBack() {
    Payload payload =
        Payload.builder()
            .put("", "")
            .put("a.b", Arrays.asList(true, null, "\"\\\u0001%_ \uD83D\uDE00"))
            .put("nested", Map.of("empty", Map.of(), "list", List.of(List.of(1), List.of())))
            .build();

    assertThat(PayloadJson.fromBytes(PayloadJson.toBytes(payload))).isEqualTo(payload);
    assertThat(PayloadJson.parse(PayloadJson.toText(payload.toValue())))
        .isEqualTo(payload.toValue());
  }

  @Test
  void whatFollowsAnObjectOrAListIsNoPartOfIt() {
    assertThat(
            PayloadJson.toText(
                Value.of(List.of(Map.of("a", List.of(1)), 2, List.of(Map.of(), 3), "end"))))
        .isEqualTo("[{\"a\":[1]},2,[{},3],\"end\"]");
  }

  @Test
  void anIntegerThatIsTooLargeIsToldAsANumber() {
    assertThatThrownBy(() -> PayloadJson.parse("12345678901234567890"))
        .isInstanceOf(InvalidRequest.class)
        .message()
        .doesNotContain("isn't JSON");
    assertThat(PayloadJson.parse("9223372036854775807")).isEqualTo(Value.of(Long.MAX_VALUE));
  }

  @Test
  void decimalsThatDoublesGiveBackAreTaken() {
    assertThat(PayloadJson.parse("[0.1, 1.10, 1e2, 0.30000000000000004, -0.0]"))
        .isEqualTo(Value.of(List.of(0.1, 1.1, 100.0, 0.30000000000000004, 0.0)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036854775808",
        "12345678901234567890",
        "0.300000000000000041",
        "3.14159265358979323846",
        "1e400",
        "{\"a\": 1, \"a\": 2}",
        "[1] 2",
        "[1",
        "",
        "{\"a\": \"\\u0000\"}",
        "[\"\\ud800\"]"
      })
  void whatWouldBeChangedIsRefused(String json) {
    assertThatThrownBy(() -> PayloadJson.parse(json)).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void damagedBytesSaySo() {
    for (String json : List.of("[1]", "{\"a\"", "")) {
      assertThatThrownBy(() -> PayloadJson.fromBytes(json.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOfAny(MalformedResponse.class, InvalidRequest.class);
    }
  }
}
