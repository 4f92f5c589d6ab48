package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vectorstore.CallOptions;
import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Page;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.Throttled;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits of messages, and those that a collection's strict mode sets. */
@RequiresEngine(TestEngine.QDRANT)
class LimitsTest extends OneCollection {
  @BeforeEach
  void make() {
    bench.store().ensureCollection(CollectionSpec.builder(name).vectors(4, Metric.DOT).build());
  }

  /** Finding 9: a channel takes 4 MiB by default, and pages are larger. */
  @Test
  void answersBeyondTheChannelsLimitAreReadInParts() {
    int count = 1_500;
    fill(bench.store().collection(name), count, "x".repeat(8_000));
    QdrantServer server = QdrantServer.shared();
    ManagedChannel small =
        NettyChannelBuilder.forAddress(server.host(), server.grpcPort()).usePlaintext().build();
    try (VectorStore store =
        Qdrant.over(small)
            .key(() -> server.apiKey().orElse(null))
            .callOptions(CallOptions.builder().retry(Bench.ONCE).build())
            .open()) {
      VectorCollection collection = store.collection(name);
      Page page = collection.scan(ScanRequest.all().pageSize(1_000));
      assertThat(page.records()).isNotEmpty();
      assertThat(page.next()).isPresent();
      assertThat(collection.search(SearchRequest.nearest(Embedding.of(1, 2, 3, 4)).limit(1_200)))
          .hasSize(1_200);
      List<RecordId> ids = LongStream.range(0, 1_000).mapToObj(RecordId::of).toList();
      assertThat(collection.fetch(ids, Projection.all())).hasSize(1_000);
      SearchRequest whole =
          SearchRequest.nearest(Embedding.of(1, 2, 3, 4)).limit(700).projection(Projection.all());
      assertThat(collection.searchBatch(List.of(whole, whole))).allMatch(a -> a.size() == 700);
      Payload none = Payload.builder().put("n", null).build();
      assertThat(collection.patchPayload(ids, none, List.of()).patched()).isEqualTo(1_000);
      Payload huge = Payload.of(Map.of("text", "y".repeat(5 << 20)));
      bench.store().collection(name).upsert(VectorRecord.of(RecordId.of(0), huge));
      assertThatThrownBy(() -> collection.fetch(RecordId.of(0)))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("maxInboundMessageSize");
    } finally {
      assertThat(small.isShutdown()).as("a channel of the caller's stays open").isFalse();
      small.shutdownNow();
    }
  }

  @Test
  void strictModeIsPlannedFor() {
    limit(
        StrictModeConfig.newBuilder()
            .setUpsertMaxBatchsize(10)
            .setFilterMaxConditions(2)
            .setSearchAllowExact(false)
            .setMaxQueryLimit(50));
    VectorCollection collection = bench.store().collection(name);
    assertThat(collection.capabilities()).doesNotContain(Capability.EXACT);
    fill(collection, 100, "short");
    Filter many = Filter.or(IntStream.range(0, 20).mapToObj(n -> Filter.field("n").eq(n)).toList());
    assertThat(collection.count(many)).isEqualTo(20);
    assertThat(
            collection.search(
                SearchRequest.nearest(Embedding.of(1, 2, 3, 4)).filter(many).limit(10)))
        .hasSize(10);
    assertThat(collection.scan(ScanRequest.all().pageSize(100)).records()).isNotEmpty();
  }

  @Test
  void aRateLimitIsThrottledWithTheServersWait() {
    limit(StrictModeConfig.newBuilder().setReadRateLimit(10));
    VectorCollection collection = bench.store().collection(name);
    Throttled error =
        catchThrowableOfType(
            Throttled.class,
            () -> {
              for (int i = 0; i < 100; i++) {
                collection.count(Filter.field("n").eq(i));
              }
            });
    assertThat(error).isNotNull();
    assertThat(error.retryAfter()).isPresent();
  }

  @Test
  void aRequestBeyondTheRateLimitIsNotTriedAgain() {
    limit(StrictModeConfig.newBuilder().setReadRateLimit(1));
    VectorCollection collection = bench.store().collection(name);
    assertThatThrownBy(() -> collection.count(Filter.field("n").eq(1)))
        .isInstanceOf(InvalidRequest.class);
  }

  private void limit(StrictModeConfig.Builder limits) {
    bench
        .collections()
        .update(
            UpdateCollection.newBuilder()
                .setCollectionName(name)
                .setStrictModeConfig(limits.setEnabled(true))
                .build());
  }

  private static void fill(VectorCollection collection, int count, String text) {
    collection.upsertAll(
        IntStream.range(0, count)
            .mapToObj(
                n ->
                    VectorRecord.of(
                        RecordId.of(n),
                        Embedding.of(n, 1, 2, 3),
                        Payload.of(Map.of("n", n, "text", text)))),
        WriteOptions.defaults());
  }
}
