package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.Capability;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked for a hybrid search where texts aren't ranked. */
class HybridSearchesTest {
  private static final Embedding VECTOR = Embedding.of(1, 0);

  private final ListEngine engine = new ListEngine();
  private final VectorStore store =
      EngineStore.open(
          engine, CallOptions.builder().retry(RetryPolicy.none()).build(), CallListener.NONE);
  private final VectorCollection pages = store.collection("pages");

  @BeforeEach
  void withoutRanking() {
    engine.capabilities.remove(Capability.RANKED_TEXT);
    engine.exactFilters = true;
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** Every fifth is a fox. */
  private void load(int records) {
    pages.upsert(
        IntStream.range(0, records)
            .mapToObj(i -> VectorRecord.of(RecordId.of(i), new float[] {i, 1}, payload(i)))
            .toList());
    engine.requests.clear();
  }

  private static Payload payload(int i) {
    return Payload.of(Map.of("n", i, "content", i % 5 == 0 ? "a fox" : "a dog"));
  }

  private void loadFoxesWithoutVector(int... ids) {
    for (int id : ids) {
      pages.upsert(VectorRecord.of(RecordId.of(id), payload(0)));
    }
    engine.requests.clear();
  }

  private static SearchRequest fox() {
    return SearchRequest.hybrid(VECTOR, "fox", Fusion.rrf());
  }

  private List<SearchHit> fused(Filter filter, int limit) {
    Filter foxes = Filter.and(filter, Filter.field("content").matchesText("fox"));
    SearchRequest nearest = SearchRequest.nearest(VECTOR).limit(2 * limit);
    return Fusion.rrf()
        .fuse(pages.search(nearest.filter(filter)), pages.search(nearest.filter(foxes)), limit);
  }

  private static List<Long> numbers(List<SearchHit> hits) {
    return hits.stream().map(hit -> ((RecordId.NumberId) hit.id()).value()).toList();
  }

  @Test
  void whereTheEngineCanAllIsAskedInOneRoundTrip() {
    load(100);
    engine.inOneRoundTrip = true;

    List<SearchHit> hits = pages.search(fox().limit(4));

    assertThat(engine.requests).containsExactly("legs 8", "scan 8", "nearest 8", "nearest 8");
    assertThat(hits).isEqualTo(fused(Filter.all(), 4));
  }

  @Test
  void whatIsNotNativeIsNotAskedInOneRoundTrip() {
    load(100);
    engine.inOneRoundTrip = true;
    engine.exactFilters = false;
    Filter small = Filter.field("n").lt(50);

    List<SearchHit> hits = pages.search(fox().filter(small).limit(4));

    assertThat(engine.requests).doesNotContain("legs 8");
    assertThat(hits).isEqualTo(fused(small, 4));
  }

  @Test
  void longRankingsAreAskedInOneRoundTripToo() {
    load(10);
    engine.inOneRoundTrip = true;
    engine.fillsLimit = true;

    pages.search(fox().limit(5_000));

    assertThat(engine.requests)
        .containsExactly("legs 10000", "scan 10000", "nearest 10000", "nearest 10000");
  }

  @Test
  void aShortRankingTakesTheFirstMatchesWithoutAVectorById() {
    load(10);
    loadFoxesWithoutVector(105, 103, 104, 102);

    for (boolean together : new boolean[] {false, true}) {
      engine.inOneRoundTrip = together;
      engine.requests.clear();
      // By vector 9 to 0, by text 5, 0, 102, 103, 104 and 105.
      assertThat(numbers(pages.search(fox().limit(8))))
          .as("together %s", together)
          .containsExactly(5L, 0L, 9L, 8L, 7L, 102L, 6L, 103L);
      assertThat(engine.requests.contains("fetch 4")).isEqualTo(!together);
      engine.requests.clear();
      pages.search(fox().limit(2));
      assertThat(engine.requests.contains("fetch 2")).isEqualTo(!together);
    }
  }

  @Test
  void theMatchesWithoutAVectorThatCameAlongAreUsed() {
    load(10);
    loadFoxesWithoutVector(102, 103);
    engine.inOneRoundTrip = true;
    engine.fillsLimit = true;

    pages.search(fox().limit(5));

    assertThat(engine.requests).containsExactly("legs 10", "scan 10", "nearest 10", "nearest 10");
  }

  @Test
  void theMatchesAreReadToTheirEndWhereTheFirstByIdDidNotComeAlong() {
    load(0);
    loadFoxesWithoutVector(1, 2, 3, 4, 5, 6);
    engine.inOneRoundTrip = true;
    engine.scansById = false;

    List<SearchHit> hits = pages.search(fox().limit(2));

    assertThat(numbers(hits)).containsExactly(1L, 2L);
    assertThat(engine.requests).contains("scan 1000", "fetch 4");
  }

  @Test
  void aFullRankingLooksForNoMore() {
    load(100);
    loadFoxesWithoutVector(200);

    pages.search(fox().limit(4));

    assertThat(engine.requests).containsExactly("nearest 8", "nearest 8");
  }

  @Test
  void aFilterOfNothingAsksNothing() {
    load(10);

    assertThat(pages.search(fox().filter(Filter.none()))).isEmpty();
    assertThat(engine.requests).isEmpty();
  }

  @Test
  void aQuestionWithoutTermsIsASearchByVector() {
    load(10);
    SearchRequest dots = SearchRequest.hybrid(VECTOR, "?!", Fusion.rrf()).limit(3);

    assertThat(numbers(pages.search(dots))).containsExactly(9L, 8L, 7L);
    assertThat(engine.requests).containsExactly("nearest 6");
  }
}
