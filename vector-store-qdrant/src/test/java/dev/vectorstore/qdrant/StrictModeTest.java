package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.PatchReport;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.NamedVectors;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.Vectors;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Finding H1: a collection's strict mode, as Qdrant's cloud sets it by default, refuses filters on
 * fields without an index and much else. Every verb has to get along with it.
 */
@RequiresEngine(TestEngine.QDRANT)
class StrictModeTest extends OneCollection {
  private static final int RECORDS = 150;

  private final RandomFilters random = new RandomFilters(11);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void filtersOnFieldsWithoutIndexAreTestedHere(boolean declared) {
    List<VectorRecord> records = records();
    VectorCollection collection = strict(declared, unindexed());
    collection.upsert(records);
    for (int i = 0; i < 80; i++) {
      Filter filter = i % 2 == 0 ? random.filter(3) : Filter.not(random.filter(3));
      List<RecordId> meant =
          records.stream().filter(filter::test).map(VectorRecord::id).sorted().toList();
      assertThat(collection.count(filter)).as("%s", filter).isEqualTo(meant.size());
      assertThat(collection.scan(ScanRequest.all().filter(filter).pageSize(500)).records())
          .as("%s", filter)
          .extracting(VectorRecord::id)
          .containsExactlyInAnyOrderElementsOf(meant);
      SearchRequest near = SearchRequest.nearest(Embedding.of(1, 2, 3, 4)).filter(filter).limit(20);
      int expected = Math.min(20, meant.size());
      assertThat(collection.search(near)).as("%s", filter).hasSize(expected);
      assertThat(collection.searchBatch(List.of(near, near))).allMatch(a -> a.size() == expected);
    }
  }

  @Test
  void deletesTakeWhatTheyMeanThoughTheServerRefusesTheirFilters() {
    List<VectorRecord> records = records();
    VectorCollection collection = strict(true, unindexed());
    for (int i = 0; i < 20; i++) {
      collection.upsert(records);
      Filter filter = random.filter(2);
      if (!filter.isAll()) {
        collection.deleteWhere(filter);
        assertThat(collection.count(Filter.all()))
            .as("%s", filter)
            .isEqualTo(records.stream().filter(record -> !filter.test(record)).count());
      }
    }
  }

  /** The filters that our own keys need: the text of an id, and the token of a patch. */
  @Test
  void textIdsAndPatchesNeedNoIndexThatIsNotThere() {
    VectorCollection collection = strict(false, unindexed());
    RecordId text = RecordId.of("some text");
    RecordId uuid = RecordId.derived("some", "uuid");
    RecordId point = RecordId.of(java.util.UUID.fromString(PointIds.of(text).getUuid()));
    for (RecordId id : List.of(text, uuid)) {
      collection.upsert(VectorRecord.of(id, Payload.of(Map.of("text", "words", "d", 0.1 + 0.2))));
    }
    assertThat(collection.count(Filter.ids(List.of(text, point)))).isEqualTo(1);
    for (int i = 0; i < 2; i++) {
      assertThat(
              collection.patchPayload(
                  List.of(text, uuid, point), Payload.of(Map.of("text", "new")), List.of()))
          .isEqualTo(new PatchReport(2, 1));
    }
    assertThat(collection.count(Filter.field("text").matchesText("new"))).isEqualTo(2);
    collection.patchPayload(List.of(uuid), Payload.builder().put("d", null).build(), List.of());
    collection.delete(List.of(point));
    assertThat(collection.count(Filter.all())).isEqualTo(2);
    collection.delete(List.of(text, uuid));
    assertThat(collection.count(Filter.all())).isZero();
  }

  @Test
  void everyOtherLimitIsPlannedForToo() {
    VectorCollection collection =
        strict(
            false,
            unindexed()
                .setMaxQueryLimit(7)
                .setMaxTimeout(2)
                .setSearchAllowExact(false)
                .setSearchMaxHnswEf(16)
                .setUpsertMaxBatchsize(10)
                .setSearchMaxBatchsize(2)
                .setFilterMaxConditions(3)
                .setConditionMaxSize(4));
    List<VectorRecord> records = records();
    collection.upsert(records);
    List<RecordId> ids = records.stream().map(VectorRecord::id).toList();
    assertThat(collection.fetch(ids, Projection.ids())).hasSize(RECORDS);
    assertThat(collection.count(Filter.ids(ids.subList(0, 30)))).isEqualTo(30);
    SearchRequest effort =
        SearchRequest.nearest(Embedding.of(1, 2, 3, 4)).searchEffort(200).limit(100);
    assertThat(collection.search(effort)).hasSize(100);
    assertThat(collection.searchBatch(List.of(effort, effort, effort)))
        .allMatch(answer -> answer.size() == 100);
    assertThat(scanned(collection)).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(collection.patchPayload(ids, Payload.of(Map.of("x", 1)), List.of()).patched())
        .isEqualTo(RECORDS);
    collection.deleteWhere(Filter.ids(ids.subList(0, 50)));
    collection.delete(ids.subList(50, 100));
    assertThat(collection.count(Filter.field("x").eq(1))).isEqualTo(50);
    collection.upsert(
        ids.subList(100, 110).stream().map(id -> VectorRecord.of(id, Payload.empty())).toList());
    assertThat(collection.search(effort)).hasSize(40);
  }

