package dev.vectorstore.migration;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.Vector;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  private final ExactOrder nearest;
  private final List<RecordId> byKeyword = new ArrayList<>();
  private long matching;

  private Probe(ParityQuery query, int k, CollectionSpec target) {
    this.query = query;
    this.k = k;
    this.kind = kind(query);
    this.metric = target.metric().orElse(Metric.COSINE);
    this.filter = query.filter().map(Filter::containsJson).orElse(Filter.all());
    this.asked = query.vector().map(Nearness::new).orElse(null);
    this.textMatch = query.text().map(text -> textMatch(text, target)).orElse(null);
    this.nearest = new ExactOrder(legSize());
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
              if (type == FieldType.TEXT) {
                fields.add(match(path, text));
              }
            });
    return fields.isEmpty() ? Filter.none() : Filter.or(fields);
  }

  private static Filter match(FieldPath path, String text) {
    return path.matchesText(text);
  }

  /** Hybrid searches fuse rankings of twice the limit. */
  private int legSize() {
    return kind == Kind.HYBRID ? 2 * k : k;
  }

  /** Shows a row of the source, as the target shall hold it. */
  void offer(VectorRecord row, @Nullable Nearness vector) {
    if (!filter.test(row)) {
      return;
    }
    matching++;
    if (asked != null && vector != null && !asked.surelyBelow(nearest.bound(), vector, metric)) {
      nearest.offer(row.id(), metric.score(asked.vector(), vector.vector()));
    }
    if (textMatch != null && byKeyword.size() < legSize() && textMatch.test(row)) {
      byKeyword.add(row.id());
    }
  }

  /** The request for a store. */
  SearchRequest request() {
    SearchRequest.Builder request;
    if (kind == Kind.TEXT) {
      request = SearchRequest.text(query.text().orElseThrow());
    } else {
      Vector vector = query.vector().orElseThrow();
      request =
          kind == Kind.HYBRID
              ? SearchRequest.hybrid(vector, query.text().orElseThrow(), fusion())
              : SearchRequest.nearest(vector);
    }
    query.filter().ifPresent(json -> request.filter(filter));
    return request.limit(k).projection(Projection.ids()).build();
  }

  private Fusion fusion() {
    return metric == Metric.COSINE ? Fusion.boosted() : Fusion.rrf();
  }

  /** The right answer, best first. */
  List<ExactOrder.Scored> expected() {
    return switch (kind) {
      case VECTOR, FILTERED -> nearest.best(k);
      case HYBRID -> fused();
      case TEXT -> byKeyword.stream().limit(k).map(id -> new ExactOrder.Scored(id, 0)).toList();
      case COUNT -> List.of();
    };
  }

  private List<ExactOrder.Scored> fused() {
    List<SearchHit> vectorLeg =
        nearest.best(legSize()).stream()
            .map(scored -> hit(scored.id(), scored.score(), ScoreKind.METRIC))
            .toList();
    List<SearchHit> keywordLeg = byKeyword.stream().map(id -> hit(id, 0, ScoreKind.NONE)).toList();
    return fusion().fuse(vectorLeg, keywordLeg, k).stream()
        .map(hit -> new ExactOrder.Scored(hit.id(), hit.score()))
        .toList();
  }

  private static SearchHit hit(RecordId id, double score, ScoreKind kind) {
    return SearchHit.of(VectorRecord.of(id, Payload.empty()), score, kind);
  }

  /** Whether a row of the source that isn't in the expected answer would do as well. */
  boolean equallyGood(VectorRecord row, double reported, double worstExpected) {
    if (!filter.test(row)) {
      return false;
    }
    return switch (kind) {
      case VECTOR, FILTERED ->
          row.vector().isPresent()
              && metric.score(query.vector().orElseThrow(), row.vector().get())
                  >= worstExpected - Parity.RESOLUTION;
      // The fused score says where it stood; engines give scores to 1e-5.
      case HYBRID -> reported >= worstExpected - 1e-5;
      case TEXT -> textMatch != null && textMatch.test(row);
      case COUNT -> false;
    };
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
