package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the answer of a search by vector must be, given all records of the collection: computed from
 * {@link Filter#test} and {@link Metric#score} alone.
 */
final class SearchOracle {
  /** Scores nearer than this needn't be told apart by an engine that computes in float32. */
  private static final double RESOLUTION = 1e-6;

  private final Metric metric;
  private final Map<RecordId, VectorRecord> records = new HashMap<>();

  SearchOracle(Metric metric, Iterable<VectorRecord> records) {
    this.metric = metric;
    records.forEach(record -> this.records.put(record.id(), record));
  }

  /** The reference scores of the records that can be hits, best first. */
  private List<SearchHit> ranking(SearchRequest request) {
    Filter filter = request.filter();
    return records.values().stream()
        .filter(record -> record.vector().isPresent() && filter.test(record))
        .map(record -> SearchHit.of(record, score(request, record), ScoreKind.METRIC))
        .sorted(RankedSamples.ORDER)
        .toList();
  }

  private double score(SearchRequest request, VectorRecord record) {
    return metric.score(request.vector().orElseThrow(), record.vector().orElseThrow());
  }

  /** Fails unless the hits are an answer to the request; for exact requests, the true one. */
  void check(String what, SearchRequest request, List<SearchHit> hits) {
    List<SearchHit> ranking = ranking(request);
    checkCount(what, request, hits, ranking);
    checkHits(what, request, hits);
    checkOrder(what, hits);
    if (request.isExact()) {
      for (int i = 0; i < hits.size(); i++) {
        double best = ranking.get(i).score();
        assertThat(reference(request, hits.get(i)))
            .as("%s: the true score of hit %d is that of place %d in the true order", what, i, i)
            .isCloseTo(best, within(RESOLUTION * Math.max(1, Math.abs(best))));
      }
    }
  }

  private void checkCount(
      String what, SearchRequest request, List<SearchHit> hits, List<SearchHit> ranking) {
    double least = request.minScore().orElse(Double.NEGATIVE_INFINITY);
    double slack = request.minScore().isPresent() ? RESOLUTION * Math.max(1, Math.abs(least)) : 0;
    long surely = ranking.stream().filter(hit -> hit.score() >= least).count();
    long atMost = ranking.stream().filter(hit -> hit.score() >= least - 2 * slack).count();
    assertThat((long) hits.size())
        .as("%s: hits, of %d that match, at the limit %d", what, surely, request.limit())
        .isBetween(Math.min(request.limit(), surely), Math.min(request.limit(), atMost));
  }

  private void checkHits(String what, SearchRequest request, List<SearchHit> hits) {
    Filter filter = request.filter();
    assertThat(hits.stream().map(SearchHit::id).distinct().count())
        .as("%s: each record once", what)
        .isEqualTo(hits.size());
    for (SearchHit hit : hits) {
      VectorRecord record = records.get(hit.id());
      assertThat(record).as("%s: %s is a record of the collection", what, hit.id()).isNotNull();
      if (record != null) {
        assertThat(record.vector()).as("%s: %s has a vector", what, hit.id()).isPresent();
        assertThat(filter.test(record)).as("%s: %s matches", what, hit.id()).isTrue();
        assertThat(hit.record().payload())
            .as("%s: what is returned of %s", what, hit.id())
            .isEqualTo(request.projection().apply(record).payload());
      }
      assertThat(hit.scoreKind()).isEqualTo(ScoreKind.METRIC);
    }
    hits.forEach(hit -> checkScore(what, request, hit));
  }

  private void checkScore(String what, SearchRequest request, SearchHit hit) {
    double reference = reference(request, hit);
    assertThat(hit.score())
        .as("%s: the score of %s", what, hit.id())
        .isCloseTo(reference, within(1e-5 * Math.max(1, Math.abs(reference))));
    if (metric == Metric.COSINE) {
      assertThat(hit.score()).as("%s: a cosine", what).isBetween(-1.0, 1.0);
    }
  }

  private double reference(SearchRequest request, SearchHit hit) {
    return score(request, Objects.requireNonNull(records.get(hit.id())));
  }

  private static void checkOrder(String what, List<SearchHit> hits) {
    for (int i = 1; i < hits.size(); i++) {
      SearchHit before = hits.get(i - 1);
      SearchHit after = hits.get(i);
      boolean ordered =
          before.score() > after.score()
              || (before.score() == after.score() && before.id().compareTo(after.id()) < 0);
      assertThat(ordered)
          .as("%s: hits %d and %d: best first, equal scores by id", what, i - 1, i)
          .isTrue();
    }
  }
}
