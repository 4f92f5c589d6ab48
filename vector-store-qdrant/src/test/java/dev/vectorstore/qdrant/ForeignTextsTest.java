package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.qdrant.client.grpc.Points.PointsIdsList;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.SetPayloadPoints;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Finding 9 of issue 15: another client changes a text, and our terms stay beside it. */
@RequiresEngine(TestEngine.QDRANT)
class ForeignTextsTest extends OneCollection {
  private static final Filter OLD = Filter.field("t").matchesText("cat");

  private VectorCollection make(FieldType type) {
    VectorCollection texts =
        bench
            .store()
            .ensureCollection(
                CollectionSpec.builder(name).vectors(2, Metric.DOT).field("t", type).build());
    texts.upsert(List.of(record(1, "the cat sat"), record(2, "a cat ran"), record(3, "a dog")));
    return texts;
  }

  private static VectorRecord record(long id, String text) {
    return VectorRecord.of(
        RecordId.of(id), Embedding.of(1, (float) id), Payload.of(Map.of("t", text, "n", id)));
  }

  private SetPayloadPoints.Builder change(long id, String text) {
    return SetPayloadPoints.newBuilder()
        .setCollectionName(name)
        .setWait(true)
        .putPayload("t", JsonValues.string(text))
        .setPointsSelector(
            PointsSelector.newBuilder()
                .setPoints(PointsIdsList.newBuilder().addIds(PointIds.of(RecordId.of(id)))));
  }

  /** By Qdrant's own verb for a key. */
  private void setPayload(long id, String text) {
    assertThat(bench.points().setPayload(change(id, text).build()).hasResult()).isTrue();
  }

  private static List<Long> ids(List<SearchHit> hits) {
    return hits.stream().map(hit -> ((RecordId.NumberId) hit.id()).value()).sorted().toList();
  }

  @Test
  void aRankingFindsNoTextByWordsThatItHad() {
    VectorCollection texts = make(FieldType.TEXT);
    setPayload(1, "the mouse sat");
    SearchRequest search = SearchRequest.text("cat");
    for (SearchRequest request :
        List.of(
            search,
            search.limit(1),
            search.projection(Projection.ids()),
            search.projection(Projection.fields("n")),
            search.filter(Filter.field("n").lt(3)),
            search.filter(Filter.field("n").lt(3)).projection(Projection.ids()))) {
      List<SearchHit> hits = texts.search(request);
      assertThat(ids(hits)).as("%s", request).containsExactly(2L);
      assertThat(hits.get(0).record().payload().keys())
          .isEqualTo(request.projection().apply(record(2, "")).payload().keys());
    }
  }

  @Test
  void nothingButWhatWasAskedForComesBackOfATestedRanking() {
    VectorCollection texts = make(FieldType.TEXT);
    List<SearchHit> bare =
        texts.search(SearchRequest.text("cat").projection(Projection.fields("n").withVectors()));
    assertThat(bare)
        .hasSize(2)
        .allMatch(hit -> hit.record().payload().keys().equals(Set.of("n")))
        .allMatch(hit -> hit.record().vector().isPresent());
  }

  @Test
  void manyTextsThatLostTheirWordsHideNoneThatHasThem() {
    VectorCollection texts = make(FieldType.TEXT);
    List<Long> lost = LongStream.range(10, 60).boxed().toList();
    texts.upsert(lost.stream().map(id -> record(id, "cat cat cat")).toList());
    lost.forEach(id -> setPayload(id, "mouse"));
    assertThat(ids(texts.search(SearchRequest.text("cat").limit(5)))).containsExactly(1L, 2L);
  }

  @ParameterizedTest
  @EnumSource(
      value = FieldType.class,
      names = {"TERMS", "TEXT"})
  void hybridSearchesRankNoTextByWordsThatItHad(FieldType type) {
    VectorCollection texts = make(type);
    setPayload(1, "the mouse sat");
    SearchRequest hybrid = SearchRequest.hybrid(Embedding.of(0, 1), "cat", Fusion.rrf());
    List<SearchHit> changed = texts.search(hybrid);
    texts.upsert(record(1, "the mouse sat"));
    assertThat(changed).extracting(SearchHit::score).isEqualTo(scores(texts.search(hybrid)));
  }

