package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.qdrant.client.grpc.Collections.CollectionConfig;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.CollectionParams;
import io.qdrant.client.grpc.Collections.CollectionParamsDiff;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Qdrant's own settings, read back from a real server. */
@RequiresEngine(TestEngine.QDRANT)
class CollectionOptionsTest extends OneCollection {
  private static final int DIMENSION = 64;

  private static final QdrantCollectionOptions EVERYTHING =
      QdrantCollectionOptions.builder()
          .deletedThreshold(0.3)
          .vacuumMinVectorNumber(2_000)
          .indexingThreshold(5_000)
          .hnsw(24, 150)
          .fullScanThreshold(6_000)
          .hnswOnDisk(true)
          .quantization(QdrantQuantization.scalar().inMemory().oversampling(2))
          .vectorsOnDisk(true)
          .payloadOnDisk(false)
          .shards(1)
          .replicationFactor(2)
          .writeConsistencyFactor(2)
          .writeOrdering(QdrantCollectionOptions.WriteOrdering.STRONG)
          .readConsistency(QdrantCollectionOptions.ReadConsistency.MAJORITY)
          .tenant("customer")
          .build();

  @Test
  void aNewCollectionHasThem() {
    try (VectorStore store = store(EVERYTHING)) {
      VectorCollection collection = store.ensureCollection(spec());
      requireEverything();
      bench.collections().update(oneReplica());
      Payload payload = Payload.of(Map.of("customer", "c"));
      collection.upsert(VectorRecord.of(RecordId.of(1), payload));
      collection.patchPayload(List.of(RecordId.of(1)), Payload.of(Map.of("n", 1)), List.of());
      assertThat(collection.count(Filter.field("customer").eq("c"))).isEqualTo(1);
      assertThat(collection.fetch(RecordId.of(1))).isPresent();
      collection.delete(List.of(RecordId.of(1)));
    }
  }

  /** One node can't acknowledge what two must have. */
  private UpdateCollection oneReplica() {
    return UpdateCollection.newBuilder()
        .setCollectionName(name)
        .setParams(
            CollectionParamsDiff.newBuilder().setReplicationFactor(1).setWriteConsistencyFactor(1))
        .build();
  }

  @Test
  void aCollectionThatIsThereGetsThem() {
    bench.store().ensureCollection(spec());
    try (VectorStore store = store(EVERYTHING)) {
      VectorCollection collection = store.ensureCollection(spec());
      requireEverything();
      collection.bulkLoad(
          loading -> {
            store.ensureCollection(spec());
            assertThat(config().getOptimizerConfig().getIndexingThreshold())
                .as("a bulk load isn't disturbed")
                .isZero();
          });
      requireEverything();
    }
    bench.store().ensureCollection(spec());
    requireEverything();
  }

  private void requireEverything() {
    CollectionConfig config = config();
    assertThat(config.getOptimizerConfig().getDeletedThreshold()).isEqualTo(0.3);
    assertThat(config.getOptimizerConfig().getVacuumMinVectorNumber()).isEqualTo(2_000);
    assertThat(config.getOptimizerConfig().getIndexingThreshold()).isEqualTo(5_000);
    assertThat(config.getHnswConfig().getM()).isEqualTo(24);
    assertThat(config.getHnswConfig().getEfConstruct()).isEqualTo(150);
    assertThat(config.getHnswConfig().getFullScanThreshold()).isEqualTo(6_000);
    assertThat(config.getHnswConfig().getOnDisk()).isTrue();
    assertThat(config.getQuantizationConfig().getScalar().getAlwaysRam()).isTrue();
    CollectionParams params = config.getParams();
    assertThat(params.getVectorsConfig().getParams().getOnDisk()).isTrue();
    assertThat(params.getOnDiskPayload()).isFalse();
    assertThat(params.getShardNumber()).isEqualTo(1);
    assertThat(params.getReplicationFactor()).isEqualTo(2);
    assertThat(params.getWriteConsistencyFactor()).isEqualTo(2);
    assertThat(
            info()
                .getPayloadSchemaOrThrow("customer")
                .getParams()
                .getKeywordIndexParams()
                .getIsTenant())
        .isTrue();
  }

