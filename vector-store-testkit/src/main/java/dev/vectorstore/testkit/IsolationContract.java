package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteBatch;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Atomic batches beside each other: section Writes of docs/CONTRACT.md. Where there are none, W-12
 * shows that they are refused.
 */
public interface IsolationContract extends EngineContract {
  /** Writes a page's chunks of one version and removes what an earlier one had more. */
  private static void ingest(VectorStore store, String name, String url, int chunks, int version) {
    List<VectorRecord> records =
        IntStream.range(0, chunks)
            .mapToObj(
                i ->
                    VectorRecord.of(
                        RecordId.derived(url, i),
                        Samples.vector(1, i),
                        Payload.of(Map.of("url", url, "version", version, "chunks", chunks))))
            .toList();
    Filter old =
        Filter.and(
            Filter.field("url").eq(url),
            Filter.not(Filter.ids(records.stream().map(VectorRecord::id).toList())));
    store.apply(WriteBatch.builder().deleteWhere(name, old).upsert(name, records).build());
  }

  /** Whether these are the chunks of one version, and all of them. */
  private static boolean isWhole(List<Payload> page) {
    return !page.isEmpty()
        && page.stream().distinct().count() == 1
        && page.get(0).integer("chunks").orElseThrow() == page.size();
  }

  private static List<Payload> scanned(VectorCollection collection, String url) {
    return collection.scan(ScanRequest.all().filter(Filter.field("url").eq(url))).records().stream()
        .map(VectorRecord::payload)
        .toList();
  }

  private static List<Payload> found(VectorCollection collection, String url) {
    SearchRequest nearest =
        SearchRequest.nearest(Samples.vector(1, 0)).filter(Filter.field("url").eq(url)).limit(50);
    return collection.search(nearest).stream().map(SearchHit::payload).toList();
  }

  @Test
  @Rule("W-20")
  default void batchesBehaveAsIfOneRanAfterTheOther() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create(2, Metric.COSINE);
      if (!space.has(Capability.ATOMIC_BATCH)) {
        return;
      }
      for (int round = 0; round < 20; round++) {
        String url = "page " + round;
        ingest(space.store(), collection.name(), url, 2, 0);
        Parallel.run(
            3,
            "batches over the same records: each is written, none fails",
            i -> ingest(space.store(), collection.name(), url, 9 - 3 * i, i + 1));
        List<Payload> page = scanned(collection, url);
        assertThat(isWhole(page))
            .as("after concurrent batches, the page is that of one of them: %s", page)
            .isTrue();
      }
    }
  }

  @Test
  @Rule("W-20")
  default void aReadSeesABatchWhollyOrNotAtAll() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create(2, Metric.COSINE);
      if (!space.has(Capability.ATOMIC_BATCH)) {
        return;
      }
      boolean searched = collection.capabilities().contains(Capability.VECTOR_SEARCH);
      ingest(space.store(), collection.name(), "page", 5, 0);
      AtomicBoolean written = new AtomicBoolean();
      Queue<String> torn = new ConcurrentLinkedQueue<>();
      Parallel.run(
          4,
          "a writer of batches and readers beside it",
          i -> {
            if (i == 0) {
              for (int version = 1; version < 80; version++) {
                ingest(space.store(), collection.name(), "page", 1 + version % 8, version);
              }
              written.set(true);
            }
            while (!written.get()) {
              List<Payload> page =
                  i == 1 && searched ? found(collection, "page") : scanned(collection, "page");
              if (!isWhole(page)) {
                torn.add(page.toString());
              }
            }
          });
      assertThat(torn).as("reads that saw a state that never was").isEmpty();
    }
  }
}
