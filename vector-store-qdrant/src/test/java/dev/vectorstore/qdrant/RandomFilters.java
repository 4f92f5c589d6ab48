package dev.vectorstore.qdrant;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Payloads and filters of one small world, so that they often meet. */
final class RandomFilters {
  static final List<FieldPath> TEXTS = List.of(FieldPath.of("text"), FieldPath.of("meta", "body"));

  private static final List<FieldPath> PATHS =
      List.of(
          FieldPath.of("num"),
          FieldPath.of("key"),
          FieldPath.of("flag"),
          FieldPath.of("at"),
          FieldPath.of("any"),
          FieldPath.of("meta", "num"),
          FieldPath.of("meta", "key"),
          FieldPath.of("odd\"key"),
          FieldPath.of("dot.ted"),
          FieldPath.of("back\\slash"),
          new FieldPath(List.of("")),
          FieldPath.of("br[0]", "é"));
  private static final String[] WORDS = {"alpha", "beta", "x²y", "Straße", "ΣΑΣ", "42", "gamma"};
  private static final long BIG = 1L << 53;

  private final Random random;

  RandomFilters(long seed) {
    random = new Random(seed);
  }

  Payload payload() {
    Map<String, Value> root = new LinkedHashMap<>();
    Map<String, Value> meta = new LinkedHashMap<>();
    Map<String, Value> brackets = new LinkedHashMap<>();
    for (FieldPath path : PATHS) {
      if (random.nextInt(4) > 0) {
        List<String> segments = path.segments();
        Map<String, Value> at =
            segments.size() == 1 ? root : segments.get(0).equals("meta") ? meta : brackets;
        at.put(segments.get(segments.size() - 1), value(2));
      }
    }
    if (random.nextInt(4) > 0) {
      root.put("text", texts());
    }
    if (random.nextInt(2) > 0) {
      meta.put("body", texts());
    }
    if (random.nextInt(5) > 0) {
      root.put("meta", new Value.ObjectValue(meta));
    }
    root.put("br[0]", new Value.ObjectValue(brackets));
    return Payload.of(new Value.ObjectValue(root));
  }

  private Value texts() {
    if (random.nextBoolean()) {
      return text();
    }
    List<Value> elements = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      elements.add(random.nextInt(6) == 0 ? scalar() : text());
    }
    return new Value.ListValue(elements);
  }

  private Value text() {
    return new Value.StringValue(words(1 + random.nextInt(6)));
  }

  private String words(int count) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < count; i++) {
      words.append(WORDS[random.nextInt(WORDS.length)]).append(i % 2 == 0 ? " " : ", ");
    }
    return words.toString();
  }

  private Value value(int depth) {
    int kind = random.nextInt(depth == 0 ? 6 : 10);
    if (kind < 6) {
      return scalar();
    }
    if (kind < 9) {
      List<Value> elements = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        elements.add(value(depth - 1));
      }
      return new Value.ListValue(elements);
    }
    return new Value.ObjectValue(random.nextBoolean() ? Map.of() : Map.of("k", value(depth - 1)));
  }

  private Value scalar() {
    return switch (random.nextInt(12)) {
      case 0 -> Value.NullValue.NULL;
      case 1 -> Value.of(random.nextBoolean());
      case 2, 3 -> Value.of(random.nextBoolean() ? "a" : "b");
      case 4, 5 -> new Value.StringValue(instant());
      default -> number();
    };
  }

  private Value number() {
    return switch (random.nextInt(9)) {
      case 0, 1, 2 -> Value.of(random.nextInt(7) - 3);
      case 3 -> Value.of((double) (random.nextInt(7) - 3));
      case 4 -> Value.of(random.nextInt(13) / 4.0 - 1.5);
      case 5 -> Value.of(BIG + random.nextInt(5) - 2);
      case 6 -> Value.of((double) (BIG + 2L * random.nextInt(3)));
      case 7 -> Value.of(near(random.nextInt(3)));
      default ->
          Value.of(
              random.nextBoolean()
                  ? Long.MAX_VALUE - random.nextInt(2)
                  : Long.MIN_VALUE + random.nextInt(2));
    };
  }

  /** A double beside another, of which storage changes some. */
  private double near(int place) {
    double[] places = {0.1 + 0.2, 1e22 / 3, 0.9999999999999997};
    double near = places[place];
    for (int i = random.nextInt(4); i > 0; i--) {
      near = Math.nextUp(near);
    }
    return near;
  }

  private String instant() {
    String[] forms = {
      "2024-02-29T12:00:00Z",
      "2024-02-29t12:00:00.000000900z",
      "2024-02-29T12:00:00.000001Z",
      "2024-02-29T13:00:00+01:00",
      "2024-02-29T12:00:00.0000019999999999Z",
      "0001-01-01T00:00:00-23:59",
      "9999-12-31T23:59:59.999999999+23:59",
      "2024-02-29",
      "2024-02-29 12:00:00Z",
      "2024-02-29T12:00:60Z"
    };
    return forms[random.nextInt(forms.length)];
  }

  Filter filter(int depth) {
    int kind = depth == 0 ? 9 : random.nextInt(14);
    return switch (kind) {
      case 0, 1 -> Filter.not(filter(depth - 1));
      case 2, 3 -> Filter.and(filter(depth - 1), filter(depth - 1));
      case 4, 5 -> Filter.or(filter(depth - 1), filter(depth - 1));
      default -> predicate();
    };
  }

  private Filter predicate() {
    FieldPath path = PATHS.get(random.nextInt(PATHS.size()));
    FieldPath text = TEXTS.get(random.nextInt(TEXTS.size()));
    return switch (random.nextInt(16)) {
      case 0, 1 -> path.eq(plain());
      case 2 -> path.in(List.of(plain(), plain(), plain()));
      case 3, 4, 5 -> compare(path, (Number) number().toObject());
      case 6 -> path.gte(Instant.parse("2024-02-29T12:00:00.000001Z"));
      case 7 -> path.lt(random.nextBoolean() ? Instant.MAX : Instant.parse("2024-02-29T12:00:00Z"));
      case 8 -> random.nextBoolean() ? path.exists() : path.isNull();
      case 9 -> path.containsJson(value(2));
      case 10 -> text.matchesText(words(1 + random.nextInt(2)));
      case 11 -> text.matchesPhrase(words(1 + random.nextInt(3)));
      case 12 -> compare(random.nextBoolean() ? path : text, words(1));
      case 13 -> (random.nextBoolean() ? path : text).contains(part());
      case 14 -> (random.nextBoolean() ? path : text).containsText(part());
      default -> Filter.ids(List.of(id(random.nextInt(500)), id(random.nextInt(500))));
    };
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

  private String part() {
    String word = WORDS[random.nextInt(WORDS.length)];
    return random.nextBoolean() ? word.substring(1) : word + " ";
  }

  private Value plain() {
    Value value = scalar();
    return value instanceof Value.NullValue ? Value.of("a") : value;
  }

  static RecordId id(int number) {
    return switch (number % 3) {
      case 0 -> RecordId.of(number);
      case 1 -> RecordId.derived("r", String.valueOf(number));
      default -> RecordId.of("text " + number);
    };
  }
}
