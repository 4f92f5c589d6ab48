package dev.vectorstore.embedded;

import dev.vectorstore.Embedding;
import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/** Payloads and filters from so small a vocabulary that they meet, with the traps in it. */
final class RandomData {
  static final FieldPath TEXT = FieldPath.of("text");
  static final FieldPath DEEP_TEXT = FieldPath.of("m", "text");

  private static final List<String> KEYS = List.of("a", "m", "text", "", "a.b", "\u0001x");
  private static final String LONG_KEY = "k".repeat(700);
  private static final List<String> STRINGS =
      List.of(
          "x",
          "X y",
          "",
          "red Green",
          "green red blue",
          "a_b%c\\\"'",
          "2024-05-01T10:00:00Z",
          "2024-05-01T12:00:00+02:00",
          "2024-13-01T10:00:00Z",
          "\uD83D\uDE00 red-green",
          "é straße İ",
          "\ufb01 red",
          "long ".repeat(60),
          "long ".repeat(60) + "red");
  private static final List<Value> NUMBERS =
      List.of(
          Value.of(3),
          Value.of(3.0),
          Value.of(-1),
          Value.of(0.5),
          Value.of(9007199254740993L),
          Value.of(9007199254740992.0),
          Value.of(9007199254740994L),
          Value.of(Long.MAX_VALUE),
          Value.of(Long.MAX_VALUE - 1),
          Value.of(Long.MIN_VALUE),
          Value.of(0x1p63),
          Value.of(1e300),
          Value.of(Double.MIN_VALUE),
          Value.of(0));

  private final Random random;

  RandomData(long seed) {
    random = new Random(seed);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private String key() {
    return random.nextInt(20) == 0 ? LONG_KEY : any(KEYS);
  }

  RecordId id(int number) {
    return switch (number % 3) {
      case 0 -> RecordId.of(number);
      case 1 -> RecordId.of(new UUID(random.nextLong(), number));
      default -> RecordId.of("id \uD83D\uDE00\uFFFD" + number);
    };
  }

  Embedding vector(int dimension) {
    float[] components = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      components[i] = (float) random.nextGaussian();
    }
    return Embedding.of(components);
  }

  List<VectorRecord> records(int count, int dimension) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RecordId id = id(i);
      Payload payload = Payload.of(object(3));
      records.add(
          random.nextInt(5) == 0
              ? VectorRecord.of(id, payload)
              : VectorRecord.of(id, vector(dimension), payload));
    }
    return records;
  }

  Value.ObjectValue object(int depth) {
    Map<String, Value> entries = new LinkedHashMap<>();
    int size = random.nextInt(5);
    for (int i = 0; i < size; i++) {
      entries.put(key(), value(depth - 1));
    }
    return new Value.ObjectValue(entries);
  }

  private Value value(int depth) {
    int kind = random.nextInt(depth > 0 ? 10 : 7);
    return switch (kind) {
      case 7, 8 -> list(depth);
      case 9 -> object(depth);
      default -> scalar();
    };
  }

  private Value list(int depth) {
    List<Value> elements = new ArrayList<>();
    int size = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      elements.add(value(depth - 1));
    }
    return new Value.ListValue(elements);
  }

  private Value scalar() {
    return random.nextInt(8) == 0 ? Value.NullValue.NULL : comparable();
  }

  private Value comparable() {
    return switch (random.nextInt(5)) {
      case 0 -> new Value.BooleanValue(random.nextBoolean());
      case 1, 2 -> any(NUMBERS);
      default -> new Value.StringValue(any(STRINGS));
    };
  }

  private FieldPath path() {
    return new FieldPath(random.nextInt(3) == 0 ? List.of(key(), key()) : List.of(key()));
  }

  Filter filter(int depth, List<VectorRecord> records) {
    if (depth == 0 || random.nextInt(3) == 0) {
      return predicate(records);
    }
    List<Filter> parts = new ArrayList<>();
    int size = 1 + random.nextInt(3);
    for (int i = 0; i < size; i++) {
      parts.add(filter(depth - 1, records));
    }
    return switch (random.nextInt(3)) {
      case 0 -> Filter.and(parts);
      case 1 -> Filter.or(parts);
      default -> Filter.not(parts.get(0));
    };
  }

  private Filter predicate(List<VectorRecord> records) {
    FieldPath path = path();
    return switch (random.nextInt(15)) {
      case 0 -> path.eq(comparable());
      case 1 -> path.in(List.of(comparable(), comparable(), comparable()));
      case 2 -> compare(path, any(NUMBERS).toObject() instanceof Number n ? n : 0);
      case 3 -> compare(path, any(INSTANTS));
      case 4 -> path.exists();
      case 5 -> path.isNull();
      case 6 -> path.containsJson(value(2));
      case 7 -> Filter.containsJson(Payload.of(object(3)));
      case 8 -> path.containsText(any(List.of("re", "LONG", "É", "%", "ss", " ")));
      case 9 -> text().matchesText(any(List.of("red", "green red", "RED blue", "é", "long")));
      case 10 -> text().matchesPhrase(any(List.of("red", "red green", "green-red", "long long")));
      case 11 -> path.contains(any(List.of("re", "long", "\u00c9", "%", "ss", " ")));
      case 12, 13 -> compare(path, any(BOUNDS));
      default -> Filter.ids(List.of(any(records).id(), any(records).id(), RecordId.of("none")));
    };
  }

  private static final List<Instant> INSTANTS =
      List.of(
          Instant.parse("2024-05-01T10:00:00Z"),
          Instant.parse("2024-05-01T10:00:00.000001Z"),
          Instant.parse("1999-01-01T00:00:00Z"),
          Instant.MIN.plusSeconds(1),
          Instant.MAX);

  /** Stored texts and texts beside them, some of which begin as a long one does. */
  private static final List<String> BOUNDS =
      Stream.concat(
              STRINGS.stream(),
              Stream.of("long", "long ".repeat(13), "long ".repeat(60) + "a", "\uffff", "z"))
          .toList();

  private FieldPath text() {
    return random.nextBoolean() ? TEXT : DEEP_TEXT;
  }

  private Filter compare(FieldPath path, Number bound) {
    return switch (random.nextInt(4)) {
      case 0 -> path.gt(bound);
      case 1 -> path.gte(bound);
      case 2 -> path.lt(bound);
      default -> path.lte(bound);
    };
  }

  private Filter compare(FieldPath path, String bound) {
    return switch (random.nextInt(4)) {
      case 0 -> path.gt(bound);
      case 1 -> path.gte(bound);
      case 2 -> path.lt(bound);
      default -> path.lte(bound);
    };
  }

  private Filter compare(FieldPath path, Instant bound) {
    return switch (random.nextInt(4)) {
      case 0 -> path.gt(bound);
      case 1 -> path.gte(bound);
      case 2 -> path.lt(bound);
      default -> path.lte(bound);
    };
  }
}
