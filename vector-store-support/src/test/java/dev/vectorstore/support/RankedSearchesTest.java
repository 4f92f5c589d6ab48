package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the core makes of an engine's rankings of single fields. */
class RankedSearchesTest {
  private final ListEngine engine = new ListEngine();
  private final VectorStore store =
      EngineStore.open(
          engine, CallOptions.builder().retry(RetryPolicy.none()).build(), CallListener.NONE);
  private final VectorCollection pages = store.collection("pages");

  @AfterEach
  void close() {
    store.close();
  }

  /** Record i has i % 13 foxes in one field, and i % 7 in the other. */
  private void load(int records) {
    pages.upsert(
        IntStream.range(0, records)
            .mapToObj(
                i ->
                    VectorRecord.of(
                        RecordId.of(i),
                        Embedding.of(i + 1, 1),
                        Payload.builder()
                            .put("n", i)
                            .put("ranked", "fox ".repeat(i % 13))
                            .put("title", "fox ".repeat(i % 7))
                            .build()))
            .toList());
    engine.requests.clear();
  }

  private static SearchRequest fox() {
    return SearchRequest.text("fox Fox");
  }

  private static double best(SearchHit hit) {
    long n = ((RecordId.NumberId) hit.id()).value();
    return Math.max(n % 13, n % 7);
  }

  @Test
  void theBestFieldCountsAndEachRecordComesOnce() {
    load(60);
    engine.exactFilters = true;

    List<SearchHit> hits = pages.search(fox().limit(50));

    assertThat(hits).hasSize(50).isSortedAccordingTo(Searches.ORDER);
    assertThat(hits).allMatch(hit -> hit.score() == best(hit));
    assertThat(hits.stream().map(SearchHit::id)).doesNotHaveDuplicates();
    assertThat(engine.requests).containsExactly("ranked 51", "ranked 204");
  }

  @Test
  void whatTheEngineCannotSayIsTestedUntilEachFieldHasEnough() {
    load(300);
    Filter filter = Filter.field("n").gte(290);

    List<SearchHit> hits = pages.search(fox().filter(filter).limit(5));

    engine.exactFilters = true;
    assertThat(hits).hasSize(5).isEqualTo(pages.search(fox().filter(filter).limit(5)));
    assertThat(hits.get(0).record().vector()).isEmpty();
    assertThat(engine.requests).startsWith("ranked 64", "ranked 256");
  }

  @Test
  void aFilterThatDropsNearlyAllIsRankedInPages() {
    load(3_000);
    Filter filter = Filter.field("n").gte(2_990);
    SearchRequest request = fox().filter(filter).limit(7).projection(Projection.fields("n"));

    List<SearchHit> hits = pages.search(request);

    assertThat(engine.requests)
        .contains("ranked 1000", "scan 500", "ranked 10")
        .doesNotContain("ranked 4000");
    engine.exactFilters = true;
    assertThat(hits).hasSize(7).isEqualTo(pages.search(request));
  }

  @Test
  void aPageIsRankedInHalvesWhereItsIdsAreTooManyForOneFilter() {
    load(3_000);
    engine.mostIds = 2;
    Filter filter = Filter.field("n").gte(2_990);
    SearchRequest request = fox().filter(filter).limit(7);

    List<SearchHit> hits = pages.search(request);

    assertThat(engine.requests).contains("ranked 1000", "scan 500", "ranked 2", "ranked 1");
    assertThat(engine.requests).doesNotContain("ranked 10", "ranked 5", "ranked 4000");
    engine.exactFilters = true;
    assertThat(hits).hasSize(7).isEqualTo(pages.search(request));
  }

  @Test
  void whereNoFilterByIdsIsTakenMoreAndMoreIsRanked() {
    load(3_000);
    engine.mostIds = 0;
    Filter filter = Filter.field("n").gte(2_990);
    SearchRequest request = fox().filter(filter).limit(7);

    List<SearchHit> hits = pages.search(request);

    assertThat(engine.requests)
        .containsExactly(
            "ranked 64",
            "ranked 256",
            "ranked 1000",
            "scan 500",
            "scan 500",
            "scan 500",
            "scan 500",
            "scan 500",
            "scan 500",
            "ranked 4000");
    engine.exactFilters = true;
    assertThat(hits).hasSize(7).isEqualTo(pages.search(request));
  }

