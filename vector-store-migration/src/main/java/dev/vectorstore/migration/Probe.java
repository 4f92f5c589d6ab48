package dev.vectorstore.migration;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Metric;
import dev.vectorstore.Projection;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the right answer to one query. Every row of the source is shown to it first. Not safe for
 * threads.
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
  private final String using;
  private final @Nullable PreparedVector question;
  private final ExactOrder nearest;
  private final @Nullable TextLeg inTarget;
  private final @Nullable TextLeg inSource;
  private long matching;

  /**
   * What the two collections find by a text.
   *
   * @param target empty if it can't be asked
   * @param source likewise
   */
  record Meanings(Optional<TextMeaning> target, Optional<TextMeaning> source) {}

  private Probe(ParityQuery query, int k, CollectionSpec target, Meanings meanings) {
    this.query = query;
    this.k = k;
    this.kind = kind(query);
    String asked = query.using().orElse(VectorSpec.PLAIN);
    this.using = target.vectors().containsKey(asked) ? asked : target.defaultVector().orElse("");
    this.metric = query.vector().isPresent() ? target.vector(using).metric() : Metric.COSINE;
    this.filter = query.filter().map(Filter::containsJson).orElse(Filter.all());
    this.question = query.vector().map(PreparedVector::new).orElse(null);
    this.nearest = new ExactOrder(legSize());
    this.inTarget = leg(meanings.target());
    this.inSource = meanings.source().equals(meanings.target()) ? inTarget : leg(meanings.source());
  }

  /** A probe, or empty where the target can't be asked such a thing. */
  static Optional<Probe> of(ParityQuery query, int k, CollectionSpec target, Meanings meanings) {
    try {
      query.vector().ifPresent(v -> target.check(among(query, SearchRequest.nearest(v))));
      Probe probe = new Probe(query, k, target, meanings);
      if (query.text().isPresent() && probe.inTarget == null) {
        return Optional.empty();
      }
      if (query.vector().isPresent()) {
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

  /** Hybrid searches fuse rankings of twice the limit. */
  private int legSize() {
    return kind == Kind.HYBRID ? 2 * k : k;
  }

  private @Nullable TextLeg leg(Optional<TextMeaning> meaning) {
    if (meaning.isEmpty() || query.text().isEmpty()) {
      return null;
    }
    SearchRequest request = SearchRequest.text(query.text().get()).filter(filter).limit(legSize());
    return new TextLeg(meaning.get(), request.projection(Projection.ids()));
  }

  /** Shows a row of the source, as the target shall hold it. */
  void offer(VectorRecord row, RowVectors vectors, RowTerms rowTerms) {
    if (!filter.test(row)) {
      return;
    }
    matching++;
    if (question != null) {
      vectors.get(using).ifPresent(vector -> offer(row, question, vector));
    }
    if (inTarget != null) {
      inTarget.offer(row, rowTerms, () -> nearness(row));
    }
    if (inSource != null && inSource != inTarget) {
      inSource.offer(row, rowTerms, () -> nearness(row));
    }
  }

  private void offer(VectorRecord row, PreparedVector asked, PreparedVector vector) {
    if (!asked.surelyBelow(nearest.bound(), vector, metric)) {
      nearest.offer(row.id(), metric.score(asked.vector(), vector.vector()));
    }
  }

  private static SearchRequest among(ParityQuery query, SearchRequest request) {
    return query.using().map(request::using).orElse(request);
  }

  /** The search by vector, or by both, for a store. */
  SearchRequest request() {
    Embedding vector = query.vector().orElseThrow();
    SearchRequest request =
        kind == Kind.HYBRID
            ? SearchRequest.hybrid(vector, query.text().orElseThrow(), fusion())
            : SearchRequest.nearest(vector);
    return among(query, request).filter(filter).limit(k).projection(Projection.ids());
  }

  Fusion fusion() {
    return metric == Metric.COSINE ? Fusion.boosted() : Fusion.rrf();
  }

  /** What a search by vector alone should answer. */
  RightAnswer right() {
    return new RightAnswer(nearest(), this::asNear);
  }

  private boolean asNear(VectorRecord row) {
    List<ExactOrder.Scored> best = nearest();
    double last = best.isEmpty() ? Double.POSITIVE_INFINITY : best.get(best.size() - 1).score();
    return nearness(row) >= last - Parity.resolution(last);
  }

  /** The exact order's first, for the answer or for the leg of a hybrid one. */
  List<ExactOrder.Scored> nearest() {
    return nearest.best(legSize());
  }

  /** What the target finds by the text; empty if there is no text. */
  Optional<TextLeg> inTarget() {
    return Optional.ofNullable(inTarget);
  }

  /** What the source finds by the text; empty if there is none, or it can't be asked. */
  Optional<TextLeg> inSource() {
    return Optional.ofNullable(inSource);
  }

  /** Of a row that the filter selects; minus infinity for others and for those without a vector. */
  double nearness(VectorRecord row) {
    Optional<Embedding> vector = row.vector(using);
    return question == null || vector.isEmpty() || !filter.test(row)
        ? Double.NEGATIVE_INFINITY
        : metric.score(question.vector(), vector.get());
  }

  int k() {
    return k;
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
