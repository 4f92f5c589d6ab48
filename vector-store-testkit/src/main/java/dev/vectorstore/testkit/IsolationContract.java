package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
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
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Atomic batches beside each other: section Writes of docs/CONTRACT.md. Where there are none, W-12
 * shows that they are refused.
 */
public interface IsolationContract extends EngineContract {
  /** Finds every record of a page. */
  SearchRequest NEAREST = SearchRequest.nearest(Samples.vector(1, 0)).limit(50);

  /** How often each reader reads at least beside a writer. */
  int READS = 60;

  /** Writes a page's chunks of one version and removes what an earlier one had more. */
  private static void ingest(VectorStore store, String name, String url, int chunks, int version) {
    replace(store, name, url, chunks(url, chunks, version));
  }

  private static List<VectorRecord> chunks(String url, int chunks, int version) {
    return IntStream.range(0, chunks)
        .mapToObj(
            i ->
                VectorRecord.of(
                    RecordId.derived(url, i),
                    Samples.vector(1, i),
                    Payload.of(Map.of("url", url, "version", version, "chunks", chunks))))
        .toList();
  }

  private static void replace(
      VectorStore store, String name, String url, List<VectorRecord> records) {
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

  /** A call of a reader: the records of the page "page" that it sees. */
  @FunctionalInterface
  interface PageRead {
    /**
     * Reads the page.
     *
     * @param collection a collection whose only records are of that page
     * @return what each reading of the call saw
     */
    List<List<Payload>> of(VectorCollection collection);
  }

  /** Replaces a page by batches, each of another number of records, while others read it. */
  private static void readBesideBatches(
      Workspace space,
      CollectionSpec spec,
      UnaryOperator<List<VectorRecord>> change,
      PageRead... reads) {
    VectorCollection collection = space.store().ensureCollection(spec);
    replace(space.store(), spec.name(), "page", change.apply(chunks("page", 5, 0)));
    AtomicBoolean written = new AtomicBoolean();
    AtomicIntegerArray left = new AtomicIntegerArray(reads.length);
    IntStream.range(0, reads.length).forEach(i -> left.set(i, READS));
    Queue<String> torn = new ConcurrentLinkedQueue<>();
    Parallel.run(
        1 + reads.length,
        "a writer of batches and readers beside it",
        i -> {
          if (i == 0) {
            for (int version = 1; version < 80 || isAnyLeft(left); version++) {
              List<VectorRecord> page = chunks("page", 1 + version % 8, version);
              replace(space.store(), spec.name(), "page", change.apply(page));
            }
            written.set(true);
          }
          while (!written.get()) {
            List<List<Payload>> seen = read(collection, reads[i - 1], i - 1, left);
            if (!seen.stream().allMatch(IsolationContract::isWhole)
                || seen.stream().flatMap(List::stream).distinct().count() != 1) {
              torn.add("reader " + i + ": " + seen);
            }
          }
        });
    assertThat(torn).as("reads that saw a state that never was").isEmpty();
  }

  /** Records of which every second one is found by its text alone. */
  private static List<VectorRecord> halfWithoutVector(List<VectorRecord> records) {
    return IntStream.range(0, records.size())
        .mapToObj(i -> i % 2 == 0 ? records.get(i) : records.get(i).withoutVectors())
        .toList();
  }

  /** Reads and counts it; a reader that fails has none left, so that the writer ends. */
  private static List<List<Payload>> read(
      VectorCollection collection, PageRead read, int reader, AtomicIntegerArray left) {
    int remaining = 0;
    try {
      List<List<Payload>> seen = read.of(collection);
      remaining = Math.max(0, left.get(reader) - 1);
      return seen;
    } finally {
      left.set(reader, remaining);
    }
  }

  private static boolean isAnyLeft(AtomicIntegerArray left) {
    return IntStream.range(0, left.length()).anyMatch(i -> left.get(i) > 0);
  }

  private static SearchRequest exact(Workspace space, SearchRequest request) {
    return space.has(Capability.EXACT) ? request.exact() : request;
  }

  private static List<Payload> payloads(List<SearchHit> hits) {
    return hits.stream().map(SearchHit::payload).toList();
  }

  @Test
  @Rule("W-20")
  default void aReadSeesABatchWhollyOrNotAtAll() {
    try (Workspace space = Workspace.of(this)) {
      if (space.has(Capability.ATOMIC_BATCH)) {
        readBesideBatches(
            space,
            space.spec(2, Metric.COSINE).build(),
            UnaryOperator.identity(),
            collection -> List.of(scanned(collection, "page")),
            collection ->
                List.of(
                    space.has(Capability.VECTOR_SEARCH)
                        ? found(collection, "page")
                        : scanned(collection, "page")));
      }
    }
  }

  @Test
  @Rule("W-20")
  default void aHybridSearchSeesABatchWhollyOrNotAtAll() {
    for (FieldType type : List.of(FieldType.TEXT, FieldType.TERMS)) {
      try (Workspace space = Workspace.of(this)) {
        if (space.has(Capability.ATOMIC_BATCH)
            && space.has(Capability.VECTOR_SEARCH)
            && space.has(type == FieldType.TEXT ? Capability.RANKED_TEXT : Capability.TERMS)) {
          SearchRequest hybrid =
              SearchRequest.hybrid(Samples.vector(1, 0), "page", Fusion.rrf()).limit(20);
          readBesideBatches(
              space,
              space.spec(2, Metric.COSINE).field("url", type).build(),
              IsolationContract::halfWithoutVector,
              collection -> List.of(payloads(collection.search(hybrid))),
              collection -> List.of(payloads(collection.search(exact(space, hybrid.limit(8))))));
        }
      }
    }
  }

  @Test
  @Rule("W-20")
  default void aBatchOfSearchesSeesABatchWhollyOrNotAtAll() {
    try (Workspace space = Workspace.of(this)) {
      if (space.has(Capability.ATOMIC_BATCH) && space.has(Capability.VECTOR_SEARCH)) {
        List<SearchRequest> requests =
            List.of(
                NEAREST,
                exact(space, NEAREST),
                SearchRequest.nearest(Samples.vector(0, 1)).limit(9));
        readBesideBatches(
            space,
            space.spec(2, Metric.COSINE).build(),
            UnaryOperator.identity(),
            collection ->
                collection.searchBatch(requests).stream()
                    .map(IsolationContract::payloads)
                    .toList());
      }
    }
  }
}