  @Test
  void whatIsTestedIsAskedForTwiceOver() {
    load(300);

    assertThat(pages.search(fox().filter(Filter.field("n").gte(0)).limit(50))).hasSize(50);
    assertThat(engine.requests).startsWith("ranked 102");
  }

  @Test
  void aLargeLimitIsRankedTwiceOverBeforePagesAre() {
    load(3_000);

    assertThat(pages.search(fox().filter(Filter.field("n").lt(700)).limit(600))).hasSize(600);
    assertThat(engine.requests).startsWith("ranked 1202", "scan 500");
  }

  @Test
  void anEngineThatCutsTiesByIdIsAskedOnce() {
    load(60);
    engine.exactFilters = true;
    engine.cutsTiesById = true;

    assertThat(pages.search(fox().limit(50))).hasSize(50);
    assertThat(engine.requests).containsExactly("ranked 50");
  }

  @Test
  void onlyAnAnswerWithTiesAtItsLimitIsAskedForAgain() {
    load(13);
    engine.exactFilters = true;

    List<SearchHit> hits = pages.search(fox().limit(1));
    assertThat(hits.get(0).score()).isEqualTo(12);
    assertThat(engine.requests).containsExactly("ranked 2");
    engine.requests.clear();
    assertThat(pages.search(fox().limit(2))).hasSize(2);
    assertThat(engine.requests).containsExactly("ranked 3", "ranked 12");
  }

  @Test
  void theRankingOfAHybridSearchIsCompletedWhereItCutsEqualScores() {
    load(100);
    engine.exactFilters = true;
    Embedding vector = Embedding.of(1, 0);

    List<SearchHit> hits = pages.search(SearchRequest.hybrid(vector, "fox", Fusion.rrf()).limit(8));

    assertThat(engine.requests).containsExactly("nearest 16", "ranked 17", "ranked 64");
    engine.cutsTiesById = true;
    engine.requests.clear();
    SearchRequest once = SearchRequest.hybrid(vector, "fox", Fusion.rrf()).limit(8);
    assertThat(pages.search(once)).hasSize(8);
    assertThat(engine.requests).containsExactly("nearest 16", "ranked 16");
    assertThat(hits)
        .isEqualTo(
            Fusion.rrf()
                .fuse(
                    pages.search(SearchRequest.nearest(vector).limit(16)),
                    pages.search(fox().limit(16)),
                    8));
  }

  @Test
  void aHybridAnswerIsTheFusionOfItsLegsWhetherTheFilterIsNativeOrNot() {
    load(100);
    for (boolean exact : new boolean[] {true, false}) {
      engine.exactFilters = exact;
      Filter filter = Filter.field("n").lt(50);
      Embedding vector = Embedding.of(1, 0);
      List<SearchHit> hits =
          pages.search(SearchRequest.hybrid(vector, "fox", Fusion.rrf()).filter(filter).limit(8));
      assertThat(hits)
          .isEqualTo(
              Fusion.rrf()
                  .fuse(
                      pages.search(SearchRequest.nearest(vector).filter(filter).limit(16)),
                      pages.search(fox().filter(filter).limit(16)),
                      8));
    }
  }

  @Test
  void eachFieldIsExplained() {
    assertThat(pages.explain(fox().limit(9)))
        .isEqualTo("ranked [\"ranked\"] 9\nranked [\"title\"] 9");
    assertThat(pages.explain(SearchRequest.hybrid(Embedding.of(1, 0), "fox", Fusion.rrf())))
        .isEqualTo(
            """
            by vector: nearest 20
            by text, ranked: ranked ["ranked"] 20
            by text, ranked: ranked ["title"] 20""");
  }

  @Test
  void withoutTheCapabilityNothingIsSent() {
    engine.capabilities.remove(Capability.RANKED_TEXT);

    assertThatThrownBy(() -> store.ensureCollection(ListEngine.SPEC))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("RANKED_TEXT");
    assertThat(engine.requests).isEmpty();
    assertThatThrownBy(() -> pages.search(fox()))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("declare a field as TEXT");
    assertThat(engine.requests).containsExactly("describe");
  }

  @Test
  void theRankedFieldsOfACollectionAreKnown() {
    assertThat(RankedFields.of(ListEngine.SPEC))
        .containsExactly(FieldPath.of("ranked"), FieldPath.of("title"));
    CollectionSpec plain = CollectionSpec.builder("b").field("a", FieldType.TERMS).build();
    assertThat(RankedFields.of(plain)).isEmpty();
  }
}
