package dev.vectorstore.migration;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Metric;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.TextTerms;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One query and, after all rows of the source were shown to it, the answer that is right. Not safe
 * for threads.
 */
final class Probe {
  /** What is compared. */
  enum Kind {
    /** By vector. */
    VECTOR,
    /** By vector, with a filter. */
    FILTERED,
    /** By vector and text. */
    HYBRID,
    /** By text. */
    TEXT,
    /** How many records a filter selects. */
    COUNT
  }

  private final ParityQuery query;
  private final int k;
  private final Kind kind;
  private final Metric metric;
  private final Filter filter;
  private final @Nullable Nearness asked;
  private final @Nullable Filter textMatch;
  private final Set<String> terms;
  private final ExactOrder nearest;
  private final List<RecordId> byKeyword = new ArrayList<>();
  private final ExactOrder nearestByKeyword;
  private long matching;

  private Probe(ParityQuery query, int k, CollectionSpec target) {
    this.query = query;
    this.k = k;
    this.kind = kind(query);
    this.metric = target.metric().orElse(Metric.COSINE);
    this.filter = query.filter().map(Filter::containsJson).orElse(Filter.all());
    this.asked = query.vector().map(Nearness::new).orElse(null);
    this.textMatch = query.text().map(text -> textMatch(text, target)).orElse(null);
    this.terms = query.text().map(TextTerms::of).map(Set::copyOf).orElse(Set.of());
    this.nearest = new ExactOrder(legSize());
    this.nearestByKeyword = new ExactOrder(legSize());
  }

  /** A probe, or empty where the collection can't be asked such a thing. */
  static Optional<Probe> of(ParityQuery query, int k, CollectionSpec target) {
    try {
      query.vector().ifPresent(target::check);
      Probe probe = new Probe(query, k, target);
      if (probe.kind != Kind.COUNT) {
        target.check(probe.request());
      }
      return Optional.of(probe);
    } catch (InvalidRequest e) {
      return Optional.empty();
    }
  }

  private static Kind kind(ParityQuery query) {
    if (query.text().isPresent()) {
      return query.vector().isPresent() ? Kind.HYBRID : Kind.TEXT;
    }
    if (query.vector().isEmpty()) {
      return Kind.COUNT;
    }
    return query.filter().isPresent() ? Kind.FILTERED : Kind.VECTOR;
  }

  /** All terms in any one declared text field, as text searches mean it. */
  private static Filter textMatch(String text, CollectionSpec target) {
    List<Filter> fields = new ArrayList<>();
    target
        .fields()
        .forEach(
            (path, type) -> {
              if (type.isText()) {
                fields.add(match(path, text));
              }
            });
    return fields.isEmpty() ? Filter.none() : Filter.or(fields);
  }

  private static Filter match(FieldPath path, String text) {
    return path.matchesText(text);
  }

  /** Hybrid searches fuse rankings of twice the limit. */
  int legSize() {
    return kind == Kind.HYBRID ? 2 * k : k;
  }

  /** Shows a row of the source, as the target shall hold it. */
  void offer(VectorRecord row, @Nullable Nearness vector, RowTerms rowTerms) {
    if (!filter.test(row)) {
      return;
    }
    matching++;
    if (asked != null && vector != null && !asked.surelyBelow(nearest.bound(), vector, metric)) {
      nearest.offer(row.id(), metric.score(asked.vector(), vector.vector()));
    }
    if (textMatch != null && rowTerms.containAll(terms) && matchesText(row)) {
      offerMatch(row, vector);
    }
  }

  /** By text alone, rows come in the order of a scan; beside a vector, nearest first. */
  private void offerMatch(VectorRecord row, @Nullable Nearness vector) {
    if (asked == null) {
      if (byKeyword.size() < legSize()) {
        byKeyword.add(row.id());
      }
    } else {
      nearestByKeyword.offer(
          row.id(),
          vector == null
              ? Double.NEGATIVE_INFINITY
              : metric.score(asked.vector(), vector.vector()));
    }
  }

  private boolean matchesText(VectorRecord row) {
    return textMatch != null && textMatch.test(row);
  }

  /** Whether a row belongs in the keyword ranking. */
  boolean isKeywordMatch(VectorRecord row) {
    return filter.test(row) && matchesText(row);
  }

  /** The request for a store. */
  SearchRequest request() {
    SearchRequest request;
    if (kind == Kind.TEXT) {
      request = SearchRequest.text(query.text().orElseThrow());
    } else {
      Embedding vector = query.vector().orElseThrow();
      request =
          kind == Kind.HYBRID
              ? SearchRequest.hybrid(vector, query.text().orElseThrow(), fusion())
              : SearchRequest.nearest(vector);
    }
    return request.filter(filter).limit(k).projection(Projection.ids());
  }

  private Fusion fusion() {
    return metric == Metric.COSINE ? Fusion.boosted() : Fusion.rrf();
  }

  /** The right answer; one by text alone is of a store that scans in the source's order. */
  RightAnswer right() {
    return switch (kind) {
      case VECTOR, FILTERED -> new RightAnswer(nearest.best(k), this::asNear);
      case HYBRID ->
          new HybridAnswer(
                  fusion(), nearest.best(legSize()), nearestByKeyword.best(legSize()), k, this)
              .answer();
      case TEXT ->
          new RightAnswer(
              byKeyword.stream().map(id -> new ExactOrder.Scored(id, 0)).toList(),
              (row, reported) -> isKeywordMatch(row));
      case COUNT -> new RightAnswer(List.of(), (row, reported) -> false);
    };
  }

  private boolean asNear(VectorRecord row, double reported) {
    List<ExactOrder.Scored> best = nearest.best(k);
    double last = best.isEmpty() ? Double.POSITIVE_INFINITY : best.get(best.size() - 1).score();
    return nearness(row) >= last - Parity.resolution(last);
  }

  /** Of a row that the filter selects; minus infinity for others and for those without a vector. */
  double nearness(VectorRecord row) {
    return asked == null || row.vector().isEmpty() || !filter.test(row)
        ? Double.NEGATIVE_INFINITY
        : metric.score(asked.vector(), row.vector().get());
  }

  ParityQuery query() {
    return query;
  }

  Kind kind() {
    return kind;
  }

  Filter filter() {
    return filter;
  }

  /** How many rows the filter selects. */
  long matching() {
    return matching;
  }
}
