package dev.vectorstore.supabase.postgres;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.supabase.tables.Column;
import dev.vectorstore.supabase.tables.Condition;
import dev.vectorstore.supabase.tables.RowFilterCompiler;
import dev.vectorstore.supabase.tables.TableShape;
import dev.vectorstore.supabase.tables.TextPart;
import dev.vectorstore.support.Bounds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Compiles every filter to two conditions, which bound it from above and from below. Where {@link
 * RowFilterCompiler} says the filter exactly, both are that. Elsewhere they are everything and
 * nothing, and the core tests what comes back.
 */
final class SqlFilterCompiler implements Filter.Visitor<SqlFilterCompiler.Between> {
  private final RowFilterCompiler rows;

  SqlFilterCompiler(TableShape shape) {
    rows = new RowFilterCompiler(shape);
  }

  /**
   * Two conditions around a filter.
   *
   * @param upper true wherever the filter is
   * @param lower true only where the filter is
   * @param exact whether both are the filter
   */
  record Between(Condition upper, Condition lower, boolean exact) {
    Bounds<Condition> bounds() {
      return new Bounds<>(upper, exact);
    }
  }

  private Between leaf(Supplier<Condition> condition) {
    try {
      Condition exact = condition.get();
      return new Between(exact, exact, true);
    } catch (UnsupportedFeature notInSql) {
      return new Between(rows.constant(true), rows.constant(false), false);
    }
  }

  @Override
  public Between and(List<Filter> filters) {
    List<Between> all = each(filters);
    return new Between(
        Condition.and(uppers(all)),
        Condition.and(lowers(all)),
        all.stream().allMatch(Between::exact));
  }

  @Override
  public Between or(List<Filter> filters) {
    List<Between> all = each(filters);
    return new Between(
        Condition.or(uppers(all)),
        Condition.or(lowers(all)),
        all.stream().allMatch(Between::exact));
  }

  /** What certainly isn't selected bounds the complement. */
  @Override
  public Between not(Filter filter) {
    Between inner = filter.accept(this);
    return new Between(Condition.not(inner.lower), Condition.not(inner.upper), inner.exact);
  }

  @Override
  public Between constant(boolean value) {
    return leaf(() -> rows.constant(value));
  }

  @Override
  public Between ids(Collection<RecordId> ids) {
    return leaf(() -> rows.ids(ids));
  }

  @Override
  public Between eq(FieldPath path, Value value) {
    return leaf(() -> rows.eq(path, value));
  }

  @Override
  public Between in(FieldPath path, List<Value> values) {
    return leaf(() -> rows.in(path, values));
  }

  @Override
  public Between compareNumber(FieldPath path, Filter.Comparison comparison, Value bound) {
    return leaf(() -> rows.compareNumber(path, comparison, bound));
  }

  @Override
  public Between compareInstant(FieldPath path, Filter.Comparison comparison, Instant bound) {
    return leaf(() -> rows.compareInstant(path, comparison, bound));
  }

  @Override
  public Between compareText(FieldPath path, Filter.Comparison comparison, String bound) {
    String operator = RowFilterCompiler.operator(comparison);
    return onText(
        path,
        RowFilterCompiler.COMPARISON,
        column -> new Condition.TextOrder(column.name(), operator, bound));
  }

  private Between onText(FieldPath path, String what, Function<Column, Condition> test) {
    return leaf(
        () -> rows.onText(path, what, column -> Condition.notNull(column, test.apply(column))));
  }

  @Override
  public Between exists(FieldPath path) {
    return leaf(() -> rows.exists(path));
  }

  @Override
  public Between isNull(FieldPath path) {
    return leaf(() -> rows.isNull(path));
  }

  @Override
  public Between containsJson(List<String> segments, Value contained) {
    return leaf(() -> rows.containsJson(segments, contained));
  }

  @Override
  public Between contains(FieldPath path, String part) {
    return hasPart(path, TextPart.literal(part));
  }

  @Override
  public Between containsText(FieldPath path, String part) {
    return hasPart(path, TextPart.caseBlind(part));
  }

  private Between hasPart(FieldPath path, TextPart part) {
    return onText(
        path, RowFilterCompiler.PART, column -> new Condition.HasPart(column.name(), part));
  }

  @Override
  public Between matchesText(FieldPath path, List<String> terms) {
    return leaf(() -> rows.matchesText(path, terms));
  }

  @Override
  public Between matchesPhrase(FieldPath path, List<String> terms) {
    return leaf(() -> rows.matchesPhrase(path, terms));
  }

  private List<Between> each(List<Filter> filters) {
    List<Between> all = new ArrayList<>();
    filters.forEach(filter -> all.add(filter.accept(this)));
    return all;
  }

  private static List<Condition> uppers(List<Between> all) {
    List<Condition> uppers = new ArrayList<>();
    all.forEach(between -> uppers.add(between.upper));
    return uppers;
  }

  private static List<Condition> lowers(List<Between> all) {
    List<Condition> lowers = new ArrayList<>();
    all.forEach(between -> lowers.add(between.lower));
    return lowers;
  }
}