  private static List<Double> scores(List<SearchHit> hits) {
    return hits.stream().map(SearchHit::score).toList();
  }

  @ParameterizedTest
  @EnumSource(
      value = FieldType.class,
      names = {"TERMS", "TEXT"})
  void noFilterReadsOrDeletesByWordsThatATextHad(FieldType type) {
    VectorCollection texts = make(type);
    setPayload(1, "the mouse sat");
    ScanRequest scan = ScanRequest.all();
    assertThat(texts.scan(scan.filter(OLD)).records())
        .extracting(VectorRecord::id)
        .containsExactly(RecordId.of(2));
    assertThat(ids(texts.search(SearchRequest.nearest(1, 0).filter(OLD)))).containsExactly(2L);
    texts.deleteWhere(Filter.not(Filter.field("t").matchesText("mouse")));
    texts.deleteWhere(OLD);
    assertThat(texts.scan(scan).records())
        .extracting(VectorRecord::id)
        .containsExactly(RecordId.of(1));
  }

  private static List<RecordIssue> told(VectorCollection texts) {
    return texts.scan(ScanRequest.all()).issues();
  }

  @ParameterizedTest
  @EnumSource(
      value = FieldType.class,
      names = {"TERMS", "TEXT"})
  void aTextThatAnotherClientChangedIsToldAsWithoutTermsUntilItIsWritten(FieldType type) {
    VectorCollection texts = make(type);
    assertThat(told(texts)).isEmpty();
    setPayload(1, "the mouse sat");
    assertThat(told(texts))
        .singleElement()
        .satisfies(
            issue -> {
              assertThat(issue.kind()).isEqualTo(RecordIssue.Kind.NO_TERMS);
              assertThat(issue.id()).contains(RecordId.of(1));
              assertThat(issue.path()).contains("/t");
              assertThat(issue.reason()).doesNotContain("mouse");
            });
    texts.patchPayload(List.of(RecordId.of(1)), Payload.of(Map.of("n", 9)), List.of());
    assertThat(told(texts)).as("another key is patched").hasSize(1);
    texts.patchPayload(
        List.of(RecordId.of(1)), Payload.of(Map.of("t", "the mouse sat")), List.of());
    assertThat(told(texts)).isEmpty();
    assertThat(texts.count(Filter.field("t").matchesText("mouse"))).isEqualTo(1);
    setPayload(2, "...");
    assertThat(told(texts)).as("it has no word to be found by").isEmpty();
  }

  /** Then nothing of ours is left beside the text. */
  @Test
  void aRecordThatAnotherClientWroteWholeIsToldToo() {
    VectorCollection texts = make(FieldType.TERMS);
    assertThat(bench.points().overwritePayload(change(1, "the mouse sat").build()).hasResult())
        .isTrue();
    assertThat(told(texts)).extracting(RecordIssue::row).containsExactly("1");
    texts.patchPayload(List.of(RecordId.of(1)), Payload.of(Map.of("n", 9)), List.of());
    assertThat(told(texts)).as("another key is patched").hasSize(1);
    texts.upsert(record(1, "the mouse sat"));
    assertThat(told(texts)).isEmpty();
  }

  @Test
  void ofOursNothingIsTold() {
    VectorCollection texts = make(FieldType.TERMS);
    texts.upsert(
        VectorRecord.of(RecordId.of("a text id"), Payload.of(Map.of("t", List.of("a b", 3, "c")))),
        VectorRecord.of(RecordId.of(5), Payload.of(Map.of("t", "", "d", 0.1 + 0.2))),
        VectorRecord.of(RecordId.of(6), Payload.of(Map.of("t", 3))),
        VectorRecord.of(RecordId.of(7), Payload.empty()));
    assertThat(told(texts)).isEmpty();
    texts.patchPayload(
        List.of(RecordId.of(5), RecordId.of(6), RecordId.of(7)),
        Payload.of(Map.of("x", 1)),
        List.of());
    texts.patchPayload(List.of(RecordId.of(7)), Payload.of(Map.of("t", "word")), List.of());
    texts.patchPayload(List.of(RecordId.of(2)), Payload.empty(), List.of("t"));
    assertThat(told(texts)).isEmpty();
  }
}
