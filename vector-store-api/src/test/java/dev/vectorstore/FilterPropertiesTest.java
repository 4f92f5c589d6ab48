package dev.vectorstore;

import static dev.vectorstore.Filter.and;
import static dev.vectorstore.Filter.not;
import static dev.vectorstore.Filter.or;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws that hold for any filter on any payload, by seeded random ones. */
class FilterPropertiesTest {
  private static final int ROUNDS = 2000;
  private static final String[] KEYS = {"a", "b", "a.b", "é"};
  private static final @Nullable Object[] SCALARS = {
    null,
    true,
    false,
    0,
    1,
    1.0,
    -1.5,
    1L << 53,
    (1L << 53) + 1,
    0x1p53,
    Long.MAX_VALUE,
    0x1p63,
    "",
    "1",
    "red fox",
    "Fox RED",
    "2024-01-01T00:00:00Z",
    "2023-12-31T23:00:00-01:00"
  };

  private static final String[] TEXTS = {"", "1", "Fox RED", "2024-01-01T00:00:00Z", "red"};

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void deMorganHolds(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      Filter a = filter(random, 3);
      Filter b = filter(random, 3);
      Payload payload = payload(random);
      agree(not(and(a, b)), or(not(a), not(b)), payload);
      agree(not(or(a, b)), and(not(a), not(b)), payload);
      agree(not(not(a)), a, payload);
      agree(and(a, or(a, b)), a, payload);
      agree(or(and(a, b), and(a, not(b))), a, payload);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void inIsAnyOfItsEquals(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      FieldPath path = path(random);
      Value x = operand(random);
      Value y = operand(random);
      agree(path.in(x, y), or(path.eq(x), path.eq(y)), payload(random));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {6, 7})
  void aScalarIsLessEqualOrGreater(long seed) {
    Random random = new Random(seed);
    long[] bounds = {0, 1, 1L << 53, (1L << 53) + 1, Long.MAX_VALUE};
    for (int i = 0; i < ROUNDS; i++) {
      FieldPath path = path(random);
      long bound = bounds[random.nextInt(bounds.length)];
      Payload payload = payload(random);
      agree(path.gte(bound), or(path.gt(bound), path.eq(bound)), payload);
      agree(path.lte(bound), or(path.lt(bound), path.eq(bound)), payload);
      String text = TEXTS[random.nextInt(TEXTS.length)];
      agree(path.gte(text), or(path.gt(text), path.eq(text)), payload);
      agree(path.lte(text), or(path.lt(text), path.eq(text)), payload);
    }
  }

  private static void agree(Filter x, Filter y, Payload payload) {
    RecordId id = RecordId.of(1);
    assertThat(x.test(id, payload))
        .as("%s = %s on %s", x, y, payload)
        .isEqualTo(y.test(id, payload));
  }

  private static Filter filter(Random random, int depth) {
    int kind = random.nextInt(depth == 0 ? 8 : 11);
    return switch (kind) {
      case 0, 1 -> path(random).eq(operand(random));
      case 2 -> path(random).gt(1);
      case 3 -> path(random).lte(Instant.parse("2024-01-01T00:00:00Z"));
      case 4 -> random.nextBoolean() ? path(random).exists() : path(random).lt("Fox");
      case 5 -> random.nextBoolean() ? path(random).isNull() : path(random).contains("o");
      case 6 -> path(random).matchesText("red");
      case 7 -> path(random).containsJson(Value.of(value(random, 1)));
      case 8 -> and(filter(random, depth - 1), filter(random, depth - 1));
      case 9 -> or(filter(random, depth - 1), filter(random, depth - 1));
      default -> not(filter(random, depth - 1));
    };
  }

  private static FieldPath path(Random random) {
    String first = KEYS[random.nextInt(KEYS.length)];
    return random.nextInt(4) == 0
        ? FieldPath.of(first, KEYS[random.nextInt(KEYS.length)])
        : FieldPath.of(first);
  }

  private static Value operand(Random random) {
    return Value.of(SCALARS[1 + random.nextInt(SCALARS.length - 1)]);
  }

  private static Payload payload(Random random) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (String key : KEYS) {
      if (random.nextInt(3) > 0) {
        map.put(key, value(random, 2));
      }
    }
    return Payload.of(map);
  }

  private static @Nullable Object value(Random random, int depth) {
    int kind = depth == 0 ? 0 : random.nextInt(6);
    if (kind == 4) {
      List<@Nullable Object> list = new ArrayList<>();
      random.ints(random.nextInt(4)).forEach(i -> list.add(value(random, depth - 1)));
      return list;
    }
    if (kind == 5) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put(KEYS[random.nextInt(KEYS.length)], value(random, depth - 1));
      return map;
    }
    return SCALARS[random.nextInt(SCALARS.length)];
  }
}
