package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often an engine is asked for what, and which of its hits are the answer to a search. */
class SearchesTest {
  private final ListEngine engine = new ListEngine();
  private final VectorStore store =
      EngineStore.open(
          engine, CallOptions.builder().retry(RetryPolicy.none()).build(), CallListener.NONE);

  @AfterEach
  void close() {
    store.close();
  }

  private VectorCollection pages() {
    return store.collection("pages");
  }

  /** Record i has the score i of {@link #nearest()}. */
  private VectorCollection load(int records) {
    VectorCollection pages = pages();
    pages.upsert(
        IntStream.range(0, records)
            .mapToObj(
                i ->
                    VectorRecord.of(
                        RecordId.of(i), new float[] {i, 1}, Payload.of(Map.of("n", i, "m", i % 2))))
            .toList());
    engine.requests.clear();
    return pages;
  }

  /** Records of equal scores. */
  private VectorCollection loadTies(int records) {
    VectorCollection pages = pages();
    pages.upsert(
        IntStream.range(0, records)
            .mapToObj(
                i ->
                    VectorRecord.of(RecordId.of(i), new float[] {1, 1}, Payload.of(Map.of("n", i))))
            .toList());
    engine.requests.clear();
    return pages;
  }

  private static SearchRequest nearest() {
    return SearchRequest.nearest(1, 0);
  }

