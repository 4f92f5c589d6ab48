package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTest {
  @Test
  void integersAndDoublesStayWhatTheyAre() {
    assertThat(Value.of(3)).isEqualTo(new Value.LongValue(3)).isNotEqualTo(Value.of(3.0));
    assertThat(Value.of((byte) 3)).isEqualTo(Value.of((short) 3)).isEqualTo(Value.of(3L));
    assertThat(Value.of(BigInteger.valueOf(Long.MIN_VALUE))).isEqualTo(Value.of(Long.MIN_VALUE));
    assertThat(Value.of(new BigDecimal("3"))).isEqualTo(Value.of(3.0));
    assertThat(Value.of(0.5f)).isEqualTo(Value.of(0.5));
    assertThat(Value.of(-0.0)).isEqualTo(Value.of(0.0));
    assertThat(Value.of(-0.0).toString()).isEqualTo("0.0");
  }

  @Test
  void anInstantIsItsText() {
    Instant now = Instant.parse("2024-02-29T12:34:56.123456Z");
    assertThat(((Value.StringValue) Value.of(now)).asInstant()).contains(now);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.1",
        "1.10",
        "1.100000000000000000000000",
        "0",
        "0.000",
        "1e22",
        "1e23",
        "1E+300",
        "123456789012345.6",
        "0.30000000000000004",
        "9007199254740993e3",
        "4.9e-324",
        "1e-5",
        "1.7976931348623157e308",
        "1859616583201909.2",
        "1859616583201909.3"
      })
  void aDecimalThatADoubleGivesBackIsTaken(String text) {
    BigDecimal decimal = new BigDecimal(text);
    assertThat(Value.of(decimal)).isEqualTo(new Value.DoubleValue(decimal.doubleValue()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.12345678901234567890",
        "9007199254740993.0",
        "1e309",
        "-1e400",
        "1e-400",
        "123456789012345678.5",
        "0.1000000000000000000001"
      })
  void aDecimalThatADoubleChangesIsRefused(String text) {
    refused(() -> Value.of(new BigDecimal(text)), "decimal");
  }

  @Test
  void aDecimalHasElevenHundredDigitsAtMost() {
    assertThat(Value.of(new BigDecimal("1." + "0".repeat(1_099)))).isEqualTo(Value.of(1.0));
    refused(() -> Value.of(new BigDecimal("1." + "0".repeat(1_100))), "decimal of 1101 digits");
  }

  @Test
  void everyDoubleIsTakenFromItsOwnText() {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      double number = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(number)) {
        assertThat(Value.of(new BigDecimal(Double.toString(number)))).isEqualTo(Value.of(number));
        assertThat(Value.of(new BigDecimal(number))).isEqualTo(Value.of(number));
      }
    }
  }

  @Test
  void whatJsonCantHoldIsRefused() {
    refused(() -> Value.of(Double.NaN), "NaN");
    refused(() -> Value.of(Float.NEGATIVE_INFINITY), "Infinity");
    refused(() -> Value.of(BigInteger.ONE.shiftLeft(63)), "int64");
    refused(() -> Value.of(new Object()), "java.lang.Object");
    refused(() -> Value.of(Map.of(1, 2)), "key");
    refused(() -> Value.of("a\0b"), "U+0000");
    refused(() -> Value.of(Map.of("\udfff", 1)), "surrogate");
    refused(() -> Value.of("\ud83d"), "surrogate");
    refused(() -> Value.of("\ude00\ud83d"), "surrogate");
    assertThat(Value.of("\ud83d\ude00").toObject()).isEqualTo("😀");
  }

  @Test
  void whatContainsItselfIsRefused() {
    List<Object> loop = new ArrayList<>();
    loop.add(loop);
    refused(() -> Value.of(loop), "nests deeper");
    Map<String, Object> ring = new LinkedHashMap<>();
    ring.put("a", ring);
    refused(() -> Value.of(ring), "nests deeper");
    refused(() -> Value.of(nested(25)), "nests deeper");
    assertThat(Value.of(nested(24)).depth()).isEqualTo(24);
    Value deepest = Value.of(nested(24));
    refused(() -> new Value.ListValue(List.of(deepest)), "nests deeper");
  }

  @Test
  void plainObjectsComeBackEqual() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("null", null);
    map.put("list", Arrays.asList(1L, 2.0, "three", true, null, List.of(), Map.of()));
    map.put("", Map.of("a.b", "\" \\ %_ 😀"));
    assertThat(Value.of(map).toObject()).isEqualTo(map);
    assertThat(Value.of(Value.of(map))).isEqualTo(Value.of(map));
  }

  @Test
  void valuesAreCopiedInAndUnmodifiableOut() {
    List<Value> elements = new ArrayList<>(List.of(Value.of(1)));
    Value.ListValue list = new Value.ListValue(elements);
    elements.clear();
    assertThat(list.elements()).hasSize(1);
    Map<String, Value> entries = new HashMap<>(Map.of("a", Value.of(1)));
    Value.ObjectValue object = new Value.ObjectValue(entries);
    entries.clear();
    assertThat(object.entries()).hasSize(1);
    assertThatThrownBy(() -> object.entries().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> ((List<?>) list.toObject()).clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void anObjectIsEqualWhateverTheOrderOfItsKeys() {
    assertThat(Json.value("{\"a\": 1, \"b\": [1, 2]}"))
        .isEqualTo(Json.value("{\"b\": [1, 2], \"a\": 1}"))
        .isNotEqualTo(Json.value("{\"b\": [2, 1], \"a\": 1}"));
  }

  @Test
  void theTextIsJson() {
    Value value = Json.value("{\"a\\n\\\"\": [1, 2.5, null, true, \"x\\u0001\"], \"b\": {}}");
    assertThat(Json.value(value.toString())).isEqualTo(value);
  }

  static Object nested(int depth) {
    Object value = 1;
    for (int i = 0; i < depth; i++) {
      value = i % 2 == 0 ? List.of(value) : Map.of("k", value);
    }
    return value;
  }

  private static void refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String hint) {
    assertThatThrownBy(call)
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining(hint);
  }
}
