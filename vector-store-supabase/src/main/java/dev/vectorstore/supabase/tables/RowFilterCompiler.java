package dev.vectorstore.supabase.tables;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.supabase.tables.ColumnType.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a filter to a condition on rows, where Postgres means exactly the same by it; every
 * other filter is refused. Postgres compares what it stores: a number that a record shows as text,
 * because a double would change it, is still a number here.
 */
public final class RowFilterCompiler implements Filter.Visitor<Condition> {
  public static final String COMPARISON = "a comparison of texts";
  public static final String PART = "a part of a text";

  private final TableShape shape;

  public RowFilterCompiler(TableShape shape) {
    this.shape = shape;
  }

  @Override
  public Condition and(List<Filter> filters) {
    return Condition.and(each(filters, filter -> filter.accept(this)));
  }

  @Override
  public Condition or(List<Filter> filters) {
    return Condition.or(each(filters, filter -> filter.accept(this)));
  }

  @Override
  public Condition not(Filter filter) {
    return Condition.not(filter.accept(this));
  }

  @Override
  public Condition constant(boolean value) {
    return value ? Keyset.everything(shape.key()) : Keyset.nothing(shape.key());
  }

  @Override
  public Condition ids(Collection<RecordId> ids) {
    if (!shape.key().isComparable()) {
      throw new UnsupportedFeature(
          "a filter by ids needs a primary key of numbers, UUIDs or texts; use fetch(ids)");
    }
    List<Condition> rows = new ArrayList<>();
    for (RecordId id : ids) {
      shape.key().texts(id).ifPresent(texts -> rows.add(Keyset.is(shape.key(), texts)));
    }
    return any(rows);
  }

  @Override
  public Condition eq(FieldPath path, Value value) {
    Column column = column(path.segments());
    if (column == null) {
      return constant(false);
    }
    if (column.is(Kind.JSONB)) {
      return equalInJson(column, path.segments(), value);
    }
    return path.segments().size() > 1 ? constant(false) : equal(column, path, value);
  }

  @Override
  public Condition in(FieldPath path, List<Value> values) {
    return any(each(values, value -> eq(path, value)));
  }

  @Override
  public Condition compareNumber(FieldPath path, Filter.Comparison comparison, Value bound) {
    Column column = column(path.segments());
    if (column == null) {
      return constant(false);
    }
    if (!column.is(Kind.INTEGER) || !(bound instanceof Value.LongValue whole)) {
      throw Advice.filter("a range", path, "use whole bounds on an integer column");
    }
    if (path.segments().size() > 1) {
      return constant(false);
    }
    String operator = operator(comparison);
    if (column.type().holds(whole.value())) {
      return Condition.compare(column, operator, whole.toString());
    }
    boolean everyNumber = whole.value() < 0 == operator.startsWith("g");
    return everyNumber ? Condition.isNotNull(column) : constant(false);
  }

  public static String operator(Filter.Comparison comparison) {
    return comparison.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Condition compareInstant(FieldPath path, Filter.Comparison comparison, Instant bound) {
    throw Advice.filter("a range of instants", path, "read the rows and compare");
  }

  /** PostgREST compares by the collation of the column, which is the database's mostly. */
  @Override
  public Condition compareText(FieldPath path, Filter.Comparison comparison, String bound) {
    return onText(
        path,
        COMPARISON,
        column -> {
          throw Advice.filter(COMPARISON, path, "read the rows and compare");
        });
  }

  /**
   * A test of texts: nothing where the column can't show one, refused where what it shows may be
   * another text than Postgres has.
   */
  public Condition onText(FieldPath path, String what, Function<Column, Condition> test) {
    Column column = column(path.segments());
    if (column == null) {
      return constant(false);
    }
    return switch (column.type().kind()) {
      case TEXT, UUID -> path.segments().size() > 1 ? constant(false) : test.apply(column);
      case INTEGER, BOOLEAN -> constant(false);
      default -> throw Advice.filter(what, path, "read the rows and test them");
    };
  }

  @Override
  public Condition exists(FieldPath path) {
    Column column = column(path.segments());
    if (column == null || path.segments().size() == 1) {
      return constant(column != null); // every row has every column
    }
    throw Advice.filter("exists", path, "use containsJson with a value");
  }

  @Override
  public Condition isNull(FieldPath path) {
    Column column = column(path.segments());
    if (column == null) {
      return constant(false);
    }
    if (path.segments().size() > 1) {
      if (column.is(Kind.JSONB)) {
        return equalInJson(column, path.segments(), Value.NullValue.NULL);
      }
      if (column.is(Kind.OTHER)) {
        throw Advice.filter("isNull", path, "use a jsonb column");
      }
      return constant(false);
    }
    if (column.is(Kind.OTHER)) {
      throw Advice.filter("isNull", path, "read the rows and test them");
    }
    Condition isNull = Condition.isNull(column);
    return column.is(Kind.JSONB)
        ? Condition.or(List.of(isNull, Condition.compare(column, "cs", "null")))
        : isNull;
  }

  @Override
  public Condition containsJson(List<String> segments, Value contained) {
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
          ? contains(column, JsonPaths.wrap(segments, contained))
          : equalInJson(column, segments, contained);
    }
    FieldPath path = new FieldPath(segments);
    if (column.is(Kind.OTHER)) {
      throw Advice.filter("containsJson", path, "use a jsonb column");
    }
    if (container || segments.size() > 1) {
      return constant(false);
    }
    return equal(column, path, contained);
  }

