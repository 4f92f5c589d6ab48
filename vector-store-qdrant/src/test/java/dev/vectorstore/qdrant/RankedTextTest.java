package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.Points.DeleteFieldIndexCollection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Texts ranked by the server's sparse vectors, and what is special about them. */
@RequiresEngine(TestEngine.QDRANT)
class RankedTextTest extends OneCollection {
  /** Dimensions have 32 bits, and there are more words than that. */
  @Test
  void aTermWithTheDimensionOfAnotherOneIsNotThatTerm() {
    List<String> twins = twins();
    VectorCollection collection = create();
    collection.upsert(
        List.of(
            record(1, "the " + twins.get(0)),
            record(2, "the " + twins.get(1)),
            record(3, twins.get(0) + " and " + twins.get(1)),
            record(4, "the other")));
    assertThat(found(collection, twins.get(0))).containsExactlyInAnyOrder(1L, 3L);
    assertThat(found(collection, twins.get(1))).containsExactlyInAnyOrder(2L, 3L);
    assertThat(found(collection, twins.get(0) + " " + twins.get(1)))
        .containsExactlyInAnyOrder(1L, 2L, 3L);
  }

  private static List<String> twins() {
    Map<Integer, String> byDimension = new HashMap<>();
    for (int i = 0; ; i++) {
      String term = "w" + i;
      String other = byDimension.put(RankedTerms.dimension(term), term);
      if (other != null) {
        return List.of(other, term);
      }
    }
  }

  /** What is stored is found by it: another hash would need all collections to be made anew. */
  @Test
  void theDimensionOfATermIsForGood() {
    assertThat(RankedTerms.dimension("fox")).isEqualTo(-1_621_867_415);
    assertThat(RankedTerms.dimension("\u5411\u91cf")).isEqualTo(1_169_440_797);
  }

  /** As written: an upsert, a patch of a ranked text and one of another key give the same point. */
  @Test
  void aPatchedRecordIsWhatAWrittenOneIs() {
    VectorCollection collection = create();
    VectorRecord record = record(1, "a red fox");
    collection.upsert(record);
    SearchRequest fox = SearchRequest.text("red fox").projection(Projection.all());
    List<SearchHit> written = collection.search(fox);
    for (int i = 0; i < 5; i++) {
      patch(collection, 1, Map.of("text", "something else entirely", "n", i), List.of());
      assertThat(collection.search(fox)).isEmpty();
      patch(collection, 1, Map.of("text", "a red fox"), List.of("n"));
    }
    assertThat(collection.search(fox)).isEqualTo(written);
    assertThat(written.get(0).record().vector()).isPresent();
  }

  /** A patch that finds a record and loses it to a delete must not bring it back. */
  @Test
  void racingPatchesUpsertsAndDeletesLeaveTextAndWeightsInStep() throws Exception {
    VectorCollection collection = create();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> racers = new ArrayList<>();
    for (int racer = 0; racer < 4; racer++) {
      int own = racer;
      racers.add(threads.submit(() -> race(collection, own)));
    }
    for (Future<?> racer : racers) {
      racer.get();
    }
    threads.shutdown();
    for (long id = 0; id < 3; id++) {
      String there =
          collection
              .fetch(RecordId.of(id))
              .map(record -> record.payload().text("text").orElse(""))
              .orElse("");
      for (int own = 0; own < 3; own++) {
        for (int i = 0; i < 40; i++) {
          String word = "word" + own + "x" + i;
          assertThat(found(collection, word).contains(id)).isEqualTo(there.contains(word + " "));
        }
      }
    }
    collection.deleteAll();
    assertThat(found(collection, "all")).isEmpty();
  }

  private static void race(VectorCollection collection, int own) {
    Random random = new Random(own);
    for (int i = 0; i < 40; i++) {
      RecordId id = RecordId.of(random.nextInt(3));
      String text = "word" + own + "x" + i + " all";
      switch (own) {
        case 0 ->
            collection.upsert(
                VectorRecord.of(id, Embedding.of(1, 2), Payload.of(Map.of("text", text))));
        case 3 -> collection.delete(List.of(id));
        default ->
            collection.patchPayload(List.of(id), Payload.of(Map.of("text", text)), List.of());
      }
    }
  }

