package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Page;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.qdrant.client.grpc.Collections.AliasOperations;
import io.qdrant.client.grpc.Collections.ChangeAliases;
import io.qdrant.client.grpc.Collections.CreateAlias;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.DeleteAlias;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.JsonWithInt;
import io.qdrant.client.grpc.Points.DenseVector;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.Vectors;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Collections that others made, and what others wrote. */
@RequiresEngine(TestEngine.QDRANT)
class ForeignCollectionTest extends OneCollection {
  @Test
  void anUnnamedVectorIsServed() {
    create(VectorsConfig.newBuilder().setParams(params(2, Distance.Euclid)).build());
    write(
        PointId.newBuilder().setNum(7).build(),
        JsonWithInt.Value.newBuilder().setNullValue(JsonWithInt.NullValue.NULL_VALUE).build());
    index("a.b", io.qdrant.client.grpc.Points.FieldType.FieldTypeKeyword);
    CollectionInfo info = bench.store().describe(name);
    assertThat(info.spec().dimension()).hasValue(2);
    assertThat(info.spec().metric()).contains(Metric.EUCLIDEAN);
    assertThat(info.spec().fields())
        .containsEntry(dev.vectorstore.FieldPath.of("a", "b"), FieldType.KEYWORD);
    assertThat(info.capabilities()).doesNotContain(Capability.TERMS, Capability.PHRASE);
    VectorCollection collection = bench.store().collection(name);
    collection.upsert(VectorRecord.of(RecordId.of("text"), Embedding.of(3, 4), Payload.empty()));
    collection.upsert(VectorRecord.of(RecordId.of(8), Payload.empty()));
    List<SearchHit> hits = collection.search(SearchRequest.nearest(Embedding.of(0, 0)));
    assertThat(hits).extracting(SearchHit::id).containsExactly(RecordId.of(7), RecordId.of("text"));
    assertThat(hits.get(1).score()).isEqualTo(-5);
    assertThat(collection.fetch(RecordId.of("text")).orElseThrow().vector())
        .contains(Embedding.of(3, 4));
  }

  /** Finding 8: one odd row must not spoil a search. */
  @Test
  void oddRowsAreReadAsWellAsTheyGo() {
    create(VectorsConfig.newBuilder().setParams(params(2, Distance.Dot)).build());
    JsonWithInt.Value deep = string("end");
    for (int i = 0; i < 29; i++) {
      deep =
          JsonWithInt.Value.newBuilder()
              .setStructValue(JsonWithInt.Struct.newBuilder().putFields("d", deep))
              .build();
    }
    write(PointId.newBuilder().setNum(1).build(), deep);
    write(PointId.newBuilder().setNum(2).build(), string("a\0b"));
    List<SearchHit> hits =
        bench.store().collection(name).search(SearchRequest.nearest(Embedding.of(1, 0)));
    assertThat(hits).hasSize(2);
    assertThat(bench.store().collection(name).fetch(RecordId.of(2)).orElseThrow().payload())
        .isEqualTo(Payload.of(Map.of("x", "a\uFFFDb")));
    assertThat(hits.stream().map(hit -> hit.record().payload().toValue().depth()))
        .allMatch(depth -> depth <= Payload.MAX_DEPTH);
  }

  @Test
  void anIdBeyondInt64IsLeftOutAndToldByAScan() {
    create(VectorsConfig.newBuilder().setParams(params(2, Distance.Dot)).build());
    write(PointId.newBuilder().setNum(1).build(), string("x"));
    write(PointId.newBuilder().setNum(-1).build(), string("x"));
    write(PointId.newBuilder().setNum(Long.MIN_VALUE).build(), string("x"));
    VectorCollection collection = bench.store().collection(name);
    SearchRequest nearest = SearchRequest.nearest(Embedding.of(1, 0));
    Filter text = Filter.field("x").eq("x");
    for (SearchRequest each : List.of(nearest, nearest.limit(1), nearest.filter(text).limit(1))) {
      assertThat(collection.search(each)).extracting(SearchHit::id).containsExactly(RecordId.of(1));
      assertThat(collection.searchBatch(List.of(each, each)))
          .allMatch(hits -> hits.equals(collection.search(each)));
    }
    Page page = collection.scan(ScanRequest.all());
    assertThat(page.records()).extracting(VectorRecord::id).containsExactly(RecordId.of(1));
    assertThat(page.issues())
        .extracting(RecordIssue::row)
        .containsExactly("9223372036854775808", "18446744073709551615");
    assertThat(page.issues())
        .allMatch(issue -> issue.kind() == RecordIssue.Kind.UNREADABLE)
        .allMatch(issue -> issue.reason().contains("store the point under another id"));
    assertThat(collection.scan(ScanRequest.all().pageSize(1)).next())
        .as("a page of what can't be read goes on")
        .isPresent();
    assertThat(collection.stream(ScanRequest.all().pageSize(1)).map(VectorRecord::id))
        .containsExactly(RecordId.of(1));
    collection.deleteWhere(text);
    assertThat(collection.count(Filter.all())).as("what can't be read stays").isEqualTo(2);
    assertThat(collection.search(nearest)).isEmpty();
  }

  /** Taking a collection over makes text searchable, also of records that are there already. */
  @Test
  void ensuringItTakesItOverWithoutTouchingItsRecords() {
    create(VectorsConfig.newBuilder().setParams(params(2, Distance.Dot)).build());
    write(PointId.newBuilder().setNum(1).build(), string("some old text"));
    VectorCollection collection =
        bench
            .store()
            .ensureCollection(
                CollectionSpec.builder(name)
                    .vectors(2, Metric.DOT)
                    .field("x", FieldType.TERMS)
                    .build());
    collection.upsert(
        VectorRecord.of(RecordId.of(2), Embedding.of(1, 0), Payload.of(Map.of("x", "new TEXT"))));
    collection.upsert(VectorRecord.of(RecordId.of(3), Payload.empty()));
    assertThat(collection.capabilities()).contains(Capability.TERMS);
    assertThat(collection.count(Filter.field("x").matchesText("text"))).isEqualTo(2);
    assertThat(collection.count(Filter.field("x").matchesPhrase("old text"))).isEqualTo(1);
    assertThat(collection.count(Filter.not(Filter.field("x").matchesText("text")))).isEqualTo(1);
  }