  @Override
  public Condition contains(FieldPath path, String part) {
    return matches(path, TextPart.literal(part));
  }

  @Override
  public Condition containsText(FieldPath path, String part) {
    return matches(path, TextPart.caseBlind(part));
  }

  /** Not by LIKE: PostgREST takes each * for a %, and has no word for a * that is none. */
  private Condition matches(FieldPath path, TextPart part) {
    return onText(
        path,
        PART,
        column -> {
          if (column.is(Kind.UUID)) {
            throw Advice.filter(PART, path, "use a column of text");
          }
          return Condition.compare(column, "match", part.pattern());
        });
  }

  @Override
  public Condition matchesText(FieldPath path, List<String> terms) {
    throw Advice.filter("a text search", path, "read the rows and test them");
  }

  @Override
  public Condition matchesPhrase(FieldPath path, List<String> terms) {
    throw Advice.filter("a phrase", path, "read the rows and test them");
  }

  /** The whole payload contains an object: each of its keys is a column. */
  private Condition columnsContain(Value contained) {
    if (!(contained instanceof Value.ObjectValue object)) {
      return constant(false);
    }
    List<Condition> columns = new ArrayList<>();
    for (Map.Entry<String, Value> entry : object.entries().entrySet()) {
      Column column = column(List.of(entry.getKey()));
      boolean scalar =
          !(entry.getValue() instanceof Value.ObjectValue)
              && !(entry.getValue() instanceof Value.ListValue);
      if (column != null && column.is(Kind.JSONB) && scalar) {
        // Within an object a list doesn't contain a scalar, but as a whole jsonb column it does.
        throw Advice.filter(
            "containsJson of a scalar", FieldPath.of(entry.getKey()), "use an object or a list");
      }
      columns.add(containsJson(List.of(entry.getKey()), entry.getValue()));
    }
    return columns.isEmpty() ? constant(true) : Condition.and(columns);
  }

  /** A scalar column against a scalar that isn't null. */
  private Condition equal(Column column, FieldPath path, Value value) {
    return switch (column.type().kind()) {
      case INTEGER -> {
        Long whole = JsonPaths.whole(value);
        yield whole != null && column.type().holds(whole)
            ? Condition.compare(column, "eq", whole.toString())
            : constant(false);
      }
      case BOOLEAN ->
          value instanceof Value.BooleanValue
              ? Condition.compare(column, "eq", value.toString())
              : constant(false);
      case TEXT, UUID ->
          value instanceof Value.StringValue text && canBe(column, text.value())
              ? Condition.compare(column, "eq", text.value())
              : constant(false);
      default ->
          throw Advice.filter(
              "a comparison", path, "use a column of text, integer, boolean, uuid or jsonb");
    };
  }

  private static boolean canBe(Column column, String text) {
    return !column.is(Kind.UUID) || RowKey.isCanonicalUuid(text);
  }

  /** The value at the path is the scalar, or a list with it. */
  private Condition equalInJson(Column column, List<String> segments, Value scalar) {
    if (segments.size() == 1) {
      // The same at the top of a jsonb, in Postgres too.
      return contains(column, scalar);
    }
    return Condition.or(
        List.of(
            contains(column, JsonPaths.wrap(segments, scalar)),
            contains(column, JsonPaths.wrap(segments, new Value.ListValue(List.of(scalar))))));
  }

  private static Condition contains(Column column, Value value) {
    return Condition.compare(column, "cs", JsonText.of(value));
  }

  private @Nullable Column column(List<String> segments) {
    return shape.table().payloadColumn(segments.get(0));
  }

  private Condition any(List<Condition> conditions) {
    return conditions.isEmpty() ? constant(false) : Condition.or(conditions);
  }

  private static <T> List<Condition> each(List<T> items, Function<T, Condition> compiler) {
    List<Condition> conditions = new ArrayList<>();
    items.forEach(item -> conditions.add(compiler.apply(item)));
    return conditions;
  }
}
