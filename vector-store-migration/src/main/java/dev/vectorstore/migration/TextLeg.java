package dev.vectorstore.migration;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;

/**
 * Finds what one collection should find by the text of one query. Every row of the source is shown
 * to it first. It doesn't know with which of the rows a ranking by relevance begins: the figures of
 * that, such as how rare a term is, are each engine's own. Not safe for threads.
 */
final class TextLeg {
  private final TextMeaning meaning;
  private final SearchRequest request;
  private final Set<FieldPath> fields;
  private final List<String> terms;
  private final Filter filter;
  private final Filter allTerms;
  private final List<RecordId> first = new ArrayList<>();
  private final ExactOrder nearest;
  private long matching;

  /**
   * A leg that has seen no row.
   *
   * @param request the text, the filter, and the size as its limit
   */
  TextLeg(TextMeaning meaning, SearchRequest request) {
    this.meaning = meaning;
    this.request = request;
    this.fields = meaning.fields();
    this.terms = request.terms();
    this.filter = request.filter();
    this.allTerms = meaning.allTerms(request);
    this.nearest = new ExactOrder(request.limit());
  }

  /** Shows a row that the filter selects, with its nearness to the query's vector. */
  void offer(VectorRecord row, RowTerms rowTerms, DoubleSupplier nearness) {
    if (!hasText(row, rowTerms)) {
      return;
    }
    matching++;
    if (first.size() < request.limit()) {
      first.add(row.id());
    }
    if (!meaning.ranked()) {
      nearest.offer(row.id(), nearness.getAsDouble());
    }
  }

  /** Whether a row belongs in the leg. */
  boolean matches(VectorRecord row) {
    return filter.test(row) && hasText(row, new RowTerms(row));
  }

  private boolean hasText(VectorRecord row, RowTerms rowTerms) {
    return meaning.ranked()
        ? rowTerms.hasAny(fields, terms)
        : rowTerms.hasAll(fields, terms) && allTerms.test(row);
  }

  /** Whether the collection orders its hits by relevance. */
  boolean ranked() {
    return meaning.ranked();
  }

  /** The search by text that the leg is, where the collection ranks. */
  SearchRequest request() {
    return request;
  }

  /** How many records there should be. */
  int size() {
    return (int) Math.min(matching, request.limit());
  }

  /** The first rows that match: all of them, if there are no more than the leg takes. */
  List<RecordId> first() {
    return first;
  }

  /** Whether {@link #first} has all rows that match. */
  boolean isWhole() {
    return matching == first.size();
  }

  /** The leg of a collection that doesn't rank: nearest first. */
  List<ExactOrder.Scored> nearest() {
    return nearest.best(request.limit());
  }
}
