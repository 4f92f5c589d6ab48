package dev.vectorstore.testkit;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.TextTerms;
import dev.vectorstore.Value;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Builds the same filter anew; defects are planted by overriding. */
class FilterRewriter implements Filter.Visitor<Filter> {
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
    return Filter.ids(ids);
  }

  @Override
  public Filter eq(FieldPath path, Value value) {
    return path.eq(value);
  }

  @Override
  public Filter in(FieldPath path, List<Value> values) {
    return path.in(values);
  }

  @Override
  public Filter compareNumber(FieldPath path, Filter.Comparison comparison, Value bound) {
    Number number = (Number) bound.toObject();
    return switch (comparison) {
      case GT -> path.gt(number);
      case GTE -> path.gte(number);
      case LT -> path.lt(number);
      case LTE -> path.lte(number);
    };
  }

  @Override
  public Filter compareInstant(FieldPath path, Filter.Comparison comparison, Instant bound) {
    return switch (comparison) {
      case GT -> path.gt(bound);
      case GTE -> path.gte(bound);
      case LT -> path.lt(bound);
      case LTE -> path.lte(bound);
    };
  }

  @Override
  public Filter compareText(FieldPath path, Filter.Comparison comparison, String bound) {
    return switch (comparison) {
      case GT -> path.gt(bound);
      case GTE -> path.gte(bound);
      case LT -> path.lt(bound);
      case LTE -> path.lte(bound);
    };
  }

  @Override
  public Filter exists(FieldPath path) {
    return path.exists();
  }

  @Override
  public Filter isNull(FieldPath path) {
    return path.isNull();
  }

  @Override
  public Filter containsJson(List<String> segments, Value contained) {
    return segments.isEmpty()
        ? Filter.containsJson(Payload.of((Value.ObjectValue) contained))
        : new FieldPath(segments).containsJson(contained);
  }

  @Override
  public Filter contains(FieldPath path, String part) {
    return path.contains(part);
  }

  @Override
  public Filter containsText(FieldPath path, String part) {
    return path.containsText(part);
  }

  @Override
  public Filter matchesText(FieldPath path, List<String> terms) {
    return path.matchesText(String.join(" ", terms));
  }

  @Override
  public Filter matchesPhrase(FieldPath path, List<String> terms) {
    return path.matchesPhrase(TextTerms.join(terms));
  }
}
