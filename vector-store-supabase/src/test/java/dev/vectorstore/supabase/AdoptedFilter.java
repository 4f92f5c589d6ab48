package dev.vectorstore.supabase;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.TextTerms;
import dev.vectorstore.Value;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** The same filter, on the column that holds the payload. */
final class AdoptedFilter implements Filter.Visitor<Filter> {
  private final AdoptedRows rows;

  AdoptedFilter(AdoptedRows rows) {
    this.rows = rows;
  }

  @Override
  public Filter and(List<Filter> filters) {
    return Filter.and(filters.stream().map(filter -> filter.accept(this)).toList());
  }

  @Override
  public Filter or(List<Filter> filters) {
    return Filter.or(filters.stream().map(filter -> filter.accept(this)).toList());
  }

  @Override
  public Filter not(Filter filter) {
    return Filter.not(filter.accept(this));
  }

  @Override
  public Filter constant(boolean value) {
    return value ? Filter.all() : Filter.none();
  }

  @Override
  public Filter ids(Collection<RecordId> ids) {
    return Filter.ids(rows.keys(ids));
  }

  @Override
  public Filter eq(FieldPath path, Value value) {
    return AdoptedRows.within(path).eq(value);
  }

  @Override
  public Filter in(FieldPath path, List<Value> values) {
    return AdoptedRows.within(path).in(values);
  }

  @Override
  public Filter compareNumber(FieldPath path, Filter.Comparison comparison, Value bound) {
    Number number = (Number) bound.toObject();
    FieldPath within = AdoptedRows.within(path);
    return switch (comparison) {
      case GT -> within.gt(number);
      case GTE -> within.gte(number);
      case LT -> within.lt(number);
      case LTE -> within.lte(number);
    };
  }

  @Override
  public Filter compareInstant(FieldPath path, Filter.Comparison comparison, Instant bound) {
    FieldPath within = AdoptedRows.within(path);
    return switch (comparison) {
      case GT -> within.gt(bound);
      case GTE -> within.gte(bound);
      case LT -> within.lt(bound);
      case LTE -> within.lte(bound);
    };
  }

  @Override
  public Filter compareText(FieldPath path, Filter.Comparison comparison, String bound) {
    FieldPath within = AdoptedRows.within(path);
    return switch (comparison) {
      case GT -> within.gt(bound);
      case GTE -> within.gte(bound);
      case LT -> within.lt(bound);
      case LTE -> within.lte(bound);
    };
  }

  @Override
  public Filter exists(FieldPath path) {
    return AdoptedRows.within(path).exists();
  }

  @Override
  public Filter isNull(FieldPath path) {
    return AdoptedRows.within(path).isNull();
  }

  @Override
  public Filter containsJson(List<String> segments, Value contained) {
    return new FieldPath(AdoptedRows.within(segments)).containsJson(contained);
  }

  @Override
  public Filter contains(FieldPath path, String part) {
    return AdoptedRows.within(path).contains(part);
  }

  @Override
  public Filter containsText(FieldPath path, String part) {
    return AdoptedRows.within(path).containsText(part);
  }

  @Override
  public Filter matchesText(FieldPath path, List<String> terms) {
    return AdoptedRows.within(path).matchesText(String.join(" ", terms));
  }

  @Override
  public Filter matchesPhrase(FieldPath path, List<String> terms) {
    return AdoptedRows.within(path).matchesPhrase(TextTerms.join(terms));
  }
}
