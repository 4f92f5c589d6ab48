package dev.vectorstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.WriteBatch;
import dev.vectorstore.WriteMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What several threads may do at once. */
class ConcurrencyTest {
  private final VectorStore store = Embedded.inMemory().open();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicBoolean done = new AtomicBoolean();

  @AfterEach
  void close() {
    done.set(true);
    threads.shutdownNow();
    store.close();
  }

  private VectorCollection collection(String name) {
    return store.ensureCollection(
        CollectionSpec.builder(name).vectors(8, Metric.EUCLIDEAN).build());
  }

  private static VectorRecord record(long id, long version) {
    float[] components = new float[8];
    Arrays.fill(components, (float) version);
    return VectorRecord.of(
        RecordId.of(id), Embedding.of(components), Payload.of(Map.of("version", version)));
  }

  private static List<VectorRecord> records(long count, long version) {
    return LongStream.range(0, count).mapToObj(id -> record(id, version)).toList();
  }

  private Future<Long> untilDone(Callable<Boolean> task) {
    return threads.submit(
        () -> {
          long rounds = 0;
          while (!done.get()) {
            if (task.call()) {
              rounds++;
            }
          }
          return rounds;
        });
  }

  @Test
  void aBatchOverTwoCollectionsIsSeenWholeOrNotAtAll() throws Exception {
    VectorCollection first = collection("first");
    VectorCollection second = collection("second");
    first.upsert(records(20, 0));
    second.upsert(records(20, 0));
    Future<Long> reading =
        untilDone(
            () -> {
              // Read in this order, the second can be newer than the first, never older.
              long before = version(first);
              long after = version(second);
              assertThat(after).isGreaterThanOrEqualTo(before);
              return true;
            });
    for (long version = 1; version <= 60; version++) {
      store.apply(
          WriteBatch.builder()
              .upsert("first", records(20, version))
              .upsert("second", records(20, version))
              .build());
    }
    done.set(true);
    assertThat(reading.get()).isPositive();
    assertThat(version(second)).isEqualTo(60);
  }

  /** The one version that all records of a collection have. */
  private static long version(VectorCollection collection) {
    List<VectorRecord> all =
        collection.scan(ScanRequest.all().projection(Projection.all())).records();
    assertThat(all).hasSize(20);
    assertThat(all.stream().map(VectorRecord::payload).distinct()).hasSize(1);
    return (Long) all.get(0).payload().get("version").orElseThrow().toObject();
  }

  @Test
  void aScanSeesWhatStaysExactlyOnce() throws Exception {
    VectorCollection collection = collection("things");
    collection.upsert(records(500, 0));
    Future<Long> writing =
        untilDone(
            () -> {
              long version = System.nanoTime();
              collection.upsert(records(300, version));
              collection.upsert(List.of(record(1_000 + version % 1_000, version)));
              collection.deleteWhere(Filter.field("version").eq(version - 1));
              return true;
            });
    for (int i = 0; i < 15; i++) {
      List<Long> seen = scan(collection);
      assertThat(seen).isSorted().doesNotHaveDuplicates();
      assertThat(seen.stream().filter(id -> id < 500).count()).isEqualTo(500);
    }
    done.set(true);
    assertThat(writing.get()).isPositive();
  }

  private static List<Long> scan(VectorCollection collection) {
    List<Long> seen = new ArrayList<>();
    ScanRequest request = ScanRequest.all().pageSize(60);
    Optional<ScanRequest> next = Optional.of(request);
    while (next.isPresent()) {
      Page page = collection.scan(next.get());
      page.records().forEach(record -> seen.add(((RecordId.NumberId) record.id()).value()));
      next = page.next().map(request::from);
    }
    return seen;
  }

