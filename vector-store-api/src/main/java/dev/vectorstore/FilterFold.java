package dev.vectorstore;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * What {@link Filter.Fold} does; apart, so that the kinds of filters can be read at one glance.
 *
 * @param <R> the answer
 */
interface FilterFold<R> extends Filter.Visitor<R> {
  /**
   * What a part gives that isn't asked about.
   *
   * @return the answer
   */
  R leaf();

  /**
   * Joins the answers of two members of a group.
   *
   * @param first of the members before
   * @param second of the next one
   * @return the answer of both
   */
  R both(R first, R second);

  @Override
  default R and(List<Filter> filters) {
    R answer = filters.get(0).accept(this);
    for (Filter filter : filters.subList(1, filters.size())) {
      answer = both(answer, filter.accept(this));
    }
    return answer;
  }

  @Override
  default R or(List<Filter> filters) {
    return and(filters);
  }

  @Override
  default R not(Filter filter) {
    return filter.accept(this);
  }

  @Override
  default R constant(boolean value) {
    return leaf();
  }

  @Override
  default R ids(Collection<RecordId> ids) {
    return leaf();
  }

  @Override
  default R eq(FieldPath path, Value value) {
    return leaf();
  }

  @Override
  default R in(FieldPath path, List<Value> values) {
    return leaf();
  }

  @Override
  default R compareNumber(FieldPath path, Filter.Comparison comparison, Value bound) {
    return leaf();
  }

  @Override
  default R compareInstant(FieldPath path, Filter.Comparison comparison, Instant bound) {
    return leaf();
  }

  @Override
  default R compareText(FieldPath path, Filter.Comparison comparison, String bound) {
    return leaf();
  }

  @Override
  default R exists(FieldPath path) {
    return leaf();
  }

  @Override
  default R isNull(FieldPath path) {
    return leaf();
  }

  @Override
  default R containsJson(List<String> segments, Value contained) {
    return leaf();
  }

  @Override
  default R contains(FieldPath path, String part) {
    return leaf();
  }

  @Override
  default R containsText(FieldPath path, String part) {
    return leaf();
  }

  @Override
  default R matchesText(FieldPath path, List<String> terms) {
    return leaf();
  }

  @Override
  default R matchesPhrase(FieldPath path, List<String> terms) {
    return leaf();
  }
}
