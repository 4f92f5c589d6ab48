package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.grpc.ManagedChannel;
import io.qdrant.client.grpc.Collections.AliasOperations;
import io.qdrant.client.grpc.Collections.ChangeAliases;
import io.qdrant.client.grpc.Collections.CreateAlias;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.ScrollPoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Several vectors a record, as Qdrant keeps them. */
@RequiresEngine(TestEngine.QDRANT)
class NamedVectorsTest extends OneCollection {
  /**
   * Where Qdrant moves a point out of an indexed segment to replace it, it keeps the vectors that
   * the new one lacks.
   */
  @Test
  void aReplacedRecordLosesItsVectorsAlsoWhereTheyAreIndexed() {
    VectorCollection collection = indexed();
    VectorRecord whole = record(1);
    List<VectorRecord> replaced =
        List.of(
            VectorRecord.of(RecordId.of(10), Payload.of(Map.of("new", 10))),
            VectorRecord.of(RecordId.of(11), vector(11, 64), Payload.of(Map.of("new", 11))),
            VectorRecord.of(RecordId.of(12), Map.of("title", vector(12, 64)), Payload.empty()),
            VectorRecord.of(RecordId.of(1), whole.vectors(), Payload.of(Map.of("new", 1))));
    collection.upsert(replaced);
    collection.upsertAll(
        LongStream.range(20, 30)
            .mapToObj(i -> VectorRecord.of(RecordId.of(i), vector(i, 64), Payload.empty())),
        WriteOptions.defaults());
    assertThat(collection.fetch(ids(10, 11, 12, 1), Projection.all()))
        .containsExactlyElementsOf(replaced);
    SearchRequest title = SearchRequest.nearest(vector(1, 64)).using("title").limit(10_000);
    assertThat(collection.search(title))
        .hasSize(RECORDS - 2 - 10)
        .extracting(SearchHit::id)
        .doesNotContain(RecordId.of(10), RecordId.of(11), RecordId.of(20), RecordId.of(29));
    collection.upsert(List.of(VectorRecord.of(RecordId.of(2), Payload.empty())));
    assertThat(collection.fetch(RecordId.of(2)).orElseThrow().vectors()).isEmpty();
  }

  private static final int RECORDS = 400;

  /** A collection of two vectors whose records lie in segments that nothing can be added to. */
  private VectorCollection indexed() {
    try (VectorStore store =
        store(QdrantCollectionOptions.builder().indexingThreshold(10).build())) {
      VectorCollection collection = store.ensureCollection(spec());
      collection.upsertAll(
          LongStream.range(0, RECORDS).mapToObj(NamedVectorsTest::record), WriteOptions.defaults());
      assertThat(collection.awaitIndexed(Duration.ofSeconds(60))).isTrue();
    }
    assertThat(info().getIndexedVectorsCount()).isGreaterThanOrEqualTo(2 * RECORDS - 100);
    return bench.store().collection(name);
  }

  /** A batch is refused as a whole: the server alone would write the records before it. */
  @Test
  void whatIsWrittenByADescriptionOfBeforeADropIsRefusedAsAWhole() {
    VectorCollection old = bench.store().ensureCollection(spec());
    old.upsert(record(1));
    assertThat(bench.store().dropVector(name, "title")).isTrue();
    List<VectorRecord> whole = LongStream.range(2, 102).mapToObj(NamedVectorsTest::record).toList();
    List<VectorRecord> mixed = new ArrayList<>(whole.subList(0, 1));
    LongStream.range(200, 300)
        .forEach(i -> mixed.add(VectorRecord.of(RecordId.of(i), vector(i, 64), Payload.empty())));
    for (List<VectorRecord> batch : List.of(whole, mixed)) {
      assertThatThrownBy(() -> old.upsert(batch))
          .isInstanceOf(Conflict.class)
          .hasMessageContaining("open it again");
      assertThat(old.count(Filter.all())).as("nothing is written").isEqualTo(1);
    }
    assertThatThrownBy(() -> old.search(SearchRequest.nearest(vector(1, 64)).using("title")))
        .isInstanceOf(Conflict.class);
    assertThat(old.search(SearchRequest.nearest(vector(1, 64)))).hasSize(1);
    old.upsert(VectorRecord.of(RecordId.of(2), vector(2, 64), Payload.empty()));
    assertThat(old.count(Filter.all())).isEqualTo(2);
  }

