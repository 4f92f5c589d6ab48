package dev.vectorstore.testkit;

import dev.vectorstore.Capability;
import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The capabilities that a filter's text predicates need. */
final class TextNeeds implements Filter.Visitor<Set<Capability>> {
  static final TextNeeds INSTANCE = new TextNeeds();

  private TextNeeds() {}

  @Override
  public Set<Capability> and(List<Filter> filters) {
    Set<Capability> needs = EnumSet.noneOf(Capability.class);
    filters.forEach(filter -> needs.addAll(filter.accept(this)));
    return needs;
  }

  @Override
  public Set<Capability> or(List<Filter> filters) {
    return and(filters);
  }

  @Override
  public Set<Capability> not(Filter filter) {
    return filter.accept(this);
  }

  @Override
  public Set<Capability> constant(boolean value) {
    return Set.of();
  }

  @Override
  public Set<Capability> ids(Collection<RecordId> ids) {
    return Set.of();
  }

  @Override
  public Set<Capability> eq(FieldPath path, Value value) {
    return Set.of();
  }

  @Override
  public Set<Capability> in(FieldPath path, List<Value> values) {
    return Set.of();
  }

  @Override
  public Set<Capability> compareNumber(FieldPath path, Filter.Comparison comparison, Value bound) {
    return Set.of();
  }

  @Override
  public Set<Capability> compareInstant(
      FieldPath path, Filter.Comparison comparison, Instant bound) {
    return Set.of();
  }

  @Override
  public Set<Capability> compareText(FieldPath path, Filter.Comparison comparison, String bound) {
    return Set.of();
  }

  @Override
  public Set<Capability> exists(FieldPath path) {
    return Set.of();
  }

  @Override
  public Set<Capability> isNull(FieldPath path) {
    return Set.of();
  }

  @Override
  public Set<Capability> containsJson(List<String> segments, Value contained) {
    return Set.of();
  }

  @Override
  public Set<Capability> contains(FieldPath path, String part) {
    return Set.of();
  }

  @Override
  public Set<Capability> containsText(FieldPath path, String part) {
    return Set.of();
  }

  @Override
  public Set<Capability> matchesText(FieldPath path, List<String> terms) {
    return Set.of(Capability.TERMS);
  }

  @Override
  public Set<Capability> matchesPhrase(FieldPath path, List<String> terms) {
    return Set.of(Capability.PHRASE);
  }
}
