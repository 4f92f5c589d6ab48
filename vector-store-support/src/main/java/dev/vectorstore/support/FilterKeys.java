package dev.vectorstore.support;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.Value;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The top-level keys of a payload that the test of a filter looks at. */
final class FilterKeys implements Filter.Fold<Set<String>> {
  static final FilterKeys INSTANCE = new FilterKeys();

  private FilterKeys() {}

  @Override
  public Set<String> leaf() {
    return Set.of();
  }

  @Override
  public Set<String> both(Set<String> first, Set<String> second) {
    Set<String> keys = new HashSet<>(first);
    keys.addAll(second);
    return keys;
  }

  private static Set<String> of(FieldPath path) {
    return Set.of(path.segments().get(0));
  }

  @Override
  public Set<String> eq(FieldPath path, Value value) {
    return of(path);
  }

  @Override
  public Set<String> in(FieldPath path, List<Value> values) {
    return of(path);
  }

  @Override
  public Set<String> compareNumber(FieldPath path, Filter.Comparison comparison, Value bound) {
    return of(path);
  }

  @Override
  public Set<String> compareInstant(FieldPath path, Filter.Comparison comparison, Instant bound) {
    return of(path);
  }

  @Override
  public Set<String> compareText(FieldPath path, Filter.Comparison comparison, String bound) {
    return of(path);
  }

  @Override
  public Set<String> exists(FieldPath path) {
    return of(path);
  }

  @Override
  public Set<String> isNull(FieldPath path) {
    return of(path);
  }

  /** Without a path, what is contained is an object whose keys are the payload's. */
  @Override
  public Set<String> containsJson(List<String> segments, Value contained) {
    return segments.isEmpty()
        ? ((Value.ObjectValue) contained).entries().keySet()
        : Set.of(segments.get(0));
  }

  @Override
  public Set<String> contains(FieldPath path, String part) {
    return of(path);
  }

  @Override
  public Set<String> containsText(FieldPath path, String part) {
    return of(path);
  }

  @Override
  public Set<String> matchesText(FieldPath path, List<String> terms) {
    return of(path);
  }

  @Override
  public Set<String> matchesPhrase(FieldPath path, List<String> terms) {
    return of(path);
  }
}
