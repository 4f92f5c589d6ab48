package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.PartialWrite;
import dev.vectorstore.VectorStoreException.Throttled;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.testkit.ProxyMode;
import dev.vectorstore.testkit.ProxyMode.Direction;
import dev.vectorstore.testkit.TcpProxy;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Faults in the middle of a bulk write to a real server. After each: what was said to be written is
 * there, the error is one of the contract's, writing again completes, and no thread or connection
 * is left.
 */
@RequiresEngine(TestEngine.QDRANT)
class FaultsUnderLoadTest {
  private static final RetryPolicy STUBBORN =
      RetryPolicy.builder()
          .attempts(60)
          .writeDelays(Duration.ofMillis(20), Duration.ofMillis(500))
          .readDelays(Duration.ofMillis(20), Duration.ofMillis(500))
          .build();

  private final String name = Bench.freshName();
  private Set<Thread> before;
  private Bench bench;
  private TcpProxy proxy;

  @BeforeEach
  void open() {
    before = threads();
    bench = new Bench();
    bench.store().ensureCollection(spec());
    QdrantServer server = QdrantServer.shared();
    proxy = TcpProxy.to(server.host(), server.grpcPort());
  }

  @AfterEach
  void close() {
    proxy.mode(ProxyMode.pass());
    bench.store().drop(name);
    proxy.close();
    bench.close();
    assertThat(threads()).isSubsetOf(before);
  }

