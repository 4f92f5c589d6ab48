package dev.vectorstore.supabase;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A table of numbers that are easily taken for others, in all types of columns, and its filters.
 */
final class NumberTable {
  /** As JSON has them; those that an integer or float column can't hold are null there. */
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0.0",
          "3",
          "3.0",
          "3." + "0".repeat(1_200),
          "-7",
          "1.50",
          "2.5",
          "2.500000000000000000000000",
          "0.1",
          "0.10000000000000001",
          "0.10000000000000002",
          "0.1000000000000000055511151231257827021181583404541015625",
          "0.100000000000000012",
          "0.30000000000000004",
          "1e15",
          "1e22",
          "1e23",
          "1e-7",
          "5.684341886080802e-14",
          "5.684341886080801e-14",
          "1e-322",
          "4.9e-324",
          "5e-324",
          "3e-324",
          "2.2250738585072014e-308",
          "1.7976931348623157e308",
          "1e400",
          "1e-400",
          "9007199254740992",
          "9007199254740993",
          "9007199254740993.0",
          "9007199254740992.5",
          "4611686018427387904",
          "4611686018427388000.0",
          "4611686018427387904.0",
          "9223372036854775807",
          "9223372036854775808",
          "9223372036854775808.0",
          "-9223372036854775808",
          "12345678901234567890",
          "12345678901234567890.0",
          "10000000000000000000000",
          "1234567890123456789012345678901234567890",
          "-12345678901234567890.12345678901234567890",
          "\"10000000000000000000000\"",
          "\"12345678901234567890\"",
          "\"0.100000000000000012\"",
          "\"0.1\"",
          "\"1.50\"",
          "\"1e22\"",
          "\"3\"",
          "\"x\"",
          "null",
          "true",
          "[]",
          "{}");

  private static final List<String> FLOATS = List.of("NaN", "Infinity", "-Infinity");

  private static final List<String> JSON_COLUMNS = List.of("m", "j", "dm");

  /** Columns of scalars and lists, each with the expression over a number's text x. */
  private static final Map<String, String> COLUMNS =
      Map.ofEntries(
          Map.entry("n numeric", "x::numeric"),
          Map.entry("dn digits", "x::numeric"),
          Map.entry("f8 float8", "as_float(x)"),
          Map.entry("df exactly", "as_float(x)"),
          Map.entry("f4 float4", "as_real(x)"),
          Map.entry("i8 int8", "as_int(x, 8)::int8"),
          Map.entry("di whole", "as_int(x, 8)::int8"),
          Map.entry("i4 int4", "as_int(x, 4)::int4"),
          Map.entry("i2 int2", "as_int(x, 2)::int2"),
          Map.entry("an numeric[]", "array[x::numeric, 7]"),
          Map.entry("af8 float8[]", "array[as_float(x), null, 7]"),
          Map.entry("mf8 float8[]", "array[[as_float(x)], [7]]"),
          Map.entry("af4 float4[]", "array[as_real(x), 7]"),
          Map.entry("ai8 int8[]", "array[as_int(x, 8)::int8, 7]"),
          Map.entry("t text", "x"),
          Map.entry("at text[]", "array[x, 'y']"));

  private static final String TYPES =
      """
      create domain digits as numeric; create domain exactly as float8; create domain whole as int8;
      create domain document as jsonb;
      create function as_float(x text) returns float8 language plpgsql as $$ begin
        return x::float8; exception when others then return null; end $$;
      create function as_real(x text) returns float4 language plpgsql as $$ begin
        return x::float4; exception when others then return null; end $$;
      create function as_int(x text, bytes int) returns numeric language sql as $$
        select case when x ~ '^-?[0-9]+$' and abs(x::numeric) < 2::numeric ^ (8 * bytes - 1)
          then x::numeric end $$;
      """;

  /** A filter, and what it is about for a report. */
  record Case(String kind, Filter filter) {}

  static int rows() {
    return NUMBERS.size() + FLOATS.size();
  }

  static String create(String name) {
    StringBuilder sql = new StringBuilder(name.equals("taken") ? TYPES : "");
    List<String> columns = COLUMNS.keySet().stream().sorted().toList();
    sql.append("create table ").append(name).append(" (id bigint primary key, v vector(3), ");
    sql.append(String.join(", ", columns));
    sql.append(", m jsonb, j json, dm document, mt jsonb, ma jsonb, jt json);\n");
    for (int i = 0; i < rows(); i++) {
      boolean json = i < NUMBERS.size();
      String text = json ? NUMBERS.get(i) : FLOATS.get(i - NUMBERS.size());
      boolean number = !json || text.matches("-?[0-9].*");
      sql.append("insert into ").append(name).append(" select ").append(i).append(", '[1,0,0]', ");
      sql.append(
          columns.stream()
              .map(
                  column ->
                      number || column.endsWith("text") || column.endsWith("text[]")
                          ? COLUMNS
                              .get(column)
                              .replace(
                                  "x", json ? "'" + text.replace("\"", "") + "'" : "'" + text + "'")
                          : "null")
              .collect(Collectors.joining(", ")));
      String document = json ? text : "\"" + text + "\"";
      String object =
          "'{\"n\": "
              + document
              + ", \"o\": {\"n\": "
              + document
              + "}, \"l\": ["
              + document
              + ", \"y\", ["
              + document
              + "]]}'";
      sql.append(", ").append(object).append(", ").append(object).append(", ").append(object);
      sql.append(", '").append(document).append("', '[").append(document).append("]', '");
      sql.append(document).append("';\n");
    }
    return sql.toString();
  }

  /** Filters on every column by the values that are in it, and by those that are in others. */
  List<Case> cases(List<VectorRecord> records) {
    List<Case> cases = new ArrayList<>();
    List<FieldPath> paths = new ArrayList<>();
    COLUMNS.keySet().forEach(column -> paths.add(FieldPath.of(column.split(" ")[0])));
    List.of("mt", "ma", "jt").forEach(column -> paths.add(FieldPath.of(column)));
    for (String column : JSON_COLUMNS) {
      paths.add(FieldPath.of(column, "n"));
      paths.add(FieldPath.of(column, "o", "n"));
      paths.add(FieldPath.of(column, "l"));
    }
    for (FieldPath path : paths) {
      Set<Value> values = new LinkedHashSet<>();
      records.forEach(
          record -> record.payload().get(path).ifPresent(value -> collect(value, values)));
      values.add(Value.of(1e22));
      values.add(Value.of(9007199254740993L));
      values.forEach(value -> add(cases, path, value));
    }
    return cases;
  }

  private static void collect(Value value, Set<Value> values) {
    if (value instanceof Value.ListValue list) {
      list.elements().forEach(element -> collect(element, values));
    } else if (value != null
        && !(value instanceof Value.ObjectValue)
        && !(value instanceof Value.NullValue)) {
      values.add(value);
    }
  }

  private static void add(List<Case> cases, FieldPath path, Value value) {
    String name = " of " + path + " with a " + value.getClass().getSimpleName();
    cases.add(new Case("eq" + name, path.eq(value)));
    cases.add(new Case("in" + name, path.in(value, "nowhere", 17)));
    cases.add(new Case("containsJson" + name, path.containsJson(value)));
    cases.add(
        new Case("containsJson of a list" + name, path.containsJson(Value.of(List.of(value)))));
    cases.add(
        new Case(
            "containsJson of a list in a list" + name,
            path.containsJson(Value.of(List.of(List.of(value))))));
    if (path.segments().size() == 2) {
      FieldPath column = FieldPath.of(path.segments().get(0));
      Value mixed = Value.of(Map.of("n", value, "l", List.of(value, "y"), "o", Map.of("n", value)));
      cases.add(new Case("containsJson of all" + name, column.containsJson(mixed)));
    }
    List<String> segments = path.segments();
    Value whole = value;
    for (int i = segments.size() - 1; i >= 0; i--) {
      whole = Value.of(Map.of(segments.get(i), whole));
    }
    cases.add(
        new Case(
            "containsJson of a payload" + name,
            Filter.containsJson(Payload.of((Value.ObjectValue) whole))));
    if (value instanceof Value.StringValue text) {
      comparisons(cases, path, name, text.value());
    } else if (!(value instanceof Value.BooleanValue)) {
      Number number = (Number) value.toObject();
      cases.add(new Case("gt" + name, path.gt(number)));
      cases.add(new Case("gte" + name, path.gte(number)));
      cases.add(new Case("lt" + name, path.lt(number)));
      cases.add(new Case("lte" + name, path.lte(number)));
      cases.add(new Case("eq of a number's text" + name, path.eq(number.toString())));
    }
  }

  private static void comparisons(List<Case> cases, FieldPath path, String name, String text) {
    cases.add(new Case("gt" + name, path.gt(text)));
    cases.add(new Case("gte" + name, path.gte(text)));
    cases.add(new Case("lt" + name, path.lt(text)));
    cases.add(new Case("lte" + name, path.lte(text)));
    if (!text.isEmpty()) {
      String part =
          text.substring(text.length() / 3, Math.min(text.length(), text.length() / 3 + 9));
      cases.add(new Case("contains" + name, path.contains(part)));
      cases.add(new Case("containsText" + name, path.containsText(text)));
    }
  }
}
