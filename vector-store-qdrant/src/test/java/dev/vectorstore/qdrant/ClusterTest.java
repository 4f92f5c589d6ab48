package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallOptions;
import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.WriteMode;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.WriteReport;
import dev.vectorstore.testservers.QdrantCluster;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three real nodes with two replicas of each record: a bulk load with readers, while a node is
 * killed and comes back.
 */
@RequiresEngine(TestEngine.QDRANT)
class ClusterTest {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterTest.class);
  private static final int RECORDS = 50_000;
  private static final int DIMENSION = 32;
  private static final String NAME = "pages";

  private static final RetryPolicy STUBBORN =
      RetryPolicy.builder()
          .attempts(100)
          .writeDelays(Duration.ofMillis(50), Duration.ofSeconds(1))
          .readDelays(Duration.ofMillis(20), Duration.ofMillis(500))
          .build();

  /** With a factor of 2, writes would wait for the node that is away. */
  private static final QdrantCollectionOptions REPLICATED =
      QdrantCollectionOptions.builder()
          .shards(3)
          .replicationFactor(2)
          .writeConsistencyFactor(1)
          .build();

  @Test
  void aNodeIsKilledAndComesBackDuringABulkLoadWithReaders() {
    try (QdrantCluster cluster = QdrantCluster.start(3);
        VectorStore store = open(cluster.nodes(), REPLICATED)) {
      VectorCollection collection = withFirst(store);
      List<ClusterReader> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(ClusterReader.start(open(cluster.nodes(), REPLICATED), NAME));
      }
      QdrantServer killed = cluster.nodes().get(1);
      List<CompletableFuture<?>> back = new ArrayList<>();
      WriteReport report =
          load(
              collection,
              Map.of(
                  RECORDS / 3,
                  killed::kill9,
                  2 * RECORDS / 3,
                  () -> back.add(CompletableFuture.runAsync(killed::restart))));
      back.forEach(CompletableFuture::join);
      cluster.awaitWhole(NAME);
      readers.forEach(ClusterReader::stop);
      requireAll(cluster);
      LOG.warn(
          "cluster: {} acknowledged in {}, {} found on each of 3 nodes, {} answers to readers, "
              + "the longest pause {} ms",
          report.records(),
          report.duration(),
          RECORDS,
          readers.stream().mapToLong(ClusterReader::answers).sum(),
          readers.stream().mapToLong(ClusterReader::longestPauseMillis).max().orElseThrow());
      assertThat(report.records()).isEqualTo(RECORDS);
      assertThat(readers).allMatch(reader -> reader.failure().isEmpty());
    }
  }

  /** The first node is left alone, since one reader knows no other. */
  @Test
  @EnabledIfSystemProperty(named = "long", matches = "true")
  void aNodeHangsAnotherIsKilledAndAShardMovesDuringABulkLoadWithReaders() {
    try (QdrantCluster cluster = QdrantCluster.start(3);
        VectorStore store = open(cluster.nodes(), REPLICATED)) {
      VectorCollection collection = withFirst(store);
      List<ClusterReader> readers = new ArrayList<>();
      for (int endpoints = 1; endpoints <= 3; endpoints++) {
        readers.add(
            ClusterReader.start(open(cluster.nodes().subList(0, endpoints), REPLICATED), NAME));
      }
      QdrantServer killed = cluster.nodes().get(1);
      QdrantServer hanging = cluster.nodes().get(2);
      Map<Integer, Runnable> troubles =
          Map.of(
              RECORDS / 7, hanging::suspend,
              2 * RECORDS / 7, hanging::resume,
              3 * RECORDS / 7, () -> cluster.awaitWhole(NAME),
              4 * RECORDS / 7, killed::kill9,
              5 * RECORDS / 7, killed::restart,
              6 * RECORDS / 7, () -> moveShard(cluster));
      WriteReport report = load(collection, troubles);
      cluster.awaitWhole(NAME);
      readers.forEach(ClusterReader::stop);
      requireAll(cluster);
      LOG.warn("cluster: {} acknowledged in {}, all found", report.records(), report.duration());
      for (int i = 0; i < 3; i++) {
        LOG.warn(
            "a reader of {} endpoints: {} answers, the longest pause {} ms, p99 {} ms",
            i + 1,
            readers.get(i).answers(),
            readers.get(i).longestPauseMillis(),
            readers.get(i).p99Millis());
      }
      assertThat(report.records()).isEqualTo(RECORDS);
      assertThat(readers).allMatch(reader -> reader.failure().isEmpty());
    }
  }

  /** The collection with the record that readers ask for. */
  private static VectorCollection withFirst(VectorStore store) {
    VectorCollection collection =
        store.ensureCollection(
            CollectionSpec.builder(NAME).vectors(DIMENSION, Metric.COSINE).build());
    collection.upsert(record(0));
    return collection;
  }

  private static void moveShard(QdrantCluster cluster) {
    cluster.awaitWhole(NAME);
    cluster.moveShard(NAME);
  }

  private static WriteReport load(VectorCollection collection, Map<Integer, Runnable> troubles) {
    try (Stream<VectorRecord> records =
        IntStream.range(0, RECORDS)
            .mapToObj(
                i -> {
                  troubles.getOrDefault(i, () -> {}).run();
                  return record(i);
                })) {
      return collection.upsertAll(
          records, WriteOptions.builder().batchRecords(200).inFlight(4).build());
    }
  }

  @Test
  void aVectorIsAddedAndDroppedOnAllNodesAtOnce() {
    try (QdrantCluster cluster = QdrantCluster.start(3);
        VectorStore store = open(cluster.nodes(), REPLICATED)) {
      CollectionSpec before =
          CollectionSpec.builder(NAME).vectors(DIMENSION, Metric.COSINE).build();
      CollectionSpec both = before.toBuilder().vector("title", DIMENSION, Metric.DOT).build();
      store
          .ensureCollection(before)
          .upsert(IntStream.range(0, 300).mapToObj(ClusterTest::record).toList());
      List<VectorStore> alone =
          cluster.nodes().stream().map(node -> open(List.of(node), REPLICATED)).toList();
      try {
        alone.parallelStream().forEach(node -> node.ensureCollection(both));
        for (int i = 0; i < 3; i++) {
          VectorCollection collection = alone.get(i).collection(NAME);
          assertThat(collection.describe().spec()).isEqualTo(both);
          collection.upsert(record(i).withVector("title", vector(i)));
          for (VectorStore node : alone) {
            assertThat(
                    node.collection(NAME)
                        .search(SearchRequest.nearest(vector(1)).using("title").limit(9)))
                .hasSize(i + 1);
          }
        }
        assertThat(alone.get(2).dropVector(NAME, "title")).isTrue();
        for (VectorStore node : alone) {
          assertThat(node.describe(NAME).spec()).isEqualTo(before);
          assertThat(node.collection(NAME).count()).isEqualTo(300);
        }
      } finally {
        alone.forEach(VectorStore::close);
      }
    }
  }

  /** The node that is asked answers when it has dropped it itself. */
  @Test
  void whatIsDroppedIsGoneOnAllNodesWhenDropReturns() {
    try (QdrantCluster cluster = QdrantCluster.start(3);
        VectorStore store = open(cluster.nodes(), QdrantCollectionOptions.NONE)) {
      CollectionSpec spec = CollectionSpec.builder(NAME).vectors(DIMENSION, Metric.COSINE).build();
      for (int round = 0; round < 20; round++) {
        store.ensureCollection(spec).upsert(record(round));
        assertThat(store.drop(NAME)).isTrue();
        for (int node = 0; node < 3; node++) {
          assertThat(store.exists(NAME)).as("round %s", round).isFalse();
        }
      }
    }
  }

  /** Each node would decide for itself whether the record is there. */
  @Test
  void aCollectionWithReplicasTakesNoInsertsThatItCouldReplace() {
    try (QdrantCluster cluster = QdrantCluster.start(2);
        VectorStore store = open(cluster.nodes(), REPLICATED)) {
      CollectionSpec spec = CollectionSpec.builder(NAME).vectors(DIMENSION, Metric.COSINE).build();
      VectorCollection collection = store.ensureCollection(spec);
      assertThat(collection.capabilities())
          .contains(Capability.WRITE)
          .doesNotContain(Capability.INSERT_ONLY);
      assertThatThrownBy(() -> collection.upsert(List.of(record(0)), WriteMode.INSERT_ONLY))
          .isInstanceOf(UnsupportedFeature.class)
          .hasMessageContaining("kept on several nodes");
      assertThat(collection.count()).isZero();
    }
  }

  /** By each node alone, and then by all replicas together: what one of them lacks isn't there. */
  private static void requireAll(QdrantCluster cluster) {
    for (QdrantServer node : cluster.nodes()) {
      try (VectorStore store = open(List.of(node), REPLICATED)) {
        assertThat(present(store.collection(NAME)).cardinality())
            .as("by the node at %s", node.grpcPort())
            .isEqualTo(RECORDS);
      }
    }
    QdrantCollectionOptions all =
        QdrantCollectionOptions.builder()
            .readConsistency(QdrantCollectionOptions.ReadConsistency.ALL)
            .build();
    try (VectorStore store = open(cluster.nodes(), all)) {
      assertThat(present(store.collection(NAME)).cardinality())
          .as("on all replicas")
          .isEqualTo(RECORDS);
    }
  }

  private static BitSet present(VectorCollection collection) {
    BitSet present = new BitSet();
    try (Stream<VectorRecord> records =
        collection.stream(ScanRequest.all().projection(Projection.ids()))) {
      records.forEach(record -> present.set((int) ((RecordId.NumberId) record.id()).value()));
    }
    return present;
  }

  private static VectorRecord record(int i) {
    return VectorRecord.of(RecordId.of(i), vector(i), Payload.of(Map.of("n", i)));
  }

  static Embedding vector(int i) {
    float[] components = new float[DIMENSION];
    for (int k = 0; k < DIMENSION; k++) {
      components[k] = (float) Math.sin(1.0 + i + 31.0 * k);
    }
    return Embedding.of(components);
  }

  private static VectorStore open(List<QdrantServer> nodes, QdrantCollectionOptions options) {
    String addresses =
        nodes.stream()
            .map(node -> "http://" + node.host() + ":" + node.grpcPort())
            .collect(Collectors.joining(","));
    return Qdrant.at(addresses)
        .collections(options)
        .callOptions(
            CallOptions.builder().attemptTimeout(Duration.ofSeconds(10)).retry(STUBBORN).build())
        .open();
  }
}
