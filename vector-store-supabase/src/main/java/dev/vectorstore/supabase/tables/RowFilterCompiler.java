package dev.vectorstore.supabase.tables;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.supabase.tables.ColumnType.Kind;
import dev.vectorstore.support.Bounds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a filter to a condition on rows, where Postgres means exactly the same by it; every
 * other predicate is refused. Postgres compares what it stores, and a reader gets int64s, doubles
 * and the texts of other numbers: {@link JsonConditions} knows which are the same.
 */
public final class RowFilterCompiler implements Filter.Visitor<Bounds<Condition>> {
  private final TableShape shape;
  private final TextConditions texts;
  private final int spellings;

  /**
   * A compiler.
   *
   * @param spellings how many ways to write a number a condition may have
   */
  public RowFilterCompiler(TableShape shape, TextConditions texts, int spellings) {
    this.shape = shape;
    this.texts = texts;
    this.spellings = spellings;
  }

  @Override
  public Bounds<Condition> and(List<Filter> filters) {
    return Bounds.and(each(filters, filter -> filter.accept(this)), Condition.CONNECTIVES);
  }

  @Override
  public Bounds<Condition> or(List<Filter> filters) {
    return Bounds.or(each(filters, filter -> filter.accept(this)), Condition.CONNECTIVES);
  }

  @Override
  public Bounds<Condition> not(Filter filter) {
    return filter.accept(this).not(Condition.CONNECTIVES);
  }

  @Override
  public Bounds<Condition> constant(boolean value) {
    return Bounds.exactly(value ? Keyset.everything(shape.key()) : Keyset.nothing(shape.key()));
  }

  @Override
  public Bounds<Condition> ids(Collection<RecordId> ids) {
    if (!shape.key().isComparable()) {
      return Bounds.refused(
          "a filter by ids needs a primary key of numbers, UUIDs or texts; use fetch(ids)");
    }
    List<Condition> rows = new ArrayList<>();
    for (RecordId id : ids) {
      shape.key().texts(id).ifPresent(texts -> rows.add(Keyset.is(shape.key(), texts)));
    }
    return rows.isEmpty() ? constant(false) : Bounds.exactly(Condition.or(rows));
  }

  @Override
  public Bounds<Condition> eq(FieldPath path, Value value) {
    return eq(path, value, spellings);
  }

  private Bounds<Condition> eq(FieldPath path, Value value, int most) {
    Column column = column(path.segments());
    if (column == null) {
      return constant(false);
    }
    if (column.is(Kind.JSONB)) {
      return JsonConditions.equal(column, path.segments(), value, most);
    }
    return cannotHave(column, path) ? constant(false) : equal(column, path, value);
  }

  /** Whether it has no keys: what a reader gets of other types may be an object. */
  private static boolean cannotHave(Column column, FieldPath path) {
    return path.segments().size() > 1 && !column.is(Kind.OTHER);
  }

  @Override
  public Bounds<Condition> in(FieldPath path, List<Value> values) {
    int most = Math.max(1, spellings / values.size());
    return Bounds.or(each(values, value -> eq(path, value, most)), Condition.CONNECTIVES);
  }

  @Override
  public Bounds<Condition> compareNumber(
      FieldPath path, Filter.Comparison comparison, Value bound) {
    Column column = column(path.segments());
    if (column == null) {
      return constant(false);
    }
    if (!column.is(Kind.INTEGER) || !(bound instanceof Value.LongValue whole)) {
      return Advice.refused("a range", path, "use whole bounds on an integer column");
    }
    if (path.segments().size() > 1) {
      return constant(false);
    }
    String operator = operator(comparison);
    if (column.type().holds(whole.value())) {
      return compare(column, operator, whole.toString());
    }
    boolean everyNumber = whole.value() < 0 == operator.startsWith("g");
    return everyNumber ? Bounds.exactly(Condition.isNotNull(column)) : constant(false);
  }

