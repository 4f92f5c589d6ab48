package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Vectors that are added and dropped beside those who read and write. */
@RequiresEngine(TestEngine.SUPABASE)
class ChangedVectorsTest {
  private static final CollectionSpec SPEC =
      CollectionSpec.builder("changed").vectors(2, Metric.COSINE).build();
  private static final CollectionSpec MORE = SPEC.toBuilder().vector("b", 3, Metric.DOT).build();

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private ManagedServer server;
  private VectorStore store;
  private VectorCollection collection;

  @BeforeEach
  void start() {
    server = ManagedServer.start();
    store = server.open(Reading.ONCE);
    collection = store.ensureCollection(SPEC);
    collection.upsert(IntStream.range(0, 200).mapToObj(ChangedVectorsTest::record).toList());
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    store.close();
    server.close();
  }

  private static VectorRecord record(int n) {
    return VectorRecord.of(
        RecordId.of(n), Embedding.of(1, n + 1), Payload.of(Map.of("n", n, "turn", 0)));
  }

  /** One attempt each: a deadlock, or a moment in which the column isn't there, is an error. */
  @Test
  void readersAndWritersGoOn() throws Exception {
    AtomicBoolean changed = new AtomicBoolean();
    List<Future<Integer>> running = new ArrayList<>();
    for (int thread = 0; thread < 3; thread++) {
      int each = thread;
      running.add(threads.submit(() -> readAndWrite(each, changed)));
    }
    for (int turn = 0; turn < 5; turn++) {
      VectorCollection now = store.ensureCollection(MORE);
      VectorRecord both = record(7).withVector("b", Embedding.of(1, 2, turn));
      now.upsert(both);
      assertThat(now.search(SearchRequest.nearest(1, 1, 1).using("b"))).hasSize(1);
      assertThat(store.dropVector("changed", "b")).isTrue();
    }
    changed.set(true);
    for (Future<Integer> each : running) {
      assertThat(each.get()).isPositive();
    }
    assertThat(collection.count()).isEqualTo(200);
  }

  private int readAndWrite(int thread, AtomicBoolean changed) {
    int turns = 0;
    while (!changed.get()) {
      turns++;
      assertThat(collection.search(SearchRequest.nearest(1, 1).limit(200))).hasSize(200);
      int n = 10 + thread;
      collection.upsert(record(n));
      collection.patchPayload(
          List.of(RecordId.of(n)), Payload.of(Map.of("turn", turns)), List.of());
      VectorRecord read = collection.fetch(List.of(RecordId.of(n)), Projection.all()).get(0);
      assertThat(read.payload().integer("turn")).hasValue(turns);
      assertThat(read.vectors()).containsOnlyKeys(VectorSpec.PLAIN);
    }
    return turns;
  }

  /**
   * A change of columns waits for it, but not in front of all others, and for longer than other
   * statements may take.
   */
  @Test
  void aLongReaderHoldsUpTheChangeAndNobodyElse() throws Exception {
    server
        .database()
        .sql(
            "do $$ begin execute format('alter database %I set statement_timeout = ''2s''',"
                + " current_database()); end $$");
    server.postgrest().restart();
    String relation = server.database().sql("select relation from vector_store.catalog").get(0);
    Future<VectorCollection> added;
    try (Connection other = DriverManager.getConnection(server.database().jdbcUrl())) {
      other.setAutoCommit(false);
      other.createStatement().execute("select count(*) from " + relation);
      added = threads.submit(() -> store.ensureCollection(MORE));
      long start = System.nanoTime();
      for (int turn = 0; System.nanoTime() - start < 4_000_000_000L; turn++) {
        collection.upsert(record(turn % 200));
        assertThat(collection.count()).isEqualTo(200);
      }
      assertThat(added.isDone()).isFalse();
      other.commit();
    }
    VectorCollection now = added.get(20, TimeUnit.SECONDS);
    assertThat(now.describe().spec()).isEqualTo(MORE);
    assertThat(now.count()).isEqualTo(200);
  }
}
