package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vectorstore.CallOptions;
import dev.vectorstore.Capability;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.PartialWrite.Outcome;
import dev.vectorstore.VectorStoreException.PartialWrite.Range;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineCollectionTest {
  private final ListEngine engine = new ListEngine();
  private final HeardCalls heard = new HeardCalls();
  private final VectorStore store =
      EngineStore.open(engine, CallOptions.builder().retry(RetryPolicy.none()).build(), heard);
  private final VectorCollection pages = store.collection("pages");

  @AfterEach
  void close() {
    store.close();
  }

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
                            .put("content", i % 2 == 0 ? "even number" : "odd number")
                            .build()))
            .toList());
    engine.requests.clear();
  }

  private static SearchRequest nearest() {
    return SearchRequest.nearest(Embedding.of(1, 0));
  }

  private static List<Long> numbers(List<SearchHit> hits) {
    return hits.stream().map(hit -> ((RecordId.NumberId) hit.id()).value()).toList();
  }

  @Test
  void aShortAnswerOfAnApproximateIndexIsAskedAgainExactly() {
    load(8);
    engine.approximate = true;
    engine.exactFilters = true;

    List<SearchHit> hits = pages.search(nearest().filter(Filter.field("n").gte(2)).limit(6));

    assertThat(numbers(hits)).containsExactly(7L, 6L, 5L, 4L, 3L, 2L);
    assertThat(engine.requests).containsExactly("nearest 6", "exact 6");
  }

  @Test
  void anApproximateAnswerIsFinalWhereTheEngineCannotBeExact() {
    load(8);
    engine.approximate = true;
    engine.exactFilters = true;
    engine.capabilities = EnumSet.of(Capability.VECTOR_SEARCH);

    assertThat(pages.search(nearest().limit(6))).hasSize(4);
  }

  @Test
  void whatTheEngineCannotSayIsTestedAndFetchedForUntilTheLimitIsFull() {
    load(300);

    List<SearchHit> hits = pages.search(nearest().filter(Filter.field("n").lt(200)).limit(3));

    assertThat(numbers(hits)).containsExactly(199L, 198L, 197L);
    assertThat(engine.requests).containsExactly("nearest 64", "nearest 256");
  }

  @Test
  void aFilterThatDropsNearlyAllIsAnsweredByReadingInPages() {
    load(3_000);

    List<SearchHit> hits = pages.search(nearest().filter(Filter.field("n").lt(5)).limit(2));

    assertThat(numbers(hits)).containsExactly(4L, 3L);
    assertThat(engine.requests).contains("nearest 1000", "scan 500");
    assertThat(hits.get(0).score()).isEqualTo(5);
    assertThat(hits.get(0).record().vector()).isEmpty();
  }

  @Test
  void equalScoresAreOrderedByIdAndTheLeastScoreIsInclusive() {
    for (long id : new long[] {5, 3, 9}) {
      pages.upsert(VectorRecord.of(RecordId.of(id), Embedding.of(2, (float) id), Payload.empty()));
    }
    pages.upsert(VectorRecord.of(RecordId.of(1), Embedding.of(1.9f, 0), Payload.empty()));

    assertThat(numbers(pages.search(nearest().minScore(2)))).containsExactly(3L, 5L, 9L);
  }

  @Test
  void hybridFusesALegOfTwiceTheLimitEach() {
    engine.capabilities.remove(Capability.RANKED_TEXT);
    load(20);
    Embedding query = Embedding.of(1, 0);

    List<SearchHit> hits = pages.search(SearchRequest.hybrid(query, "even", Fusion.rrf()).limit(3));

    List<SearchHit> byVector = pages.search(nearest().limit(6));
    Filter even = Filter.field("content").matchesText("even");
    List<SearchHit> byText = pages.search(nearest().filter(even).limit(6));
    assertThat(hits).isEqualTo(Fusion.rrf().fuse(byVector, byText, 3));
  }

  @Test
  void hybridFillsItsTextRankingWithWhatHasNoVectorById() {
    engine.capabilities.remove(Capability.RANKED_TEXT);
    load(4);
    for (long id : List.of(9L, 7L, 8L)) {
      pages.upsert(
          VectorRecord.of(
              RecordId.of(id), Payload.builder().put("content", "even number").build()));
    }
    Embedding query = Embedding.of(1, 0);

    List<SearchHit> hits = pages.search(SearchRequest.hybrid(query, "even", Fusion.rrf()).limit(6));

    assertThat(numbers(hits)).containsExactly(2L, 0L, 3L, 1L, 7L, 8L);
  }

  @Test
  void hybridIsExplainedByItsLegsAndTheirLimits() {
    engine.capabilities.remove(Capability.RANKED_TEXT);
    SearchRequest request = SearchRequest.hybrid(Embedding.of(1, 0), "even", Fusion.rrf());

    assertThat(pages.explain(request))
        .isEqualTo("by vector: nearest 20\nby text, the nearest with all terms: nearest 20");
    assertThat(pages.explain(SearchRequest.hybrid(Embedding.of(1, 0), "?!", Fusion.rrf())))
        .isEqualTo("by vector: nearest 20\nby text: nothing, the question has no term");
  }

  @Test
  void aBatchGoesInOneRequestAndShortAnswersAreMended() {
    load(6);
    engine.approximate = true;
    engine.exactFilters = true;

    List<List<SearchHit>> answers =
        pages.searchBatch(
            List.of(nearest().limit(2), nearest().limit(6), nearest().filter(Filter.none())));

    assertThat(answers.get(0)).hasSize(2);
    assertThat(answers.get(1)).hasSize(6);
    assertThat(answers.get(2)).isEmpty();
  }

  @Test
  void countAndDeleteTestWhatTheEngineCannotSay() {
    load(2_500);
    Filter odd = Filter.field("content").matchesText("odd");

    assertThat(pages.count(odd)).isEqualTo(1_250);
    pages.deleteWhere(odd);

    assertThat(pages.count()).isEqualTo(1_250);
    assertThat(pages.count(odd)).isZero();
    assertThat(engine.requests).contains("deleteThose 1000", "deleteThose 250");
  }

  @Test
  void aDeleteOfEverythingIsRefusedInEveryGuise() {
    load(2);
    for (Filter filter :
        List.of(
            Filter.all(),
            Filter.not(Filter.none()),
            Filter.or(Filter.field("n").eq(1), Filter.all()),
            Filter.containsJson(Payload.empty()))) {
      assertThatThrownBy(() -> pages.deleteWhere(filter))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("deleteAll()");
    }
    assertThat(engine.records).hasSize(2);
  }

  @Test
  void aFilterOfAConstantFalseAsksNothing() {
    load(2);

    assertThat(pages.search(nearest().filter(Filter.none()))).isEmpty();
    assertThat(pages.count(Filter.field("n").in(List.of()))).isZero();
    pages.deleteWhere(Filter.none());

    assertThat(engine.requests).isEmpty();
  }

  @Test
  void theLastOfTwoRecordsWithOneIdWins() {
    pages.upsert(
        VectorRecord.of(RecordId.of(1), Payload.of(java.util.Map.of("v", 1))),
        VectorRecord.of(RecordId.of(1), Payload.of(java.util.Map.of("v", 2))));

    assertThat(pages.fetch(RecordId.of(1)).orElseThrow().payload().toMap()).containsEntry("v", 2L);
    assertThat(engine.requests).contains("write 1");
  }

  @Test
  void nothingIsSentWhenOneRecordIsInvalid() {
    VectorRecord good = VectorRecord.of(RecordId.of(1), Embedding.of(1, 1), Payload.empty());
    VectorRecord bad = VectorRecord.of(RecordId.of(77), Embedding.of(1, 1, 1), Payload.empty());

    assertThatThrownBy(() -> pages.upsert(good, bad))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("upsert on pages (list)")
        .hasMessageContaining("77");
    assertThat(engine.records).isEmpty();
  }

  @Test
  void aMissingCapabilityIsRefused() {
    engine.capabilities = EnumSet.of(Capability.WRITE);

    assertThatThrownBy(() -> pages.search(nearest()))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("VECTOR_SEARCH");
    assertThatThrownBy(() -> store.apply(dev.vectorstore.WriteBatch.builder().build()))
        .isInstanceOf(UnsupportedFeature.class);
  }

  @Test
  void aCursorOfAnotherCollectionIsRefused() {
    load(3);
    String foreign = Cursors.encode("list", "others", "1");

    for (String cursor : List.of(foreign, "nonsense!", "")) {
      assertThatThrownBy(() -> pages.scan(ScanRequest.all().from(cursor)))
          .isInstanceOf(InvalidRequest.class);
    }
  }

  @Test
  void theDescriptionIsReadOnceAndShared() {
    pages.describe();
    pages.with(CallOptions.defaults()).count();

    assertThat(engine.requests).containsExactly("describe", "count");
  }

  @Test
  void theListenerHearsOfSuccessAndFailure() {
    pages.count();
    assertThatThrownBy(() -> store.collection("missing").count()).isInstanceOf(NotFound.class);

    assertThat(heard.operations()).containsExactly("count", "count");
    assertThat(heard.calls.get(0).end().failure()).isEmpty();
    assertThat(heard.calls.get(1).end().failure().map(Throwable::getMessage).orElseThrow())
        .isEqualTo("count on missing (list): there is no such collection");
  }

  @Test
  void useAfterCloseIsAnIllegalState() {
    store.close();
    store.close();

    assertThat(engine.closed).isTrue();
    assertThatThrownBy(pages::count).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(store::collections).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aTextSearchTakesAFilterOfTheWholeDepth() {
    engine.capabilities.remove(Capability.RANKED_TEXT);
    load(4);
    Filter deep = Filter.field("n").gte(2);
    while (deep.depth() < Filter.MAX_DEPTH) {
      Filter none = Filter.field("none").exists();
      deep = deep.depth() % 2 == 1 ? Filter.or(deep, none) : Filter.and(deep, Filter.not(none));
    }

    SearchRequest request = SearchRequest.hybrid(Embedding.of(1, 0), "number", Fusion.rrf());
    List<SearchHit> hits = pages.search(request.filter(deep));

    assertThat(deep.depth()).isEqualTo(Filter.MAX_DEPTH);
    assertThat(hits).hasSize(2);
  }

  @Test
  void anEngineThatFillsTheLimitIsAskedOnce() {
    load(5);
    engine.exactFilters = true;
    engine.fillsLimit = true;
    SearchRequest request = SearchRequest.nearest(Embedding.of(1, 1)).limit(10);

    assertThat(pages.search(request)).hasSize(5);
    assertThat(pages.searchBatch(List.of(request)).get(0)).hasSize(5);

    assertThat(engine.requests).filteredOn(r -> r.startsWith("exact")).isEmpty();
    assertThat(engine.requests).filteredOn(r -> r.startsWith("nearest")).hasSize(2);
  }

  @Test
  void anUpsertOfSeveralRequestsSaysWhichRecordsAreWhere() {
    engine.beforeWrite =
        batch -> {
          if (batch.get(0).id().equals(RecordId.of(10_000))) {
            throw new VectorStoreException.OutcomeUnknown("answer lost");
          }
        };

    VectorStoreException.PartialWrite partial =
        catchThrowableOfType(VectorStoreException.PartialWrite.class, () -> load(25_000));

    assertThat(partial.acknowledged()).isEqualTo(10_000);
    assertThat(partial.inFlight())
        .containsExactly(
            new Range(10_000, 20_000, Outcome.UNKNOWN),
            new Range(20_000, 25_000, Outcome.NOT_WRITTEN));
  }

  @Test
  void whenTheFirstOfSeveralRequestsWritesNothingItsErrorIsTheError() {
    engine.beforeWrite =
        batch -> {
          throw new VectorStoreException.AccessDenied("wrong key");
        };

    assertThatThrownBy(() -> load(25_000)).isInstanceOf(VectorStoreException.AccessDenied.class);
  }
}
