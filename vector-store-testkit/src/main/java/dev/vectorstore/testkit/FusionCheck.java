package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vectorstore.Capability;
import dev.vectorstore.Filter;
import dev.vectorstore.Projection;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a hybrid search must answer. */
final class FusionCheck {
  private FusionCheck() {}

  /** Fails unless the answer is the fusion of those to both legs, at twice the limit. */
  static void assertFused(VectorCollection collection, SearchRequest request) {
    int leg = 2 * request.limit();
    Filter filter = request.filter();
    SearchRequest nearest = nearest(request).filter(filter).limit(leg);
    SearchRequest byVector =
        request.minScore().isPresent()
            ? nearest.minScore(request.minScore().getAsDouble())
            : nearest;
    List<SearchHit> expected =
        request
            .fusion()
            .orElseThrow()
            .fuse(collection.search(byVector), textLeg(collection, request), request.limit());
    List<SearchHit> hits = collection.search(request);
    assertThat(hits)
        .as("%s: the fusion of both legs at twice the limit", request)
        .extracting(SearchHit::id)
        .containsExactlyElementsOf(expected.stream().map(SearchHit::id).toList());
    for (int i = 0; i < hits.size(); i++) {
      assertThat(hits.get(i).scoreKind()).isEqualTo(ScoreKind.FUSED);
      assertThat(hits.get(i).score()).isCloseTo(expected.get(i).score(), within(2e-5));
      assertThat(hits.get(i).record()).isEqualTo(expected.get(i).record());
    }
  }

  private static SearchRequest nearest(SearchRequest request) {
    SearchRequest nearest = SearchRequest.nearest(request.vector().orElseThrow());
    return request.isExact() ? nearest.exact() : nearest;
  }

  /** By relevance; or all terms, nearest first, those without a vector last by id. */
  private static List<SearchHit> textLeg(VectorCollection collection, SearchRequest request) {
    int leg = 2 * request.limit();
    if (collection.capabilities().contains(Capability.RANKED_TEXT)) {
      return collection.search(
          SearchRequest.text(request.text().orElseThrow()).filter(request.filter()).limit(leg));
    }
    Filter matches = request.textFilter(collection.describe().spec());
    List<SearchHit> ranking =
        new ArrayList<>(collection.search(nearest(request).filter(matches).limit(leg)));
    try (Stream<VectorRecord> records =
        collection.stream(ScanRequest.all().filter(matches).projection(Projection.all()))) {
      records
          .filter(record -> record.vector().isEmpty())
          .sorted(Comparator.comparing(VectorRecord::id))
          .forEach(
              record ->
                  ranking.add(SearchHit.of(request.projection().apply(record), 0, ScoreKind.NONE)));
    }
    return ranking.subList(0, Math.min(leg, ranking.size()));
  }
}