  @Test
  void shardsCannotBeChanged() {
    bench.store().ensureCollection(spec());
    try (VectorStore store = store(QdrantCollectionOptions.builder().shards(3).build())) {
      assertThatThrownBy(() -> store.ensureCollection(spec()))
          .isInstanceOf(Conflict.class)
          .hasMessageContaining("1 shards, not 3");
    }
  }

  @Test
  void whatNoServerTakesIsRefusedAtOnce() {
    QdrantCollectionOptions.Builder builder = QdrantCollectionOptions.builder();
    List<Runnable> wrong =
        List.of(
            () -> builder.deletedThreshold(1.1),
            () -> builder.deletedThreshold(Double.NaN),
            () -> builder.vacuumMinVectorNumber(99),
            () -> builder.indexingThreshold(-1),
            () -> builder.hnsw(0, 100),
            () -> builder.fullScanThreshold(9),
            () -> builder.shards(0),
            () -> builder.replicationFactor(0),
            () -> builder.writeConsistencyFactor(0),
            () -> QdrantQuantization.product(5),
            () -> QdrantQuantization.scalar().oversampling(0.5));
    wrong.forEach(call -> assertThatThrownBy(call::run).isInstanceOf(InvalidRequest.class));
  }

  static Stream<QdrantQuantization> quantizations() {
    return Stream.of(
        QdrantQuantization.scalar(),
        QdrantQuantization.binary().oversampling(8),
        QdrantQuantization.product(4).oversampling(4));
  }

  /** Rescoring: a quantized collection's scores are those of the whole vectors. */
  @ParameterizedTest
  @MethodSource("quantizations")
  void scoresAreThoseOfWholeVectors(QdrantQuantization quantization) {
    QdrantCollectionOptions options =
        QdrantCollectionOptions.builder()
            .quantization(quantization)
            .indexingThreshold(10)
            .fullScanThreshold(10)
            .build();
    try (VectorStore store = store(options)) {
      VectorCollection collection = store.ensureCollection(spec());
      Random random = new Random(3);
      List<VectorRecord> records = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        records.add(VectorRecord.of(RecordId.of(i), vector(random), Payload.empty()));
      }
      collection.upsertAll(records.stream(), WriteOptions.defaults());
      assertThat(collection.awaitIndexed(Duration.ofSeconds(60))).isTrue();
      Embedding query = vector(random);
      List<SearchHit> hits = collection.search(SearchRequest.nearest(query).limit(10));
      List<SearchHit> exact = collection.search(SearchRequest.nearest(query).limit(10).exact());
      for (List<SearchHit> answer : List.of(hits, exact)) {
        assertThat(answer).hasSize(10);
        for (SearchHit hit : answer) {
          Embedding stored =
              records.get((int) ((RecordId.NumberId) hit.id()).value()).vector().orElseThrow();
          assertThat(hit.score()).isCloseTo(Metric.COSINE.score(query, stored), within(1e-5));
        }
      }
    }
  }

  private static Embedding vector(Random random) {
    float[] components = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      components[i] = (float) random.nextGaussian();
    }
    return Embedding.of(components);
  }

  private CollectionSpec spec() {
    return CollectionSpec.builder(name)
        .vectors(DIMENSION, Metric.COSINE)
        .field("customer", FieldType.KEYWORD)
        .build();
  }

  private VectorStore store(QdrantCollectionOptions options) {
    QdrantServer server = QdrantServer.shared();
    return Qdrant.at("http://" + server.host() + ":" + server.grpcPort())
        .key(() -> server.apiKey().orElse(null))
        .callOptions(CallOptions.builder().retry(Bench.ONCE).build())
        .collection(name, options)
        .open();
  }

  private CollectionConfig config() {
    return info().getConfig();
  }

  private CollectionInfo info() {
    return bench
        .collections()
        .get(GetCollectionInfoRequest.newBuilder().setCollectionName(name).build())
        .getResult();
  }
}