  private static String operator(Filter.Comparison comparison) {
    return comparison.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Bounds<Condition> compareInstant(
      FieldPath path, Filter.Comparison comparison, Instant bound) {
    return Advice.refused("a range of instants", path, "read the rows and compare");
  }

  @Override
  public Bounds<Condition> compareText(FieldPath path, Filter.Comparison comparison, String bound) {
    return onText(
        path,
        "a comparison of texts",
        "read the rows and compare",
        column -> texts.order(column, operator(comparison), bound));
  }

  /**
   * A test of texts: nothing where the column can't show one, refused where what it shows may be
   * another text than Postgres has, or where the transport has no word for the test.
   */
  private Bounds<Condition> onText(
      FieldPath path, String what, String instead, Function<Column, Optional<Condition>> test) {
    Column column = column(path.segments());
    if (column == null) {
      return constant(false);
    }
    return switch (column.type().kind()) {
      case TEXT, UUID ->
          path.segments().size() > 1
              ? constant(false)
              : test.apply(column)
                  .map(said -> Bounds.exactly(Condition.notNull(column, said)))
                  .orElseGet(() -> Advice.refused(what, path, instead));
      case INTEGER, BOOLEAN -> constant(false);
      default -> Advice.refused(what, path, "read the rows and test them");
    };
  }

  @Override
  public Bounds<Condition> exists(FieldPath path) {
    Column column = column(path.segments());
    if (column == null || path.segments().size() == 1) {
      return constant(column != null); // every row has every column
    }
    return Advice.refused("exists", path, "use containsJson with a value");
  }

  @Override
  public Bounds<Condition> isNull(FieldPath path) {
    Column column = column(path.segments());
    if (column == null) {
      return constant(false);
    }
    if (path.segments().size() > 1) {
      if (column.is(Kind.JSONB)) {
        return JsonConditions.equal(column, path.segments(), Value.NullValue.NULL, spellings);
      }
      if (column.is(Kind.OTHER)) {
        return Advice.refused("isNull", path, "use a jsonb column");
      }
      return constant(false);
    }
    if (column.is(Kind.OTHER)) {
      return Advice.refused("isNull", path, "read the rows and test them");
    }
    Condition isNull = Condition.isNull(column);
    return Bounds.exactly(
        column.is(Kind.JSONB)
            ? Condition.or(List.of(isNull, Condition.compare(column, "cs", "null")))
            : isNull);
  }

  @Override
  public Bounds<Condition> containsJson(List<String> segments, Value contained) {
    if (segments.isEmpty()) {
      return columnsContain(contained);
    }
    Column column = column(segments);
    if (column == null) {
      return constant(false);
    }
    boolean container =
        contained instanceof Value.ObjectValue || contained instanceof Value.ListValue;
    if (contained instanceof Value.NullValue) {
      return isNull(new FieldPath(segments));
    }
    if (column.is(Kind.JSONB)) {
      return container
          ? JsonConditions.contains(column, segments, contained, spellings)
          : JsonConditions.equal(column, segments, contained, spellings);
    }
    FieldPath path = new FieldPath(segments);
    if (column.is(Kind.OTHER)) {
      return Advice.refused("containsJson", path, "use a jsonb column");
    }
    if (container || segments.size() > 1) {
      return constant(false);
    }
    return equal(column, path, contained);
  }

  @Override
  public Bounds<Condition> contains(FieldPath path, String part) {
    return hasPart(path, TextPart.literal(part));
  }

  @Override
  public Bounds<Condition> containsText(FieldPath path, String part) {
    return hasPart(path, TextPart.caseBlind(part));
  }

  private Bounds<Condition> hasPart(FieldPath path, TextPart part) {
    return onText(
        path, "a part of a text", "use a column of text", column -> texts.part(column, part));
  }

  @Override
  public Bounds<Condition> matchesText(FieldPath path, List<String> terms) {
    return Advice.refused("a text search", path, "read the rows and test them");
  }

  @Override
  public Bounds<Condition> matchesPhrase(FieldPath path, List<String> terms) {
    return Advice.refused("a phrase", path, "read the rows and test them");
  }

  /** The whole payload contains an object: each of its keys is a column. */
  private Bounds<Condition> columnsContain(Value contained) {
    if (!(contained instanceof Value.ObjectValue object)) {
      return constant(false);
    }
    List<Bounds<Condition>> columns = new ArrayList<>();
    for (Map.Entry<String, Value> entry : object.entries().entrySet()) {
      Column column = column(List.of(entry.getKey()));
      boolean scalar =
          !(entry.getValue() instanceof Value.ObjectValue)
              && !(entry.getValue() instanceof Value.ListValue);
      FieldPath path = FieldPath.of(entry.getKey());
      // Within an object a list doesn't contain a scalar, but as a whole jsonb column it does.
      columns.add(
          column != null && column.is(Kind.JSONB) && scalar
              ? Advice.refused("containsJson of a scalar", path, "use an object or a list")
              : containsJson(path.segments(), entry.getValue()));
    }
    return columns.isEmpty() ? constant(true) : Bounds.and(columns, Condition.CONNECTIVES);
  }

  /** A scalar column against a scalar that isn't null. */
  private Bounds<Condition> equal(Column column, FieldPath path, Value value) {
    return switch (column.type().kind()) {
      case INTEGER -> {
        Long whole = JsonPaths.whole(value);
        yield whole != null && column.type().holds(whole)
            ? compare(column, "eq", whole.toString())
            : constant(false);
      }
      case BOOLEAN ->
          value instanceof Value.BooleanValue
              ? compare(column, "eq", value.toString())
              : constant(false);
      case TEXT, UUID ->
          value instanceof Value.StringValue text && canBe(column, text.value())
              ? compare(column, "eq", text.value())
              : constant(false);
      default ->
          Advice.refused(
              "a comparison", path, "use a column of text, integer, boolean, uuid or jsonb");
    };
  }

  private static boolean canBe(Column column, String text) {
    return !column.is(Kind.UUID) || RowKey.isCanonicalUuid(text);
  }

  private @Nullable Column column(List<String> segments) {
    return shape.table().payloadColumn(segments.get(0));
  }

  private static Bounds<Condition> compare(Column column, String operator, String value) {
    return Bounds.exactly(Condition.compare(column, operator, value));
  }

  private static <T> List<Bounds<Condition>> each(
      List<T> items, Function<T, Bounds<Condition>> compiler) {
    return items.stream().map(compiler).collect(Collectors.toList());
  }
}
