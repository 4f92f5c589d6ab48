package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vectorstore.Filter;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import java.util.List;

/** What a hybrid search must answer. */
final class FusionCheck {
  private FusionCheck() {}

  /** Fails unless the answer is the fusion of those to both legs, at twice the limit. */
  static void assertFused(VectorCollection collection, SearchRequest request) {
    int leg = 2 * request.limit();
    Filter filter = request.filter();
    SearchRequest nearest =
        SearchRequest.nearest(request.vector().orElseThrow()).filter(filter).limit(leg);
    SearchRequest byVector =
        request.minScore().isPresent()
            ? nearest.minScore(request.minScore().getAsDouble())
            : nearest;
    SearchRequest text = SearchRequest.text(request.text().orElseThrow()).filter(filter).limit(leg);
    SearchRequest byText = request.isRanked() ? text.ranked() : text;
    List<SearchHit> expected =
        request
            .fusion()
            .orElseThrow()
            .fuse(collection.search(byVector), collection.search(byText), request.limit());
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
}