  /**
   * The label says which model made the vectors that are there; a later claim doesn't change it.
   */
  @Test
  void aLabelThatIsThereStays() {
    CollectionSpec first = CollectionSpec.builder(name).label("model", "a").build();
    bench.store().ensureCollection(first);
    bench
        .store()
        .ensureCollection(first.toBuilder().label("model", "b").label("owner", "c").build());
    assertThat(bench.store().describe(name).spec().labels())
        .isEqualTo(Map.of("model", "a", "owner", "c"));
  }

  @Test
  void anAliasIsThereAndIsNeitherMadeNorDropped() {
    String alias = Bench.freshName();
    bench.store().ensureCollection(CollectionSpec.builder(name).vectors(2, Metric.DOT).build());
    alias(
        AliasOperations.newBuilder()
            .setCreateAlias(CreateAlias.newBuilder().setCollectionName(name).setAliasName(alias))
            .build());
    assertThat(bench.store().exists(alias)).isTrue();
    assertThatThrownBy(() -> bench.store().drop(alias)).isInstanceOf(Conflict.class);
    assertThatThrownBy(
            () ->
                bench
                    .store()
                    .ensureCollection(CollectionSpec.builder(alias).vectors(2, Metric.DOT).build()))
        .isInstanceOf(Conflict.class);
    assertThat(bench.store().collection(alias).count(Filter.all())).isZero();
    alias(
        AliasOperations.newBuilder()
            .setDeleteAlias(DeleteAlias.newBuilder().setAliasName(alias))
            .build());
    assertThat(bench.store().exists(alias)).isFalse();
    assertThat(bench.store().exists(name)).isTrue();
  }

  @Test
  void aTextIdAndTheUuidOfItsPointAreTwoIdentities() {
    bench.store().ensureCollection(CollectionSpec.builder(name).build());
    VectorCollection collection = bench.store().collection(name);
    RecordId text = RecordId.of("some text");
    RecordId uuid = RecordId.of(java.util.UUID.fromString(PointIds.of(text).getUuid()));
    collection.upsert(VectorRecord.of(text, Payload.of(Map.of("a", 1))));
    assertThatThrownBy(() -> collection.upsert(VectorRecord.of(uuid, Payload.empty())))
        .isInstanceOf(Conflict.class);
    assertThat(collection.fetch(uuid)).isEmpty();
    collection.delete(List.of(uuid));
    assertThat(collection.count(Filter.ids(List.of(uuid)))).isZero();
    assertThat(collection.fetch(text)).isPresent();
    collection.delete(List.of(text));
    collection.upsert(VectorRecord.of(uuid, Payload.empty()));
    assertThatThrownBy(() -> collection.upsert(VectorRecord.of(text, Payload.empty())))
        .isInstanceOf(Conflict.class);
    assertThat(collection.fetch(uuid)).isPresent();
  }

  /** Finding M1: an index of UUIDs finds other spellings of one, and no other text. */
  @Test
  void anIndexOfUuidsIsNotTakenForOneOfTexts() {
    create(VectorsConfig.newBuilder().setParams(params(2, Distance.Dot)).build());
    String uuid = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
    write(PointId.newBuilder().setNum(1).build(), string(uuid));
    write(PointId.newBuilder().setNum(2).build(), string(uuid.toUpperCase(Locale.ROOT)));
    write(PointId.newBuilder().setNum(3).build(), string("no uuid"));
    index("x", io.qdrant.client.grpc.Points.FieldType.FieldTypeUuid);
    VectorCollection collection = bench.store().collection(name);
    assertThat(collection.count(Filter.field("x").eq(uuid))).isEqualTo(1);
    assertThat(collection.count(Filter.field("x").in(uuid, "no uuid"))).isEqualTo(2);
    assertThat(collection.count(Filter.not(Filter.field("x").eq(uuid)))).isEqualTo(2);
    assertThat(collection.count(Filter.field("x").eq("no uuid"))).isEqualTo(1);
    collection.deleteWhere(Filter.field("x").eq(uuid));
    assertThat(collection.fetch(RecordId.of(2))).as("another text").isPresent();
    assertThat(collection.count(Filter.all())).isEqualTo(2);
  }

  private void create(VectorsConfig vectors) {
    bench
        .collections()
        .create(
            CreateCollection.newBuilder()
                .setCollectionName(name)
                .setVectorsConfig(vectors)
                .build());
  }

  private static VectorParams params(long size, Distance distance) {
    return VectorParams.newBuilder().setSize(size).setDistance(distance).build();
  }

  private void alias(AliasOperations operation) {
    bench.collections().updateAliases(ChangeAliases.newBuilder().addActions(operation).build());
  }

  private static JsonWithInt.Value string(String text) {
    return JsonWithInt.Value.newBuilder().setStringValue(text).build();
  }

  private void write(PointId id, JsonWithInt.Value x) {
    write(
        PointStruct.newBuilder()
            .setId(id)
            .putPayload("x", x)
            .setVectors(
                Vectors.newBuilder()
                    .setVector(
                        io.qdrant.client.grpc.Points.Vector.newBuilder()
                            .setDense(DenseVector.newBuilder().addData(1).addData(0)))));
  }
}
