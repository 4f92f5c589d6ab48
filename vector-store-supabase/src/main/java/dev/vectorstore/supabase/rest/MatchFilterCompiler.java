package dev.vectorstore.supabase.rest;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.supabase.tables.Column;
import dev.vectorstore.supabase.tables.ColumnType.Kind;
import dev.vectorstore.supabase.tables.JsonPaths;
import dev.vectorstore.supabase.tables.MatchFunction;
import dev.vectorstore.supabase.tables.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Compiles a filter to calls of a search function, whose best answers are then taken together. The
 * function's arguments can say containment in the metadata, and equality of the source. "Equal to
 * the value, or a list with it" needs two calls. Every other filter is refused.
 */
final class MatchFilterCompiler implements Filter.Visitor<List<MatchFilter>> {
  static final String METADATA = "metadata";
  static final String SOURCE = "source_id";
  private static final int MOST_CALLS = 8;

  private final boolean filters;
  private final boolean sources;

  MatchFilterCompiler(Table table, MatchFunction function) {
    Column metadata = table.column(METADATA);
    Column source = table.column(SOURCE);
    filters = function.takes(MatchFunction.FILTER) && metadata != null && metadata.is(Kind.JSONB);
    sources = function.takes(MatchFunction.SOURCE_FILTER) && source != null && source.is(Kind.TEXT);
  }

  @Override
  public List<MatchFilter> and(List<Filter> members) {
    List<MatchFilter> all = List.of(MatchFilter.ALL);
    for (Filter member : members) {
      List<MatchFilter> next = new ArrayList<>();
      for (MatchFilter one : member.accept(this)) {
        all.forEach(other -> other.and(one).ifPresent(next::add));
      }
      all = bounded(next);
    }
    return all;
  }

  @Override
  public List<MatchFilter> or(List<Filter> members) {
    List<MatchFilter> any = new ArrayList<>();
    members.forEach(member -> any.addAll(member.accept(this)));
    return bounded(any);
  }

  @Override
  public List<MatchFilter> not(Filter filter) {
    throw refused("not");
  }

  @Override
  public List<MatchFilter> constant(boolean value) {
    return value ? List.of(MatchFilter.ALL) : List.of();
  }

  @Override
  public List<MatchFilter> ids(Collection<RecordId> ids) {
    throw refused("ids");
  }

  @Override
  public List<MatchFilter> eq(FieldPath path, Value value) {
    List<String> segments = path.segments();
    if (segments.equals(List.of(SOURCE)) && sources) {
      return source(value);
    }
    if (segments.get(0).equals(METADATA) && segments.size() > 1 && filters) {
      return List.of(
          metadata(segments, value), metadata(segments, new Value.ListValue(List.of(value))));
    }
    throw refused("eq on " + path);
  }

  @Override
  public List<MatchFilter> in(FieldPath path, List<Value> values) {
    List<MatchFilter> any = new ArrayList<>();
    values.forEach(value -> any.addAll(eq(path, value)));
    return bounded(any);
  }

  @Override
  public List<MatchFilter> compareNumber(
      FieldPath path, Filter.Comparison comparison, Value bound) {
    throw refused("a range on " + path);
  }

  @Override
  public List<MatchFilter> compareInstant(
      FieldPath path, Filter.Comparison comparison, Instant bound) {
    throw refused("a range on " + path);
  }

  @Override
  public List<MatchFilter> compareText(FieldPath path, Filter.Comparison comparison, String bound) {
    throw refused("a range on " + path);
  }

  @Override
  public List<MatchFilter> exists(FieldPath path) {
    throw refused("exists on " + path);
  }

  @Override
  public List<MatchFilter> isNull(FieldPath path) {
    if (path.segments().size() == 1) {
      throw refused("isNull on " + path);
    }
    return eq(path, Value.NullValue.NULL);
  }

  @Override
  public List<MatchFilter> containsJson(List<String> segments, Value contained) {
    if (segments.isEmpty()) {
      return columnsContain(contained);
    }
    boolean list = contained instanceof Value.ListValue;
    if (contained instanceof Value.ObjectValue || (list && segments.size() > 1)) {
      if (segments.get(0).equals(METADATA) && filters) {
        return List.of(metadata(segments, contained));
      }
      throw refused("containsJson on " + new FieldPath(segments));
    }
    return eq(new FieldPath(segments), contained);
  }

  @Override
  public List<MatchFilter> contains(FieldPath path, String part) {
    throw refused("a part of a text");
  }

  @Override
  public List<MatchFilter> containsText(FieldPath path, String part) {
    throw refused("a part of a text");
  }

  @Override
  public List<MatchFilter> matchesText(FieldPath path, List<String> terms) {
    throw refused("a text search");
  }

  @Override
  public List<MatchFilter> matchesPhrase(FieldPath path, List<String> terms) {
    throw refused("a phrase");
  }

  private List<MatchFilter> columnsContain(Value contained) {
    if (!(contained instanceof Value.ObjectValue object)) {
      return List.of();
    }
    List<MatchFilter> all = List.of(MatchFilter.ALL);
    for (Map.Entry<String, Value> entry : object.entries().entrySet()) {
      List<MatchFilter> next = new ArrayList<>();
      for (MatchFilter one : containsJson(List.of(entry.getKey()), entry.getValue())) {
        all.forEach(other -> other.and(one).ifPresent(next::add));
      }
      all = next;
    }
    return all;
  }

  private static List<MatchFilter> source(Value value) {
    return value instanceof Value.StringValue text
        ? List.of(MatchFilter.source(text.value()))
        : List.of();
  }

  private static MatchFilter metadata(List<String> segments, Value value) {
    return MatchFilter.metadata((Value.ObjectValue) JsonPaths.wrap(segments, value));
  }

  private static List<MatchFilter> bounded(List<MatchFilter> calls) {
    if (calls.size() > MOST_CALLS) {
      throw new UnsupportedFeature(
          "the filter needs "
              + calls.size()
              + " calls of the search function, and "
              + MOST_CALLS
              + " are the most; use fewer alternatives, or containsJson in place of eq");
    }
    return calls;
  }

  private static UnsupportedFeature refused(String what) {
    return new UnsupportedFeature(
        what
            + " can't be said to the store's search function, which filters by containment in"
            + " metadata and by source_id at most; use containsJson on metadata or eq on source_id,"
            + " or search a copy in an engine that takes every filter");
  }
}