  /** Of equal scores the server takes any, and others for the next page. */
  @Test
  void pagesOfEqualScoresHaveEachRecordOnce() {
    VectorCollection collection = strict(false, StrictModeConfig.newBuilder().setMaxQueryLimit(7));
    collection.upsert(
        IntStream.range(0, RECORDS)
            .mapToObj(
                i ->
                    VectorRecord.of(
                        RecordId.of(i),
                        Embedding.of(i % 2 == 0 ? 1 : 0.5f, 0, 0, 0),
                        Payload.empty()))
            .toList());
    for (int limit : new int[] {20, 75, 140, 150}) {
      assertThat(collection.search(SearchRequest.nearest(Embedding.of(1, 0, 0, 0)).limit(limit)))
          .as("the best %d, each once", limit)
          .hasSize(limit)
          .doesNotHaveDuplicates()
          .filteredOn(hit -> hit.score() == 1)
          .hasSize(Math.min(75, limit));
    }
  }

  /** Finding 7 of issue 15: a count asks for exactness, which is a search's to the server. */
  @Test
  void countsAreExactWhereExactSearchesAreForbidden() {
    VectorCollection collection =
        strict(true, StrictModeConfig.newBuilder().setSearchAllowExact(false));
    int records = 2_500;
    collection.upsert(
        IntStream.range(0, records)
            .mapToObj(
                i ->
                    VectorRecord.of(
                        RecordId.of(i), Payload.of(Map.of("num", i, "text", "word" + i % 2))))
            .toList());
    assertThat(collection.count()).isEqualTo(records);
    assertThat(collection.count(Filter.field("num").gte(500))).isEqualTo(2_000);
    assertThat(collection.count(Filter.field("text").matchesText("word1"))).isEqualTo(1_250);
    assertThat(collection.count(Filter.not(Filter.field("num").eq(7)))).isEqualTo(records - 1);
    assertThat(collection.count(Filter.field("key").contains("no such part"))).isZero();
  }

  /** As a count elsewhere does. */
  @Test
  void suchACountCountsPointsThatCanBeNoRecords() {
    VectorCollection collection =
        strict(false, StrictModeConfig.newBuilder().setSearchAllowExact(false));
    collection.upsert(VectorRecord.of(RecordId.of(1), Payload.empty()));
    write(
        PointStruct.newBuilder()
            .setId(PointId.newBuilder().setNum(-1))
            .setVectors(Vectors.newBuilder().setVectors(NamedVectors.getDefaultInstance())));
    assertThat(collection.count()).isEqualTo(2);
  }

  @Test
  void anExactSearchThatIsForbiddenSaysSo() {
    VectorCollection collection =
        strict(false, StrictModeConfig.newBuilder().setSearchAllowExact(false));
    collection.upsert(VectorRecord.of(RecordId.of(1), Embedding.of(1, 2, 3, 4), Payload.empty()));
    SearchRequest search = SearchRequest.nearest(Embedding.of(1, 2, 3, 4));
    assertThat(collection.search(search)).hasSize(1);
    assertThatThrownBy(() -> collection.search(search.exact()))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("EXACT")
        .hasMessageContaining("strict mode forbids exact searches")
        .hasMessageContaining("leave out exact()");
  }

  private static List<RecordId> scanned(VectorCollection collection) {
    try (Stream<VectorRecord> records = collection.stream(ScanRequest.all().pageSize(100))) {
      return records.map(VectorRecord::id).toList();
    }
  }

  private List<VectorRecord> records() {
    return IntStream.range(0, RECORDS)
        .mapToObj(
            i -> VectorRecord.of(RandomFilters.id(i), Embedding.of(i, 1, 2, 3), random.payload()))
        .toList();
  }

  private static StrictModeConfig.Builder unindexed() {
    return StrictModeConfig.newBuilder()
        .setUnindexedFilteringRetrieve(false)
        .setUnindexedFilteringUpdate(false);
  }

  private VectorCollection strict(boolean declared, StrictModeConfig.Builder limits) {
    CollectionSpec.Builder spec = CollectionSpec.builder(name).vectors(4, Metric.DOT);
    RandomFilters.TEXTS.forEach(text -> spec.field(text, FieldType.TERMS));
    if (declared) {
      spec.field("num", FieldType.NUMBER)
          .field("key", FieldType.KEYWORD)
          .field("flag", FieldType.BOOLEAN)
          .field("at", FieldType.INSTANT)
          .field("any", FieldType.NUMBER);
    }
    bench.store().ensureCollection(spec.build());
    bench
        .collections()
        .update(
            UpdateCollection.newBuilder()
                .setCollectionName(name)
                .setStrictModeConfig(limits.setEnabled(true))
                .build());
    return bench.store().collection(name);
  }
}
