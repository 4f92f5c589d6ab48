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
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.PartialWrite;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.support.KeySource;
import dev.vectorstore.testservers.JwtIssuer;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.grpc.ManagedChannel;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.OptimizersConfigDiff;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.qdrant.client.grpc.CollectionsGrpc;
import io.qdrant.client.grpc.CollectionsGrpc.CollectionsBlockingStub;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Finding 7 of issue 15: each verb with keys that have fewer rights than all. */
@RequiresEngine(TestEngine.QDRANT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyRightsTest {
  private static final String SECRET = "a-secret-of-thirty-two-bytes-or-more";
  private static final String MINE = "mine";
  private static final CollectionSpec SPEC =
      CollectionSpec.builder(MINE)
          .vectors(2, Metric.DOT)
          .field("n", FieldType.NUMBER)
          .field("t", FieldType.TEXT)
          .build();
  private static final CollectionSpec OTHER =
      CollectionSpec.builder("other").vectors(2, Metric.DOT).build();

  private QdrantServer server;
  private VectorStore all;

  /** Keys, by what they may. */
  private enum Key {
    READS_ONE("[{\"collection\":\"mine\",\"access\":\"r\"}]"),
    WRITES_RECORDS_OF_ONE("[{\"collection\":\"mine\",\"access\":\"prw\"}]"),
    WRITES_ONE("[{\"collection\":\"mine\",\"access\":\"rw\"}]"),
    READS_ALL("\"r\"");

    private final String access;

    Key(String access) {
      this.access = access;
    }

    String token() {
      return new JwtIssuer(SECRET).token("{\"access\":" + access + "}");
    }

    boolean writes() {
      return this == WRITES_RECORDS_OF_ONE || this == WRITES_ONE;
    }
  }

  @BeforeAll
  void start() {
    server =
        QdrantServer.builder().apiKey(SECRET).setting("QDRANT__SERVICE__JWT_RBAC", "true").start();
    all = open(SECRET);
  }

  @AfterAll
  void stop() {
    all.close();
    server.close();
  }

  @BeforeEach
  void make() {
    all.drop(MINE);
    all.ensureCollection(SPEC).upsert(List.of(record(1), record(2)));
    all.ensureCollection(OTHER);
  }

  private VectorStore open(String key) {
    return Qdrant.at("http://127.0.0.1:" + server.grpcPort())
        .key(() -> key)
        .callOptions(CallOptions.builder().retry(RetryPolicy.none()).build())
        .open();
  }

  private static VectorRecord record(long id) {
    return VectorRecord.of(
        RecordId.of(id),
        Embedding.of(1, (float) id),
        Payload.of(Map.of("n", id, "t", "the cat " + id)));
  }

  /** What reads one collection. */
  private static Map<String, BiConsumer<VectorStore, VectorCollection>> reads() {
    Map<String, BiConsumer<VectorStore, VectorCollection>> verbs = new LinkedHashMap<>();
    verbs.put("ping", (store, mine) -> store.ping());
    verbs.put("exists", (store, mine) -> assertThat(store.exists(MINE)).isTrue());
    verbs.put("collections", (store, mine) -> assertThat(store.collections()).contains(MINE));
    verbs.put("describe", (store, mine) -> assertThat(store.describe(MINE).spec()).isEqualTo(SPEC));
    verbs.put("ensureCollection of what fits", (store, mine) -> store.ensureCollection(SPEC));
    verbs.put("fetch", (store, mine) -> assertThat(mine.fetch(RecordId.of(1))).isPresent());
    SearchRequest nearest = SearchRequest.nearest(1, 0);
    verbs.put("search", (store, mine) -> assertThat(mine.search(nearest)).hasSize(2));
    verbs.put(
        "searchBatch",
        (store, mine) ->
            assertThat(mine.searchBatch(List.of(nearest, nearest.exact()))).hasSize(2));
    verbs.put(
        "search by text",
        (store, mine) -> assertThat(mine.search(SearchRequest.text("cat"))).hasSize(2));
    verbs.put(
        "scan", (store, mine) -> assertThat(mine.scan(ScanRequest.all()).records()).hasSize(2));
    verbs.put(
        "count",
        (store, mine) -> assertThat(mine.count(Filter.field("t").matchesText("cat"))).isEqualTo(2));
    verbs.put(
        "awaitIndexed",
        (store, mine) -> assertThat(mine.awaitIndexed(Duration.ofSeconds(20))).isTrue());
    verbs.put(
        "dropVector of none", (store, mine) -> assertThat(store.dropVector(MINE, "x")).isFalse());
    return verbs;
  }

  /** What writes records of one collection. */
  private static Map<String, BiConsumer<VectorStore, VectorCollection>> writes() {
    Map<String, BiConsumer<VectorStore, VectorCollection>> verbs = new LinkedHashMap<>();
    verbs.put("upsert", (store, mine) -> mine.upsert(record(3)));
    verbs.put(
        "upsertAll",
        (store, mine) -> {
          var unused = mine.upsertAll(Stream.of(record(4)), WriteOptions.defaults());
        });
    verbs.put(
        "patchPayload",
        (store, mine) ->
            mine.patchPayload(List.of(RecordId.of(1)), Payload.of(Map.of("n", 9)), List.of()));
    verbs.put("delete", (store, mine) -> mine.delete(List.of(RecordId.of(4))));
    verbs.put("deleteWhere", (store, mine) -> mine.deleteWhere(Filter.field("n").gte(2)));
    verbs.put("deleteAll", (store, mine) -> mine.deleteAll());
    return verbs;
  }

  /** What manages the server. */
  private static Map<String, BiConsumer<VectorStore, VectorCollection>> manages() {
    Map<String, BiConsumer<VectorStore, VectorCollection>> verbs = new LinkedHashMap<>();
    verbs.put("drop", (store, mine) -> store.drop(MINE));
    verbs.put(
        "ensureCollection of a field more",
        (store, mine) ->
            store.ensureCollection(SPEC.toBuilder().field("m", FieldType.NUMBER).build()));
    verbs.put(
        "ensureCollection of a new one",
        (store, mine) ->
            store.ensureCollection(CollectionSpec.builder("new").vectors(2, Metric.DOT).build()));
    return verbs;
  }

  @ParameterizedTest
  @EnumSource(Key.class)
  void whatAKeyMayDoWorksAndAllElseSaysWhatItLacks(Key key) {
    try (VectorStore store = open(key.token())) {
      VectorCollection mine = store.collection(MINE);
      reads().forEach((verb, call) -> assertWorks(verb, () -> call.accept(store, mine)));
      manages().forEach((verb, call) -> assertDenied(verb, () -> call.accept(store, mine)));
      writes()
          .forEach(
              (verb, call) -> {
                if (key.writes()) {
                  assertWorks(verb, () -> call.accept(store, mine));
                } else {
                  assertDenied(verb, () -> call.accept(store, mine));
                }
              });
      assertThat(all.collection(MINE).count()).isEqualTo(key.writes() ? 0 : 2);
      assertThat(all.exists("new")).isFalse();
    }
  }

  private static void assertWorks(String verb, Runnable call) {
    try {
      call.run();
    } catch (AccessDenied denied) {
      throw new AssertionError(verb, denied);
    }
  }

  private static void assertDenied(String verb, Runnable call) {
    assertThatThrownBy(call::run)
        .as(verb)
        .satisfies(
            error -> {
              Throwable denied = error instanceof PartialWrite ? error.getCause() : error;
              assertThat(denied).isInstanceOf(AccessDenied.class);
              assertThat(denied)
                  .hasMessageContaining(" refused the key (")
                  .hasMessageMatching("(?s).*(takes one (that|for)|use a key that names it).*");
            });
  }

  /** A false "no" would have somebody make the collection anew. */
  @ParameterizedTest
  @EnumSource(
      value = Key.class,
      names = {"READS_ONE", "WRITES_RECORDS_OF_ONE", "WRITES_ONE"})
  void aKeyOfOneCollectionIsNeverToldThatAnotherIsNotThere(Key key) {
    try (VectorStore store = open(key.token())) {
      assertThat(store.exists(MINE)).isTrue();
      for (String name : List.of("other", "nothing", "Mine")) {
        assertDenied("exists " + name, () -> store.exists(name));
        assertDenied("describe " + name, () -> store.describe(name));
        assertDenied("count " + name, () -> store.collection(name).count());
      }
    }
    try (VectorStore store = open(Key.READS_ALL.token())) {
      assertThat(store.exists("other")).isTrue();
      assertThat(store.exists("nothing")).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Key.class,
      names = {"WRITES_RECORDS_OF_ONE", "WRITES_ONE"})
  void aBulkLoadOfAKeyThatMayOnlyWriteLeavesIndexingAsItIs(Key key) {
    long before = threshold();
    String log =
        logged(
            () -> {
              try (VectorStore store = open(key.token())) {
                VectorCollection mine = store.collection(MINE);
                mine.bulkLoad(
                    loading -> {
                      loading.upsert(record(7));
                      assertThat(threshold()).isEqualTo(before);
                    });
                assertThat(mine.count()).isEqualTo(3);
              }
            });
    assertThat(log.lines().filter(line -> line.contains("WARN")))
        .singleElement()
        .asString()
        .contains("the bulk load of mine goes on with indexing as it is")
        .contains("may manage it");
    assertThat(threshold()).isEqualTo(before);
  }

  /** It looks at who may write first, so that nothing was begun. */
  @Test
  void aBulkLoadOfAKeyThatMayOnlyReadFailsByItsFirstWrite() {
    try (VectorStore store = open(Key.READS_ONE.token())) {
      VectorCollection mine = store.collection(MINE);
      assertDenied("bulkLoad", () -> mine.bulkLoad(loading -> loading.upsert(record(7))));
    }
  }

  @Test
  void indexingThatADeadLoaderLeftOffIsLeftByAKeyThatMayNotChangeIt() {
    BulkMark dead =
        new BulkMark("dead", 12_345, new BulkMark.Host("elsewhere", 1, 2), 1_000, false);
    update(
        UpdateCollection.newBuilder()
            .setOptimizersConfig(OptimizersConfigDiff.newBuilder().setIndexingThreshold(0))
            .putMetadata(dead.key(), dead.value()));
    String log =
        logged(
            () -> {
              try (VectorStore store = open(Key.WRITES_ONE.token())) {
                VectorCollection mine = store.collection(MINE);
                assertThat(mine.awaitIndexed(Duration.ofSeconds(1))).isFalse();
                mine.bulkLoad(loading -> loading.upsert(record(7)));
                assertThat(mine.count()).isEqualTo(3);
              }
            });
    assertThat(log.lines().filter(line -> line.contains("isn't indexed until"))).hasSize(1);
    assertThat(all.collection(MINE).awaitIndexed(Duration.ofSeconds(20))).isTrue();
    assertThat(threshold()).isEqualTo(12_345);
  }

  @Test
  void aPatchThatNeedsAnIndexFirstSaysSo() {
    update(
        UpdateCollection.newBuilder()
            .setStrictModeConfig(
                StrictModeConfig.newBuilder().setEnabled(true).setUnindexedFilteringUpdate(false)));
    Runnable patch =
        () -> {
          try (VectorStore store = open(Key.WRITES_RECORDS_OF_ONE.token())) {
            var unused =
                store
                    .collection(MINE)
                    .patchPayload(List.of(RecordId.of(1)), Payload.of(Map.of("n", 9)), List.of());
          }
        };
    assertThatThrownBy(patch::run)
        .isInstanceOf(AccessDenied.class)
        .hasMessageContaining("goes by an index that isn't there yet")
        .hasMessageContaining("may change its indexes too");
    all.collection(MINE)
        .patchPayload(List.of(RecordId.of(1)), Payload.of(Map.of("n", 8)), List.of());
    patch.run();
  }

  private void update(UpdateCollection.Builder change) {
    assertThat(stub().update(change.setCollectionName(MINE).build()).getResult()).isTrue();
  }

  private long threshold() {
    return stub()
        .get(GetCollectionInfoRequest.newBuilder().setCollectionName(MINE).build())
        .getResult()
        .getConfig()
        .getOptimizerConfig()
        .getIndexingThreshold();
  }

  private CollectionsBlockingStub stub() {
    try (KeySource secret = new KeySource("key", () -> SECRET)) {
      return new ApiKey(secret, false, false)
          .on(CollectionsGrpc.newBlockingStub(all.unwrap(ManagedChannel.class)), Bench.ATTEMPT);
    }
  }

  private static String logged(Runnable body) {
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      body.run();
    } finally {
      System.setErr(before);
    }
    return log.toString(StandardCharsets.UTF_8);
  }
}
