package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Reads that run while what they read is dropped, on both transports (E-08). */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DroppedMeanwhileTest {
  private static final int ROUNDS = 12;

  private static final List<Consumer<VectorCollection>> READS =
      List.of(
          VectorCollection::count,
          c -> c.scan(ScanRequest.all()),
          c -> c.fetch(RecordId.of(7)),
          c -> c.search(SearchRequest.nearest(1, 0)));

  private final ExecutorService readers = Executors.newCachedThreadPool();
  private ManagedServer server;

  @BeforeAll
  void start() {
    server = ManagedServer.start();
  }

  @AfterAll
  void stop() {
    readers.shutdownNow();
    server.close();
  }

  private VectorStore direct() {
    return Postgres.at(server.database().url("postgres")).callOptions(Reading.ONCE).open();
  }

  @Test
  void aReadOfACollectionThatRacesItsDropIsNotFoundOverPostgrest() throws Exception {
    try (VectorStore store = server.open(Reading.ONCE)) {
      assertRaces("raced_rest", store, name -> make(store, name), store::drop);
    }
  }

  @Test
  void aReadOfACollectionThatRacesItsDropIsNotFoundOverAConnection() throws Exception {
    try (VectorStore store = direct()) {
      assertRaces("raced_direct", store, name -> make(store, name), store::drop);
    }
  }

  @Test
  void aReadOfATableThatRacesItsDropIsNotFoundOverAConnection() throws Exception {
    try (VectorStore store = direct()) {
      assertRaces(
          "raced_table",
          store,
          name ->
              server
                  .database()
                  .sql(
                      "create table "
                          + name
                          + " (id int primary key, embedding vector(2)); insert into "
                          + name
                          + " select n, '[1,0]' from generate_series(1, 200) n"),
          name -> server.database().sql("drop table " + name));
    }
  }

  private static void make(VectorStore store, String name) {
    List<VectorRecord> records = new ArrayList<>();
    for (int n = 0; n < 200; n++) {
      records.add(VectorRecord.of(RecordId.of(n), new float[] {1, n}, Payload.empty()));
    }
    store
        .ensureCollection(CollectionSpec.builder(name).vectors(2, Metric.COSINE).build())
        .upsert(records);
  }

  private void assertRaces(
      String name, VectorStore store, Consumer<String> make, Consumer<String> drop)
      throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      make.accept(name);
      VectorCollection collection = store.collection(name);
      collection.describe();
      CountDownLatch running = new CountDownLatch(READS.size());
      List<Future<VectorStoreException>> told = new ArrayList<>();
      for (Consumer<VectorCollection> read : READS) {
        told.add(readers.submit(() -> untilRefused(read, collection, running)));
      }
      assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
      drop.accept(name);
      for (Future<VectorStoreException> each : told) {
        assertThat(each.get(30, TimeUnit.SECONDS)).isInstanceOf(NotFound.class);
      }
    }
  }

  private static VectorStoreException untilRefused(
      Consumer<VectorCollection> read, VectorCollection collection, CountDownLatch running) {
    while (true) {
      try {
        read.accept(collection);
        running.countDown();
      } catch (VectorStoreException refused) {
        return refused;
      }
    }
  }
}