  private static List<Long> numbers(List<SearchHit> hits) {
    return hits.stream().map(hit -> ((RecordId.NumberId) hit.id()).value()).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "2,    1.9999996, true",
    "2,    1.99999,   false",
    "0.5,  0.4999995, true",
    "0.5,  0.499998,  false",
    "1000, 999.9995,  true",
    "1000, 999.99,    false",
    "-2,   -2.0000004, true",
    "-2,   -2.00001,  false"
  })
  void theLeastScoreIsInclusiveToTheResolutionOfFloats(double least, float score, boolean found) {
    pages().upsert(VectorRecord.of(RecordId.of(1), new float[] {score, 0}, Payload.empty()));

    assertThat(pages().search(nearest().minScore(least))).hasSize(found ? 1 : 0);
  }

  @Test
  void anExactSearchIsRefusedWhereTheCollectionHasNone() {
    engine.capabilities.remove(Capability.EXACT);

    assertThatThrownBy(() -> load(1).search(nearest().exact()))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("EXACT");
    assertThat(pages().search(nearest())).hasSize(1);
  }

  @Test
  void whatIsTestedIsAskedForTwiceOver() {
    VectorCollection pages = load(300);

    assertThat(pages.search(nearest().filter(Filter.field("n").gte(0)).limit(50))).hasSize(50);
    assertThat(engine.requests).containsExactly("nearest 100");
  }

  @Test
  void aLargeLimitIsStillAskedForTwiceOverBeforeAllIsRead() {
    VectorCollection pages = load(4_000);
    Filter even = Filter.field("m").eq(0);

    List<SearchHit> hits = pages.search(nearest().filter(even).limit(800));

    assertThat(hits).hasSize(800).allMatch(hit -> hit.score() % 2 == 0 && hit.score() >= 2_400);
    assertThat(engine.requests).containsExactly("nearest 1600");
    engine.requests.clear();
    Filter few = Filter.field("n").lt(1_000);
    assertThat(pages.search(nearest().filter(few).limit(600))).hasSize(600);
    assertThat(engine.requests).startsWith("nearest 1200", "scan 500");
    engine.requests.clear();
    assertThat(pages.search(nearest().filter(few).limit(200))).hasSize(200);
    assertThat(engine.requests).startsWith("nearest 400", "nearest 1000", "scan 500");
  }

  @Test
  void candidatesBelowTheLeastScoreEndTheSearch() {
    VectorCollection pages = load(300);
    Filter few = Filter.and(Filter.field("m").eq(0), Filter.field("n").lt(280));

    List<SearchHit> hits = pages.search(nearest().filter(few).minScore(270).limit(33));

    assertThat(numbers(hits)).containsExactly(278L, 276L, 274L, 272L, 270L);
    assertThat(engine.requests).containsExactly("nearest 66");
  }

  @Test
  void anExactAnswerHasTheFirstByIdOfEqualScores() {
    VectorCollection pages = loadTies(300);
    engine.exactFilters = true;

    assertThat(numbers(pages.search(nearest().exact().limit(3)))).containsExactly(0L, 1L, 2L);
    assertThat(engine.requests)
        .containsExactly("exact 4", "exact 16", "exact 64", "exact 256", "exact 1000");
    engine.requests.clear();
    assertThat(numbers(pages.search(nearest().limit(3)))).hasSize(3);
    assertThat(engine.requests).containsExactly("nearest 3");
  }

  @Test
  void anExactAnswerIsReadWhereNoEndOfTheEqualScoresIsSeen() {
    VectorCollection pages = loadTies(1_500);

    assertThat(numbers(pages.search(nearest().exact().limit(3)))).containsExactly(0L, 1L, 2L);
    assertThat(engine.requests)
        .endsWith("exact 1000", "scan 500", "scan 500", "scan 500", "scan 500");
  }

  @Test
  void equalScoresAtALargeLimitAreAskedForTwiceOverBeforeAllIsRead() {
    VectorCollection pages = loadTies(3_000);
    engine.exactFilters = true;

    assertThat(pages.search(nearest().exact().limit(1_001))).hasSize(1_001);
    assertThat(engine.requests).startsWith("exact 1002", "exact 2002", "scan 500");
  }

  @Test
  void anExactAnswerWithoutEqualScoresAtItsLimitIsAskedForOnce() {
    VectorCollection pages = load(300);
    engine.exactFilters = true;

    assertThat(pages.search(nearest().exact().limit(3))).hasSize(3);
    assertThat(pages.search(nearest().exact().limit(400))).hasSize(300);
    assertThat(engine.requests).containsExactly("exact 4", "exact 401");
  }

  @Test
  void ofABatchWhatIsNativeGoesTogetherAndTheRestOneByOne() {
    VectorCollection pages = load(300);
    SearchRequest tested = nearest().filter(Filter.field("n").lt(5)).limit(2);
    SearchRequest byId = nearest().filter(Filter.ids(List.of(RecordId.of(7)))).limit(1);
    SearchRequest none = nearest().filter(Filter.none());

    List<List<SearchHit>> answers =
        pages.searchBatch(List.of(nearest().limit(2), tested, byId, none));

    assertThat(answers.stream().map(SearchesTest::numbers))
        .containsExactly(List.of(299L, 298L), List.of(4L, 3L), List.of(7L), List.of());
    assertThat(engine.requests)
        .containsExactly(
            "batch 2", "nearest 2", "nearest 1", "nearest 64", "nearest 256", "nearest 1000");
  }

  @Test
  void aBatchOfWhatIsNotNativeMakesNoRequestTogether() {
    VectorCollection pages = load(10);
    engine.exactFilters = true;

    pages.searchBatch(List.of(nearest().filter(Filter.none()), SearchRequest.text("fox")));

    assertThat(engine.requests).containsExactly("ranked 11");
  }

  @Test
  void exactSearchesOfABatchAreCompletedWhereTheyCutEqualScores() {
    VectorCollection pages = loadTies(20);
    engine.exactFilters = true;

    List<List<SearchHit>> answers =
        pages.searchBatch(List.of(nearest().exact().limit(3), nearest().exact().limit(40)));

    assertThat(numbers(answers.get(0))).containsExactly(0L, 1L, 2L);
    assertThat(answers.get(1)).hasSize(20);
    assertThat(engine.requests)
        .containsExactly("batch 2", "exact 4", "exact 41", "exact 4", "exact 16", "exact 64");
  }

  @Test
  void theProjectionIsOfWhatIsAskedForAlsoWhereAllIsRead() {
    VectorCollection pages = load(2_000);
    SearchRequest request =
        nearest().filter(Filter.field("n").lt(5)).limit(2).projection(Projection.fields("m"));

    List<SearchHit> hits = pages.search(request);

    assertThat(engine.requests).contains("scan 500");
    assertThat(hits).allMatch(hit -> hit.record().payload().keys().equals(java.util.Set.of("m")));
    assertThat(hits).allMatch(hit -> hit.record().vector().isEmpty());
  }

  @Test
  void aNamedVectorIsSearchedByItsName() {
    engine.spec =
        CollectionSpec.builder("pages")
            .vectors(2, Metric.DOT)
            .vector("title", 2, Metric.DOT)
            .field("content", FieldType.TERMS)
            .build();
    VectorRecord one =
        VectorRecord.of(RecordId.of(1), new float[] {1, 0}, Payload.empty())
            .withVector("title", Embedding.of(5, 0));
    pages().upsert(one);

    assertThat(pages().search(nearest()).get(0).score()).isEqualTo(1);
    assertThat(pages().search(nearest().using("title")).get(0).score()).isEqualTo(5);
  }

  @Test
  void theOnlyVectorIsSearchedUnderItsName() {
    engine.spec = CollectionSpec.builder("pages").vector("title", 2, Metric.DOT).build();
    pages().upsert(VectorRecord.of(RecordId.of(1), new float[] {5, 0}, Payload.empty()));

    assertThat(pages().search(nearest()).get(0).score()).isEqualTo(5);
    SearchRequest request = nearest().projection(Projection.all());
    assertThat(pages().search(request).get(0).record().vectors()).containsOnlyKeys("title");
  }

  @Test
  void aSearchByVectorIsExplainedByItsRequest() {
    assertThat(pages().explain(nearest().limit(7))).isEqualTo("nearest 7");
    assertThat(pages().explain(nearest().exact().limit(7))).isEqualTo("nearest 8");
  }
}
