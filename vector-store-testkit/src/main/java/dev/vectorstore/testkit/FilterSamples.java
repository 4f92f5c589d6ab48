package dev.vectorstore.testkit;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.Value;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of every kind, the predicates to be tried on them, and texts that want to be more. */
final class FilterSamples {
  /** A value of each kind that a predicate can meet. */
  static final List<Object> VALUES =
      Arrays.asList(
          null,
          3,
          3.0,
          4.5,
          -1,
          "3",
          "red",
          "Red Fox",
          "",
          "2024-02-29T12:00:00Z",
          "2024-02-29",
          true,
          false,
          List.of(),
          Arrays.asList((Object) null),
          List.of(1, 3, "red", true),
          List.of("2024-02-29T12:00:00Z", 7),
          List.of(List.of(3), List.of("red")),
          Map.of(),
          Map.of("y", 3),
          List.of(Map.of("y", 3)));

  /** Numbers at the edges of int64, double and both. */
  static final List<Object> NUMBERS =
      List.of(
          0,
          3,
          3.0,
          3.5,
          0.1 + 0.2,
          0.3,
          -0.1,
          1e15,
          1e22,
          1e300,
          4.9e-324,
          (1L << 53) - 1,
          1L << 53,
          (1L << 53) + 1,
          (1L << 53) + 2,
          0x1p53,
          0x1p53 + 2,
          -(1L << 53) - 1,
          Long.MAX_VALUE,
          Long.MAX_VALUE - 1,
          0x1p63,
          Long.MIN_VALUE,
          -0x1p63);

  /** Texts that are instants for us, and texts that are instants for somebody else. */
  static final List<String> INSTANTS =
      List.of(
          "2024-01-01T00:00:00Z",
          "2024-01-01t00:00:00z",
          "2024-01-01T02:00:00+02:00",
          "2023-12-31T00:01:00-23:59",
          "2024-01-01T00:00:00.000001Z",
          "2024-01-01T00:00:00.0000009Z",
          "2023-12-31T23:59:59.9999999Z",
          "0001-01-01T00:00:00Z",
          "9999-12-31T23:59:59.999999Z",
          "2024-01-01",
          "2024-01-01T00:00:00",
          "2024-01-01 00:00:00Z",
          "2024-01-01T00:00Z",
          "2024-01-01T00:00:00+0200",
          "2024-01-01T00:00:00 UTC",
          "2023-12-31T24:00:00Z",
          "2023-12-31T23:59:60Z",
          "2024-02-30T00:00:00Z",
          "0000-01-01T00:00:00Z",
          "10000-01-01T00:00:00Z",
          "2024-01-01T00:00:00+24:00",
          "1704067200");

  static final List<Instant> BOUNDS =
      List.of(
          Instant.parse("2024-01-01T00:00:00Z"),
          Instant.parse("2024-01-01T00:00:00.000000900Z"),
          Instant.parse("2024-01-01T00:00:00.000001Z"),
          Instant.parse("1970-01-01T00:00:00Z"));

  static final List<String> ODD_KEYS =
      List.of(
          "",
          " ",
          "a.b",
          "a[]",
          "a[0]",
          "[0]",
          "it's",
          "say \"x\"",
          "back\\slash",
          "50%",
          "a_b",
          "$.x",
          "->>",
          "{a}",
          "a,b",
          "a:b",
          "\ud83d\ude80",
          "\u00e9",
          "select",
          "null",
          "0",
          "*");

  static final List<String> INJECTIONS =
      List.of(
          "' or 1=1 --",
          "'; drop table x; --",
          "\" or \"\"=\"",
          "x') or ('1'='1",
          "\\' or 1=1 --",
          "$$ or $$",
          "%s %I %L %1$s",
          "{\"match\": {}}",
          "a,b",
          "f(x)",
          "*",
          "x.eq.1,y.gt.2",
          "&limit=0",
          "\u0001\n\t\r",
          "@? '$[*]'");

  private FilterSamples() {}

  /** Every kind of predicate, on one path. */
  static List<Filter> predicates(FieldPath x) {
    Instant noon = Instant.parse("2024-02-29T12:00:00Z");
    return List.of(
        x.eq(3),
        x.eq(3.0),
        x.eq(4.5),
        x.eq("3"),
        x.eq("red"),
        x.eq(""),
        x.eq(true),
        x.eq(false),
        x.in(3, "red", true),
        x.in(4.5, -1),
        x.gt(3),
        x.gte(3),
        x.lt(3.0),
        x.lte(3),
        x.gt(noon),
        x.gte(noon),
        x.lt(noon),
        x.lte(noon),
        x.gt("3"),
        x.gte("red"),
        x.lt("2024-03"),
        x.lte(""),
        x.contains("re"),
        x.containsText("re"),
        x.exists(),
        x.isNull(),
        x.containsJson(Value.of(3)),
        x.containsJson(Value.of(List.of(3))),
        x.containsJson(Value.of(Map.of("y", 3))),
        x.containsJson(Value.of(null)));
  }

  /** An object of one key; the value may be null. */
  static Map<String, @Nullable Object> nested(String key, @Nullable Object value) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put(key, value);
    return map;
  }

  /** A predicate in so many nots, all in all of this depth. */
  static Filter nots(int depth) {
    Filter filter = Filter.field("x").eq(1);
    for (int i = 1; i < depth; i++) {
      filter = Filter.not(filter);
    }
    return filter;
  }

  /** Groups in groups, of this depth, that select what isn't 1. */
  static Filter groups(int depth) {
    Filter filter = Filter.not(Filter.field("x").eq(1));
    for (int i = 2; i < depth; i++) {
      filter =
          i % 2 == 0
              ? Filter.and(filter, Filter.not(Filter.field("x").eq(100 + i)))
              : Filter.or(filter, Filter.field("x").eq(100 + i));
    }
    return filter;
  }
}