  @Test
  void aCollectionThatWasMadeAnewWithoutRankingTakesNoWeights() {
    VectorCollection collection = create();
    assertThat(collection.count(Filter.all())).as("opened now").isZero();
    bench.store().drop(name);
    bench
        .store()
        .ensureCollection(
            CollectionSpec.builder(name)
                .vectors(2, Metric.DOT)
                .field("text", FieldType.TERMS)
                .field("title", FieldType.TERMS)
                .build());
    assertThatThrownBy(() -> collection.upsert(record(1, "a fox"))).isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> found(collection, "fox")).isInstanceOf(Conflict.class);
  }

  @Test
  void aCollectionOfOthersIsNotRanked() {
    VectorParams vector = VectorParams.newBuilder().setSize(2).setDistance(Distance.Dot).build();
    bench
        .collections()
        .create(
            CreateCollection.newBuilder()
                .setCollectionName(name)
                .setVectorsConfig(VectorsConfig.newBuilder().setParams(vector))
                .build());
    assertThatThrownBy(this::create).isInstanceOf(Conflict.class).hasMessageContaining("copy");
    assertThat(bench.store().describe(name).capabilities()).doesNotContain(Capability.RANKED_TEXT);
    assertThatThrownBy(() -> found(bench.store().collection(name), "fox"))
        .isInstanceOf(UnsupportedFeature.class);
  }

  /** Without it, the terms of a hit couldn't be told. */
  @Test
  void aRemovedIndexOfTermsIsMissedAndMadeAgain() {
    create().upsert(record(1, "a fox"));
    bench
        .points()
        .deleteFieldIndex(
            DeleteFieldIndexCollection.newBuilder()
                .setCollectionName(name)
                .setFieldName(Reserved.path(Reserved.slot(dev.vectorstore.FieldPath.of("text"))))
                .setWait(true)
                .build());
    assertThatThrownBy(() -> found(bench.store().collection(name), "fox"))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("ensureCollection");
    assertThat(found(create(), "fox")).containsExactly(1L);
  }

  @Test
  void strictModeIsPlannedFor() {
    VectorCollection all = create();
    all.upsert(
        IntStream.range(0, 60)
            .mapToObj(i -> record(i, "fox " + "dog ".repeat(i), "other"))
            .toList());
    List<SearchRequest> requests = new ArrayList<>();
    for (Filter filter :
        List.of(Filter.all(), Filter.field("n").lt(40), Filter.ids(List.of(RecordId.of(3))))) {
      for (int limit : new int[] {3, 30, 100}) {
        requests.add(SearchRequest.text("fox").filter(filter).limit(limit));
        requests.add(
            SearchRequest.hybrid(Embedding.of(1, 2), "fox", Fusion.rrf())
                .filter(filter)
                .limit(limit));
      }
    }
    List<List<SearchHit>> expected = requests.stream().map(all::search).toList();
    for (StrictModeConfig.Builder limits : strictModes()) {
      bench
          .collections()
          .update(
              UpdateCollection.newBuilder()
                  .setCollectionName(name)
                  .setStrictModeConfig(limits.setEnabled(true))
                  .build());
      VectorCollection strict = bench.store().collection(name);
      for (int i = 0; i < requests.size(); i++) {
        assertThat(strict.search(requests.get(i)))
            .as("%s", requests.get(i))
            .isEqualTo(expected.get(i));
      }
    }
    VectorCollection strict = bench.store().collection(name);
    patch(strict, 7, Map.of("text", "owl"), List.of());
    assertThat(found(strict, "owl")).containsExactly(7L);
  }

  /** A page of ids is then more than one condition, or one condition too many. */
  @Test
  void rankingByPagesIsWithinStrictMode() {
    List<String> wanted = IntStream.range(0, 12).mapToObj(i -> "k" + i).toList();
    VectorCollection all = create();
    all.upsert(
        IntStream.range(0, 1_400)
            .mapToObj(
                i ->
                    VectorRecord.of(
                        RecordId.of(i),
                        Payload.of(
                            Map.of(
                                "text",
                                i < 1_200 ? "fox fox" : "fox " + "dog ".repeat(1_400 - i),
                                "k",
                                "k" + (i < 1_200 ? 99 : i % 12)))))
            .toList());
    SearchRequest request =
        SearchRequest.text("fox").filter(Filter.field("k").in(wanted)).limit(20);
    List<SearchHit> expected = all.search(request);
    assertThat(expected).hasSize(20).first().extracting(SearchHit::id).isEqualTo(RecordId.of(1399));
    for (StrictModeConfig.Builder limits :
        List.of(
            StrictModeConfig.newBuilder().setConditionMaxSize(11),
            StrictModeConfig.newBuilder().setConditionMaxSize(11).setFilterMaxConditions(1))) {
      bench
          .collections()
          .update(
              UpdateCollection.newBuilder()
                  .setCollectionName(name)
                  .setStrictModeConfig(limits.setEnabled(true))
                  .build());
      assertThat(bench.store().collection(name).search(request)).isEqualTo(expected);
    }
  }

  private static List<StrictModeConfig.Builder> strictModes() {
    return List.of(
        StrictModeConfig.newBuilder().setMaxQueryLimit(7).setSearchMaxBatchsize(1),
        StrictModeConfig.newBuilder().setMaxQueryLimit(1_000).setSearchMaxBatchsize(2),
        StrictModeConfig.newBuilder().setFilterMaxConditions(1).setConditionMaxSize(4),
        StrictModeConfig.newBuilder()
            .setFilterMaxConditions(2)
            .setUpsertMaxBatchsize(5)
            .setUnindexedFilteringRetrieve(false)
            .setUnindexedFilteringUpdate(false));
  }

  @Test
  void theRequestIsExplainedWithoutItsValues() {
    String explained = create().explain(SearchRequest.text("secret fox").limit(7));
    assertThat(explained)
        .contains("nearest=[2 terms]", "limit=7", "match text_any ?")
        .doesNotContain("secret");
  }

  private VectorCollection create() {
    VectorStore store = bench.store();
    return store.ensureCollection(
        CollectionSpec.builder(name)
            .vectors(2, Metric.DOT)
            .field("text", FieldType.TEXT)
            .field("title", FieldType.TEXT)
            .build());
  }

  private static VectorRecord record(long id, String text) {
    return VectorRecord.of(
        RecordId.of(id), Embedding.of(0.1f * id, 0.3f), Payload.of(Map.of("text", text)));
  }

  private static VectorRecord record(long id, String text, String title) {
    Payload payload = Payload.of(Map.of("text", text, "title", title, "n", id));
    return record(id, text).withPayload(payload);
  }

  private static List<Long> found(VectorCollection collection, String query) {
    return collection.search(SearchRequest.text(query).projection(Projection.ids())).stream()
        .map(hit -> ((RecordId.NumberId) hit.id()).value())
        .toList();
  }

  private static void patch(
      VectorCollection collection, long id, Map<String, ?> set, List<String> remove) {
    assertThat(collection.patchPayload(List.of(RecordId.of(id)), Payload.of(set), remove).patched())
        .isEqualTo(1);
  }
}