  @Test
  void oneOfManyInsertsWinsAndPatchesAddUp() throws Exception {
    VectorCollection collection = collection("things");
    List<Future<?>> running = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      long version = thread;
      running.add(
          threads.submit(
              () -> {
                for (long id = 0; id < 50; id++) {
                  collection.upsert(List.of(record(id, version)), WriteMode.INSERT_ONLY);
                  collection.patchPayload(
                      List.of(RecordId.of(id)),
                      Payload.of(Map.of("by" + version, true)),
                      List.of());
                }
              }));
    }
    for (Future<?> each : running) {
      each.get();
    }
    List<RecordId> ids = LongStream.range(0, 50).mapToObj(RecordId::of).toList();
    assertThat(collection.fetch(ids, Projection.all()))
        .hasSize(50)
        .allSatisfy(
            record -> {
              assertThat(record.payload().keys())
                  .containsExactlyInAnyOrder("version", "by0", "by1", "by2", "by3");
              Object version = record.payload().get("version").orElseThrow().toObject();
              assertThat(record.vector().orElseThrow().at(0))
                  .isEqualTo(((Long) version).floatValue());
            });
  }

  @Test
  void aCollectionCanBeDroppedWhileItIsUsed() throws Exception {
    for (int round = 0; round < 10; round++) {
      VectorCollection collection = collection("things");
      collection.upsert(records(200, round));
      List<Future<?>> using = new ArrayList<>();
      using.add(threads.submit(() -> useUntilGone(() -> searchAll(collection))));
      using.add(threads.submit(() -> useUntilGone(() -> scan(collection).size())));
      using.add(threads.submit(() -> useUntilGone(() -> upsert(collection))));
      assertThat(store.drop("things")).isTrue();
      for (Future<?> each : using) {
        each.get();
      }
    }
  }

  private static int searchAll(VectorCollection collection) {
    return collection
        .search(SearchRequest.nearest(Embedding.of(1, 1, 1, 1, 1, 1, 1, 1)).limit(200))
        .size();
  }

  private static int upsert(VectorCollection collection) {
    collection.upsert(records(20, 9));
    return 20;
  }

  private static Void useUntilGone(Callable<Integer> use) throws Exception {
    while (true) {
      try {
        assertThat(use.call()).isPositive();
      } catch (NotFound gone) {
        return null;
      }
    }
  }

  @Test
  void aWriteIsCarriedThroughWhenItsThreadIsInterrupted() throws Exception {
    VectorCollection collection = collection("things");
    Future<Boolean> writing =
        threads.submit(
            () -> {
              Thread writer = Thread.currentThread();
              Future<?> interrupting = threads.submit(writer::interrupt);
              try {
                store.apply(
                    WriteBatch.builder()
                        .upsert("things", records(2_000, 1))
                        .delete("things", List.of(RecordId.of(5_000)))
                        .build());
                return true;
              } catch (Unavailable before) {
                return false;
              } finally {
                Thread.interrupted();
                interrupting.get();
              }
            });
    assertThat(collection.count(Filter.all())).isEqualTo(settled(writing) ? 2_000 : 0);
  }

  private static boolean settled(Future<Boolean> writing)
      throws InterruptedException, ExecutionException {
    return writing.get();
  }

  /** Enough segments that merging their graphs takes longer than closing may. */
  @Test
  void closingEndsMergesAndTheirThreads() {
    VectorStore other = Embedded.inMemory().open();
    VectorCollection collection =
        other.ensureCollection(CollectionSpec.builder("x").vectors(256, Metric.COSINE).build());
    RandomData data = new RandomData(1);
    List<VectorRecord> batch = new ArrayList<>();
    for (int from = 0; from < 12_000; from += 1_000) {
      for (long id = from; id < from + 1_000; id++) {
        batch.add(VectorRecord.of(RecordId.of(id), data.vector(256), Payload.empty()));
      }
      collection.upsert(batch);
      batch.clear();
      collection.count(Filter.all());
    }
    assertThat(threadNames()).anyMatch(name -> name.startsWith("Lucene Merge Thread"));
    long started = System.nanoTime();
    other.close();
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
    assertThat(threadNames()).noneMatch(name -> name.startsWith("Lucene Merge Thread"));
  }

  private static List<String> threadNames() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }
}