  /** A patch of a ranked text replaces the whole point. */
  @Test
  void aPatchKeepsAllVectorsAlsoThoseThatWereAddedSince() {
    CollectionSpec ranked =
        CollectionSpec.builder(name)
            .vectors(2, Metric.COSINE)
            .vector("title", 3, Metric.DOT)
            .field("text", FieldType.TEXT)
            .field("more", FieldType.TEXT)
            .build();
    VectorCollection old = bench.store().ensureCollection(ranked);
    assertThat(old.count(Filter.all())).as("opened now").isZero();
    VectorCollection anew =
        bench
            .store()
            .ensureCollection(ranked.toBuilder().vector("late", 2, Metric.EUCLIDEAN).build());
    Payload payload = Payload.of(Map.of("text", "an old fox", "more", "a dog"));
    VectorRecord record =
        VectorRecord.of(
            RecordId.of(1),
            Map.of(
                VectorSpec.PLAIN,
                Embedding.of(0, 1),
                "title",
                Embedding.of(0.1f, 0.2f, 0.3f),
                "late",
                Embedding.of(5, 6)),
            payload);
    VectorRecord plain = VectorRecord.of(RecordId.of(2), Embedding.of(1, 0), payload);
    VectorRecord bare = VectorRecord.of(RecordId.of(3), payload);
    anew.upsert(record, plain, bare);
    old.patchPayload(ids(1, 2, 3), Payload.of(Map.of("text", "a new hen")), List.of("more"));
    Payload after = Payload.of(Map.of("text", "a new hen"));
    assertThat(anew.fetch(ids(1, 2, 3), Projection.all()))
        .containsExactly(
            record.withPayload(after), plain.withPayload(after), bare.withPayload(after));
    assertThat(anew.search(SearchRequest.text("hen"))).hasSize(3);
    assertThat(anew.search(SearchRequest.text("fox dog"))).isEmpty();
  }

  @Test
  void onlyTheVectorsOfAProjectionAreAskedFor() {
    bench.store().ensureCollection(spec()).upsert(record(1));
    List<Object> sent = new CopyOnWriteArrayList<>();
    ManagedChannel channel = Bench.channel(Bench.listening(sent::add));
    try (VectorStore store = Bench.open(channel)) {
      VectorCollection collection = store.collection(name);
      collection.scan(ScanRequest.all().projection(Projection.ids().withVectors("title")));
      assertThat(((ScrollPoints) last(sent)).getWithVectors().getInclude().getNamesList())
          .containsExactly("title");
      collection.search(
          SearchRequest.nearest(vector(1, 64))
              .using("title")
              .projection(Projection.ids().withVectors(VectorSpec.PLAIN)));
      QueryPoints query = (QueryPoints) last(sent);
      assertThat(query.getUsing()).isEqualTo("title");
      assertThat(query.getWithVectors().getInclude().getNamesList()).containsExactly("");
      collection.search(SearchRequest.nearest(vector(1, 64)));
      query = (QueryPoints) last(sent);
      assertThat(query.hasUsing()).isFalse();
      assertThat(query.getWithVectors().getEnable()).isFalse();
      assertThat(query.getWithVectors().hasInclude()).isFalse();
    } finally {
      channel.shutdownNow();
    }
  }

  private static Object last(List<Object> sent) {
    return sent.get(sent.size() - 1);
  }

  @Test
  void explainNamesTheVectorThatIsSearched() {
    VectorCollection collection = bench.store().ensureCollection(spec());
    SearchRequest search = SearchRequest.nearest(vector(1, 64));
    assertThat(collection.explain(search.using("title"))).contains("using=title, nearest=[64");
    assertThat(collection.explain(search)).contains("using=the default vector, nearest=[64");
  }

  @Test
  void anAddedVectorHasTheOptionsOfItsCollection() {
    bench.store().ensureCollection(CollectionSpec.builder(name).vectors(64, Metric.DOT).build());
    QdrantCollectionOptions options =
        QdrantCollectionOptions.builder()
            .vectorsOnDisk(true)
            .hnsw(8, 50)
            .quantization(QdrantQuantization.scalar())
            .build();
    try (VectorStore store = store(options)) {
      store.ensureCollection(spec());
      Map<String, VectorParams> vectors = CollectionVectors.dense(info());
      assertThat(vectors).containsOnlyKeys("", "title");
      assertThat(vectors.values())
          .as("others hold for all vectors of a collection")
          .allMatch(vector -> vector.getOnDisk() && !vector.hasHnswConfig());
      assertThat(info().getConfig().getHnswConfig().getM()).isEqualTo(8);
      assertThat(info().getConfig().getQuantizationConfig().hasScalar()).isTrue();
    }
  }

