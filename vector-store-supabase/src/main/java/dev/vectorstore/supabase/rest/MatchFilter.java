package dev.vectorstore.supabase.rest;

import dev.vectorstore.Value;
import dev.vectorstore.supabase.tables.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one call of a search function can be restricted to: {@code metadata @> filter and source_id
 * = source_filter}.
 *
 * @param filter what the metadata contain, empty for all
 * @param source the source, or null for all
 */
record MatchFilter(Value.ObjectValue filter, @Nullable String source) {
  static final MatchFilter ALL = new MatchFilter(new Value.ObjectValue(Map.of()), null);

  static MatchFilter metadata(Value.ObjectValue contained) {
    return new MatchFilter(contained, null);
  }

  static MatchFilter source(String source) {
    return new MatchFilter(ALL.filter, source);
  }

  /** Both restrictions as one, or empty if no row can fulfil both. */
  Optional<MatchFilter> and(MatchFilter other) {
    if (source != null && other.source != null && !source.equals(other.source)) {
      return Optional.empty();
    }
    String both = source == null ? other.source : source;
    return merge(filter, other.filter)
        .map(merged -> new MatchFilter((Value.ObjectValue) merged, both));
  }

  /** What contains the result contains both, and the other way round. */
  private static Optional<Value> merge(Value a, Value b) {
    if (a instanceof Value.ObjectValue x && b instanceof Value.ObjectValue y) {
      return mergeObjects(x, y);
    }
    if (a instanceof Value.ListValue x && b instanceof Value.ListValue y) {
      List<Value> elements = new ArrayList<>(x.elements());
      elements.addAll(y.elements());
      return Optional.of(new Value.ListValue(elements));
    }
    return isSame(a, b) ? Optional.of(a) : Optional.empty();
  }

  private static Optional<Value> mergeObjects(Value.ObjectValue a, Value.ObjectValue b) {
    Map<String, Value> merged = new LinkedHashMap<>(a.entries());
    for (Map.Entry<String, Value> entry : b.entries().entrySet()) {
      Value own = merged.get(entry.getKey());
      Optional<Value> both =
          own == null ? Optional.of(entry.getValue()) : merge(own, entry.getValue());
      if (both.isEmpty()) {
        return Optional.empty();
      }
      merged.put(entry.getKey(), both.get());
    }
    return Optional.of(new Value.ObjectValue(merged));
  }

  /** Numbers by value, as JSON text writes both of 3 and 3.0. */
  private static boolean isSame(Value a, Value b) {
    return a.equals(b)
        || (!(a instanceof Value.StringValue)
            && !(b instanceof Value.StringValue)
            && JsonText.of(a).equals(JsonText.of(b)));
  }
}