  /** Each with its own modes, since those that are counted are used up. */
  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of("refused", ProxyMode.refuse()),
        Arguments.of("a batch is cut", ProxyMode.resetAfter(Direction.TO_TARGET, 20_000)),
        Arguments.of("an answer is cut", ProxyMode.resetAfter(Direction.TO_CLIENT, 200)),
        Arguments.of("answers are lost", ProxyMode.loseAnswers()),
        Arguments.of("stalled", ProxyMode.stall()),
        Arguments.of("half open", ProxyMode.halfOpen()),
        Arguments.of("slower than the deadline", ProxyMode.slow(2_000)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void whatIsSaidIsThereAndWritingAgainCompletes(String fault, ProxyMode mode) {
    try (VectorStore store = store(Bench.ONCE)) {
      VectorCollection collection = store.collection(name);
      PartialWrite said = BulkRun.broken(collection, () -> proxy.mode(mode));
      assertThat(said.getCause()).isInstanceOfAny(Unavailable.class, OutcomeUnknown.class);
      assertThat(said.acknowledged()).isLessThan(BulkRun.RECORDS);
      // Where batches are cut for their size, a small read still passes.
      Throwable read = catchThrowable(() -> collection.count(Filter.all()));
      assertThat(read == null || read instanceof Unavailable).as("%s", read).isTrue();
      BulkRun.requireAsSaid(bench.store().collection(name), said);
      proxy.mode(ProxyMode.pass());
      BulkRun.load(store.collection(name).with(calls(STUBBORN)), () -> {});
      BulkRun.requireAll(bench.store().collection(name));
    }
    assertThat(connectionsWithin(Duration.ofSeconds(10))).as("connections after closing").isZero();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shortFaults")
  void aFaultThatPassesIsNobodysBusiness(String fault, ProxyMode mode) {
    try (VectorStore store = store(STUBBORN)) {
      BulkRun.load(store.collection(name), () -> proxy.mode(mode));
      assertThat(proxy.faults()).as("it happened").isPositive();
      BulkRun.requireAll(bench.store().collection(name));
    }
  }

  static Stream<Arguments> shortFaults() {
    return Stream.of(
        Arguments.of("batches are cut", ProxyMode.resetAfter(Direction.TO_TARGET, 20_000).times(3)),
        Arguments.of("answers are cut", ProxyMode.resetAfter(Direction.TO_CLIENT, 200).times(3)),
        Arguments.of("answers are lost", ProxyMode.loseAnswers().times(3)));
  }

  @Test
  void aRateLimitIsThrottledAndWritesNothingMore() {
    limit(StrictModeConfig.newBuilder().setEnabled(true).setWriteRateLimit(1_500));
    try (VectorStore store = store(Bench.ONCE)) {
      PartialWrite said = BulkRun.broken(store.collection(name), () -> {});
      assertThat(said.getCause()).isInstanceOf(Throttled.class);
      assertThat(((Throttled) said.getCause()).retryAfter()).isPresent();
      assertThat(said.acknowledged()).isPositive();
      BulkRun.requireAsSaid(bench.store().collection(name), said);
      limit(StrictModeConfig.newBuilder().setEnabled(false));
      BulkRun.load(store.collection(name), () -> {});
      BulkRun.requireAll(bench.store().collection(name));
    }
  }

  @Test
  void anInterruptEndsTheLoadAndIsKept() {
    try (VectorStore store = store(Bench.ONCE)) {
      PartialWrite said =
          BulkRun.broken(store.collection(name), () -> Thread.currentThread().interrupt());
      assertThat(Thread.interrupted()).as("the flag").isTrue();
      assertThat(said.getCause()).isInstanceOfAny(Unavailable.class, OutcomeUnknown.class);
      BulkRun.requireAsSaid(bench.store().collection(name), said);
      BulkRun.load(store.collection(name), () -> {});
      BulkRun.requireAll(bench.store().collection(name));
    }
  }

  @Test
  void aServerThatIsKilledLosesNothingThatWasAcknowledged() {
    try (QdrantServer server = QdrantServer.start();
        VectorStore store = direct(server, Bench.ONCE)) {
      VectorCollection collection = store.ensureCollection(spec());
      PartialWrite said = BulkRun.broken(collection, server::kill9);
      assertThat(said.getCause()).isInstanceOfAny(Unavailable.class, OutcomeUnknown.class);
      server.restart();
      BulkRun.requireAsSaid(collection.with(calls(STUBBORN)), said);
      BulkRun.load(collection, () -> {});
      BulkRun.requireAll(collection);
    }
  }

  @Test
  void aLoadOutlastsTheRestartOfAKilledServer() {
    try (QdrantServer server = QdrantServer.start();
        VectorStore store = direct(server, STUBBORN)) {
      VectorCollection collection = store.ensureCollection(spec());
      CompletableFuture<?>[] restart = new CompletableFuture<?>[1];
      BulkRun.load(
          collection,
          () -> {
            server.kill9();
            restart[0] = CompletableFuture.runAsync(server::restart);
          });
      restart[0].join();
      BulkRun.requireAll(collection);
    }
  }

  /** The proxy hears of a closed connection a moment later. */
  private int connectionsWithin(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (proxy.openConnections() > 0 && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    return proxy.openConnections();
  }

  private CollectionSpec spec() {
    return CollectionSpec.builder(name).vectors(4, Metric.DOT).build();
  }

  private VectorStore store(RetryPolicy retry) {
    return open("http://127.0.0.1:" + proxy.port(), retry);
  }

  private static VectorStore direct(QdrantServer server, RetryPolicy retry) {
    return open("http://" + server.host() + ":" + server.grpcPort(), retry);
  }

  private static VectorStore open(String endpoint, RetryPolicy retry) {
    return Qdrant.at(endpoint)
        .key(() -> QdrantServer.shared().apiKey().orElse(null))
        .callOptions(calls(retry))
        .open();
  }

  private static CallOptions calls(RetryPolicy retry) {
    return CallOptions.builder().attemptTimeout(Duration.ofSeconds(2)).retry(retry).build();
  }

  private void limit(StrictModeConfig.Builder limits) {
    bench
        .collections()
        .update(
            UpdateCollection.newBuilder()
                .setCollectionName(name)
                .setStrictModeConfig(limits)
                .build());
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("vector-store-qdrant"))
        .collect(Collectors.toSet());
  }
}