  @Test
  void aDroppedVectorThatIsAddedAnewIsEmpty() {
    indexed();
    assertThat(bench.store().dropVector(name, "title")).isTrue();
    VectorCollection anew =
        bench
            .store()
            .ensureCollection(spec().toBuilder().vector("title", 3, Metric.EUCLIDEAN).build());
    SearchRequest all = SearchRequest.nearest(Embedding.of(1, 2, 3)).using("title").limit(1_000);
    assertThat(anew.search(all)).isEmpty();
    anew.upsert(record(1).withVector("title", Embedding.of(1, 2, 4)));
    assertThat(anew.search(all))
        .singleElement()
        .satisfies(hit -> assertThat(hit.score()).isEqualTo(-1));
    assertThat(anew.awaitIndexed(Duration.ofSeconds(60))).isTrue();
    assertThat(anew.search(all)).hasSize(1);
    assertThat(anew.search(SearchRequest.nearest(vector(1, 64)).limit(1_000))).hasSize(RECORDS);
  }

  @Test
  void anAliasHasNoVectorsToDrop() {
    bench.store().ensureCollection(spec());
    String alias = Bench.freshName();
    bench
        .collections()
        .updateAliases(
            ChangeAliases.newBuilder()
                .addActions(
                    AliasOperations.newBuilder()
                        .setCreateAlias(
                            CreateAlias.newBuilder().setCollectionName(name).setAliasName(alias)))
                .build());
    assertThatThrownBy(() -> bench.store().dropVector(alias, "title"))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("alias");
    assertThat(bench.store().describe(name).spec()).isEqualTo(spec());
  }

  /** The weights of a ranked text are a vector of the point too. */
  @Test
  void theVectorOfARankedTextIsNoVectorOfTheRecord() {
    CollectionSpec ranked =
        CollectionSpec.builder(name).vectors(2, Metric.DOT).field("text", FieldType.TEXT).build();
    VectorCollection collection = bench.store().ensureCollection(ranked);
    String weights = Reserved.slot(dev.vectorstore.FieldPath.of("text"));
    assertThat(bench.store().dropVector(name, weights)).isFalse();
    assertThatThrownBy(
            () ->
                bench
                    .store()
                    .ensureCollection(ranked.toBuilder().vector(weights, 2, Metric.DOT).build()))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("TEXT field");
    collection.upsert(
        VectorRecord.of(RecordId.of(1), Embedding.of(1, 2), Payload.of(Map.of("text", "fox"))));
    assertThat(collection.search(SearchRequest.text("fox"))).hasSize(1);
    assertThat(collection.fetch(RecordId.of(1)).orElseThrow().vectors()).containsOnlyKeys("");
  }

  private CollectionSpec spec() {
    return CollectionSpec.builder(name)
        .vectors(64, Metric.DOT)
        .vector("title", 64, Metric.DOT)
        .build();
  }

  private static VectorRecord record(long id) {
    return VectorRecord.of(RecordId.of(id), vector(id, 64), Payload.of(Map.of("n", id)))
        .withVector("title", vector(-id, 64));
  }

  private static Embedding vector(long seed, int dimension) {
    Random random = new Random(seed);
    float[] components = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      components[i] = (float) random.nextGaussian();
    }
    return Embedding.of(components);
  }

  private static List<RecordId> ids(long... numbers) {
    return LongStream.of(numbers).mapToObj(RecordId::of).toList();
  }

  private VectorStore store(QdrantCollectionOptions options) {
    QdrantServer server = QdrantServer.shared();
    return Qdrant.at("http://" + server.host() + ":" + server.grpcPort())
        .key(() -> server.apiKey().orElse(null))
        .callOptions(CallOptions.builder().retry(Bench.ONCE).build())
        .collection(name, options)
        .open();
  }

  private io.qdrant.client.grpc.Collections.CollectionInfo info() {
    return bench
        .collections()
        .get(GetCollectionInfoRequest.newBuilder().setCollectionName(name).build())
        .getResult();
  }
}
