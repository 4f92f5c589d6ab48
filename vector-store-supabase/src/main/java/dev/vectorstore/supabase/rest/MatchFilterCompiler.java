package dev.vectorstore.supabase.rest;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.supabase.tables.Column;
import dev.vectorstore.supabase.tables.ColumnType.Kind;
import dev.vectorstore.supabase.tables.JsonPaths;
import dev.vectorstore.supabase.tables.MatchFunction;
import dev.vectorstore.supabase.tables.Spellings;
import dev.vectorstore.supabase.tables.Table;
import dev.vectorstore.support.Bounds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compiles a filter to calls of a search function, whose best answers are then taken together. The
 * function's arguments can say containment in the metadata, and equality of the source. "Equal to
 * the value, or a list with it" needs two calls. Every other filter is refused.
 */
final class MatchFilterCompiler implements Filter.Visitor<Bounds<List<MatchFilter>>> {
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
  public Bounds<List<MatchFilter>> and(List<Filter> members) {
    return all(members.stream().map(member -> member.accept(this)));
  }

  @Override
  public Bounds<List<MatchFilter>> or(List<Filter> members) {
    return any(members.stream().map(member -> member.accept(this)));
  }

  @Override
  public Bounds<List<MatchFilter>> not(Filter filter) {
    return refused("not");
  }

  @Override
  public Bounds<List<MatchFilter>> constant(boolean value) {
    return value ? calls(MatchFilter.ALL) : calls();
  }

  @Override
  public Bounds<List<MatchFilter>> ids(Collection<RecordId> ids) {
    return refused("ids");
  }

  @Override
  public Bounds<List<MatchFilter>> eq(FieldPath path, Value value) {
    List<String> segments = path.segments();
    if (segments.equals(List.of(SOURCE)) && sources) {
      return value instanceof Value.StringValue text
          ? calls(MatchFilter.source(text.value()))
          : calls();
    }
    if (segments.get(0).equals(METADATA) && segments.size() > 1 && filters) {
      return metadata(segments, List.of(value, new Value.ListValue(List.of(value))));
    }
    return refused("eq on " + path);
  }

  @Override
  public Bounds<List<MatchFilter>> in(FieldPath path, List<Value> values) {
    return any(values.stream().map(value -> eq(path, value)));
  }

  @Override
  public Bounds<List<MatchFilter>> compareNumber(
      FieldPath path, Filter.Comparison comparison, Value bound) {
    return refused("a range on " + path);
  }

  @Override
  public Bounds<List<MatchFilter>> compareInstant(
      FieldPath path, Filter.Comparison comparison, Instant bound) {
    return refused("a range on " + path);
  }

  @Override
  public Bounds<List<MatchFilter>> compareText(
      FieldPath path, Filter.Comparison comparison, String bound) {
    return refused("a range on " + path);
  }

  @Override
  public Bounds<List<MatchFilter>> exists(FieldPath path) {
    return refused("exists on " + path);
  }

  @Override
  public Bounds<List<MatchFilter>> isNull(FieldPath path) {
    if (path.segments().size() == 1) {
      return refused("isNull on " + path);
    }
    return eq(path, Value.NullValue.NULL);
  }

  @Override
  public Bounds<List<MatchFilter>> containsJson(List<String> segments, Value contained) {
    if (segments.isEmpty()) {
      return columnsContain(contained);
    }
    boolean list = contained instanceof Value.ListValue;
    if (contained instanceof Value.ObjectValue || (list && segments.size() > 1)) {
      return segments.get(0).equals(METADATA) && filters
          ? metadata(segments, List.of(contained))
          : refused("containsJson on " + new FieldPath(segments));
    }
    return eq(new FieldPath(segments), contained);
  }

  @Override
  public Bounds<List<MatchFilter>> contains(FieldPath path, String part) {
    return refused("a part of a text");
  }

  @Override
  public Bounds<List<MatchFilter>> containsText(FieldPath path, String part) {
    return refused("a part of a text");
  }

  @Override
  public Bounds<List<MatchFilter>> matchesText(FieldPath path, List<String> terms) {
    return refused("a text search");
  }

  @Override
  public Bounds<List<MatchFilter>> matchesPhrase(FieldPath path, List<String> terms) {
    return refused("a phrase");
  }

  private Bounds<List<MatchFilter>> columnsContain(Value contained) {
    if (!(contained instanceof Value.ObjectValue object)) {
      return calls();
    }
    return all(
        object.entries().entrySet().stream()
            .map(entry -> containsJson(List.of(entry.getKey()), entry.getValue())));
  }

  /** Any of several values, unless a number of them has other texts, or a text that of a number. */
  private static Bounds<List<MatchFilter>> metadata(List<String> segments, List<Value> values) {
    List<MatchFilter> calls = new ArrayList<>();
    for (Value value : values) {
      if (!Spellings.of(value, 1).exact()) {
        return refused("a number that JSON writes in more ways than one, or its text,");
      }
      calls.add(MatchFilter.metadata((Value.ObjectValue) JsonPaths.wrap(segments, value)));
    }
    return bounded(calls);
  }

  private static Bounds<List<MatchFilter>> all(Stream<Bounds<List<MatchFilter>>> members) {
    return members.reduce(calls(MatchFilter.ALL), MatchFilterCompiler::both);
  }

  private static Bounds<List<MatchFilter>> both(
      Bounds<List<MatchFilter>> first, Bounds<List<MatchFilter>> second) {
    if (!first.exact() || !second.exact()) {
      return first.exact() ? second : first;
    }
    List<MatchFilter> both = new ArrayList<>();
    for (MatchFilter one : second.requireExact()) {
      first.requireExact().forEach(other -> other.and(one).ifPresent(both::add));
    }
    return bounded(both);
  }

  private static Bounds<List<MatchFilter>> any(Stream<Bounds<List<MatchFilter>>> members) {
    List<MatchFilter> any = new ArrayList<>();
    for (Bounds<List<MatchFilter>> member : members.toList()) {
      if (!member.exact()) {
        return member;
      }
      any.addAll(member.requireExact());
    }
    return bounded(any);
  }

  private static Bounds<List<MatchFilter>> bounded(List<MatchFilter> calls) {
    if (calls.size() > MOST_CALLS) {
      return Bounds.refused(
          "the filter needs "
              + calls.size()
              + " calls of the search function, and "
              + MOST_CALLS
              + " are the most; use fewer alternatives, or containsJson in place of eq");
    }
    return Bounds.exactly(calls);
  }

  private static Bounds<List<MatchFilter>> calls(MatchFilter... calls) {
    return Bounds.exactly(List.of(calls));
  }

  private static Bounds<List<MatchFilter>> refused(String what) {
    return Bounds.refused(
        what
            + " can't be said to the store's search function, which filters by containment in"
            + " metadata and by source_id at most; use containsJson on metadata or eq on source_id,"
            + " or search a copy in an engine that takes every filter");
  }
}
