package dev.vectorstore.testkit;

import dev.vectorstore.Embedding;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Random records over few keys and few values, so that random filters ({@link RandomFilters}) meet
 * them: numbers at the edges of int64 and double, instants and texts that look like them, nested
 * and empty lists and objects, odd keys, nulls. For an engine's own property tests. A seed gives
 * the same records at each run. Not safe for threads.
 */
public final class RandomPayloads {
  static final List<List<String>> PATHS =
      List.of(
          List.of("keyword"),
          List.of("number"),
          List.of("flag"),
          List.of("instant"),
          List.of("text"),
          List.of("content"),
          List.of("any"),
          List.of("a.b"),
          List.of("it's \"q\" \\"),
          List.of(""),
          List.of("any", "any"),
          List.of("any", "a.b"),
          List.of("metadata", "number"));

  static final List<Object> NUMBERS =
      List.of(
          0L,
          1L,
          -1L,
          3L,
          3.0,
          3.5,
          0.1 + 0.2,
          1e15,
          1e22,
          -1e300,
          4.9e-324,
          1L << 53,
          (1L << 53) + 1,
          0x1p53,
          0x1p53 + 2,
          Long.MAX_VALUE,
          0x1p63,
          Long.MIN_VALUE);

  static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "A",
          "red fox",
          "Red, FOX!",
          "fox red",
          "the red lazy fox",
          "x\u00b2y",
          "stra\u00dfe",
          "3",
          "true",
          "null",
          "' or 1=1 --",
          "100%_\\",
          "\ud83d\ude80 red",
          "\u5411\u91cf fox",
          "\ufb01x RED");

  static final List<String> INSTANTS =
      List.of(
          "2024-01-01T00:00:00Z",
          "2024-01-01T01:00:00+01:00",
          "2024-01-01T00:00:00.0000009Z",
          "2023-12-31T23:59:59.999999Z",
          "2024-02-30T00:00:00Z",
          "2024-01-01T24:00:00Z",
          "2024-01-01",
          "2024-01-01 00:00:00Z");

  private final Random random;

  /**
   * Payloads that follow from a seed.
   *
   * @param random seeded by the test, which prints the seed when it fails
   */
  public RandomPayloads(Random random) {
    this.random = random;
  }

  /** A payload of up to nine keys. */
  public Payload payload() {
    Payload.Builder payload = Payload.builder();
    int keys = random.nextInt(10);
    for (int i = 0; i < keys; i++) {
      String key = pick(PATHS).get(0);
      payload.put(key, value(key.equals("any") || key.equals("metadata") ? 3 : 1));
    }
    return payload.build();
  }

  /** An id of any kind, out of forty. */
  public RecordId id() {
    int number = random.nextInt(40);
    return switch (number % 4) {
      case 0 -> RecordId.of(new UUID(number, number));
      case 1 -> RecordId.of("text/" + number);
      default -> RecordId.of(number);
    };
  }

  /** A record with one of a few vectors, one in eight without. */
  public VectorRecord record(int dimension) {
    return random.nextInt(8) == 0
        ? VectorRecord.of(id(), payload())
        : VectorRecord.of(id(), vector(dimension), payload());
  }

  /** A vector of small whole numbers that isn't zero. */
  public Embedding vector(int dimension) {
    float[] components = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      components[i] = random.nextInt(7) - 3;
    }
    components[random.nextInt(dimension)] = 4;
    return Embedding.of(components);
  }

  /** A number, a text or a truth value. */
  Value scalar() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> Value.of(pick(NUMBERS));
      case 3 -> Value.of(random.nextBoolean());
      case 4 -> Value.of(pick(INSTANTS));
      default -> Value.of(pick(TEXTS));
    };
  }

  /** Any value, nested up to a depth. */
  Value value(int depth) {
    int kind = random.nextInt(12);
    if (kind == 0) {
      return Value.of(null);
    }
    if (depth > 0 && kind < 4) {
      return list(depth);
    }
    return depth > 0 && kind < 6 ? object(depth) : scalar();
  }

  private Value list(int depth) {
    List<@Nullable Object> elements = new ArrayList<>();
    int size = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      elements.add(value(depth - 1));
    }
    return Value.of(elements);
  }

  private Value object(int depth) {
    Map<String, Object> entries = new LinkedHashMap<>();
    int size = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      List<String> path = pick(PATHS);
      entries.put(path.get(path.size() - 1), value(depth - 1));
    }
    return Value.of(entries);
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
