package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.FieldType;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Payloads come back equal: section Records of docs/CONTRACT.md. */
public interface PayloadsContract extends EngineContract {
  @Test
  @Rule("R-07")
  default void valuesOfAllKindsComeBackEqual() {
    try (Workspace space = Workspace.of(this)) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      values.put("string", "text");
      values.put("empty string", "");
      values.put("true", true);
      values.put("false", false);
      values.put("null", null);
      values.put("empty list", List.of());
      values.put("empty object", Map.of());
      values.put("list", Arrays.asList(1, 1.0, "1", true, null, List.of(), Map.of()));
      values.put("lists", List.of(List.of(1, List.of(2)), List.of(), List.of(List.of())));
      values.put("object", Map.of("a", Map.of("b", Arrays.asList(null, Map.of("c", 1)))));
      values.put("nulls", Collections.singletonMap("n", null));
      values.put("long text", "0123456789 äöü \uD83D\uDE80 ".repeat(3000));
      RoundTrip.assertEqual(space.create(), List.of(Payload.of(values), Payload.empty()));
    }
  }

  @Test
  @Rule("R-07")
  default void missingDiffersFromNull() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(Samples.record(1, "a", null), Samples.record(2, Payload.empty()));
      assertThat(collection.fetch(RecordId.of(1)).orElseThrow().payload().keys())
          .containsExactly("a");
      assertThat(collection.fetch(RecordId.of(2)).orElseThrow().payload().isEmpty()).isTrue();
    }
  }

  @Test
  @Rule("R-08")
  default void integersComeBackExactly() {
    try (Workspace space = Workspace.of(this)) {
      List<Long> integers = new ArrayList<>(List.of(0L, 1L, -1L, Long.MAX_VALUE, Long.MIN_VALUE));
      for (int bits : new int[] {31, 32, 52, 53, 54, 62}) {
        for (long offset = -1; offset <= 1; offset++) {
          integers.add((1L << bits) + offset);
          integers.add(-(1L << bits) + offset);
        }
      }
      new Random(8).longs(500).forEach(integers::add);
      RoundTrip.assertEqual(space.create(), numbers(integers));
    }
  }

  @Test
  @Rule("R-09")
  default void integersAndDoublesStayWhatTheyAre() {
    try (Workspace space = Workspace.of(this)) {
      List<Number> numbers =
          List.of(
              3,
              3.0,
              0,
              0.0,
              -3,
              -3.0,
              1e15,
              1e16,
              1e22,
              Double.parseDouble("1e23"),
              1e300,
              0x1p53,
              0x1p62,
              0x1p63,
              -0x1p63,
              1L << 53,
              1L << 62,
              100,
              100.0,
              1e2);
      VectorCollection collection = space.create();
      RoundTrip.assertEqual(collection, numbers(numbers));
      collection.upsert(Samples.record(1, "number", -0.0));
      assertThat(collection.fetch(RecordId.of(1)).orElseThrow().payload().toMap().get("number"))
          .as("-0.0 becomes 0.0")
          .isEqualTo(0.0);
    }
  }

  @Test
  @Rule("R-09")
  default void doublesComeBackToTheLastBit() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      List<Payload> payloads = lists(doubles());
      RoundTrip.assertEqual(collection, payloads);
      List<VectorRecord> read = Samples.all(collection);
      collection.upsert(read);
      assertThat(Samples.payloads(Samples.all(collection)))
          .as("written back as they were read, doubles don't drift")
          .isEqualTo(Samples.payloads(read));
    }
  }

  @Test
  @Rule("R-10")
  default void anyKeyAndTextComesBack() {
    try (Workspace space = Workspace.of(this)) {
      List<Payload> payloads = new ArrayList<>();
      Map<String, Object> together = new LinkedHashMap<>();
      for (String text : OddTexts.texts()) {
        payloads.add(Samples.payload(text, text, "nested", Map.of(text, Map.of(text, text))));
        together.put(text, List.of(text, text + "x"));
      }
      payloads.add(Payload.of(together));
      payloads.add(Samples.payload("k".repeat(60_000), 1));
      RoundTrip.assertEqual(space.create(), payloads);
    }
  }

  @Test
  @Rule("R-10")
  default void aDeclaredFieldTakesValuesOfAnyType() {
    try (Workspace space = Workspace.of(this)) {
      List<@Nullable Object> values =
          Arrays.asList(
              "text", "", 1, 1.5, true, null, List.of(), List.of("a", 1), Map.of("a", 1), "x", 1L);
      VectorCollection collection = space.create();
      List<Payload> payloads = new ArrayList<>();
      for (FieldType type : FieldType.values()) {
        String field = type == FieldType.BOOLEAN ? "flag" : type.name().toLowerCase(Locale.ROOT);
        values.forEach(value -> payloads.add(Samples.payload(field, value)));
      }
      payloads.add(Samples.payload("keyword", "long".repeat(20_000)));
      payloads.add(Samples.payload("content", "long words".repeat(8_000)));
      RoundTrip.assertEqual(collection, payloads);
    }
  }

  @Test
  @Rule("R-11")
  default void payloadsNestTo24AndNoDeeper() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      // The payload is one level itself, its "deep" holds the rest.
      List<Payload> deepest =
          List.of(
              Samples.payload("deep", nested(23, true, false)),
              Samples.payload("deep", nested(23, false, true)),
              Samples.payload("deep", nested(23, true, true)));
      RoundTrip.assertEqual(collection, deepest);
      Expect.invalid(
          "a payload of depth 25",
          () -> collection.upsert(Samples.record(100, "deep", nested(24, true, true))));
      collection.patchPayload(Samples.ids(0), deepest.get(2), List.of());
      assertThat(collection.fetch(RecordId.of(0)).orElseThrow().payload())
          .as("patched to the full depth")
          .isEqualTo(deepest.get(2));
      Expect.invalid(
          "a patch to depth 25",
          () ->
              collection.patchPayload(
                  Samples.ids(0), Samples.payload("deep", nested(24, false, false)), List.of()));
      assertThat(collection.count()).isEqualTo(3);
    }
  }

  private static Object nested(int depth, boolean objects, boolean lists) {
    Object value = "core";
    for (int i = 0; i < depth; i++) {
      boolean object = objects && (!lists || i % 2 == 0);
      value = object ? Map.of("k", value) : List.of(value);
    }
    return value;
  }

  @Test
  @Rule("R-12")
  default void whatNoEngineCanHoldIsRefused() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      List<Object> bad =
          List.of(
              Double.NaN,
              Double.POSITIVE_INFINITY,
              Float.NEGATIVE_INFINITY,
              "a\u0000b",
              "\uD83D",
              "\uDE80\uD83D",
              BigInteger.ONE.shiftLeft(63),
              BigInteger.ONE.shiftLeft(63).negate().subtract(BigInteger.ONE),
              new BigDecimal("0.12345678901234567890123"),
              new BigDecimal("1e400"),
              List.of(1, Map.of("a", Double.NaN)),
              Map.of("a\u0000", 1),
              Map.of("\uDC00", 1));
      for (Object value : bad) {
        Expect.invalid(
            "a value that would be changed",
            () -> collection.upsert(Samples.record(1), Samples.record(2, "v", value)));
      }
      Expect.invalid("a key", () -> collection.upsert(Samples.record(1, "\u0000", 1)));
      assertThat(collection.count()).as("nothing of such a call is written").isZero();
    }
  }

  private static List<Payload> numbers(List<? extends Number> numbers) {
    List<Payload> payloads = new ArrayList<>();
    numbers.forEach(
        number -> payloads.add(Samples.payload("number", number, "list", List.of(number))));
    return payloads;
  }

  /** Some in lists and objects, twenty a payload. */
  private static List<Payload> lists(List<Number> numbers) {
    List<Payload> payloads = new ArrayList<>();
    for (int from = 0; from < numbers.size(); from += 20) {
      List<Number> part = numbers.subList(from, Math.min(numbers.size(), from + 20));
      payloads.add(
          Samples.payload(
              "number", part.get(0), "nested", Map.of("a.b", List.of(part, Map.of("x", part)))));
    }
    return payloads;
  }

  /** The ends of the range and of precision, then many of any size. */
  private static List<Number> doubles() {
    Random random = new Random(9);
    List<Number> doubles =
        new ArrayList<>(
            List.of(
                Double.MIN_VALUE,
                Double.MIN_NORMAL,
                Math.nextDown(Double.MIN_NORMAL),
                Double.MAX_VALUE,
                -Double.MAX_VALUE,
                0.1,
                0.1 + 0.2,
                1.0 / 3,
                2e-3,
                Math.nextUp(1.0),
                Math.nextDown(1.0),
                Math.PI));
    while (doubles.size() < 2000) {
      doubles.add(random.nextDouble());
      doubles.add(random.nextGaussian() * 1000);
      doubles.add((double) random.nextFloat());
    }
    while (doubles.size() < 4000) {
      double any = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(any)) {
        doubles.add(any);
      }
    }
    return doubles;
  }
}
