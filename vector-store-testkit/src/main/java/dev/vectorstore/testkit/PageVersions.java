package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Filter;
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

/** Pages whose chunks are replaced by atomic batches, and readers beside these. Stateless. */
final class PageVersions {
  /** Finds every record of a page. */
  static final SearchRequest NEAREST = SearchRequest.nearest(Samples.vector(1, 0)).limit(50);

  /** How often each reader reads at least beside a writer. */
  private static final int READS = 60;

  private PageVersions() {}

  /** Writes a page's chunks of one version and removes what an earlier one had more. */
  static void ingest(VectorStore store, String name, String url, int chunks, int version) {
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
  static boolean isWhole(List<Payload> page) {
    return !page.isEmpty()
        && page.stream().distinct().count() == 1
        && page.get(0).integer("chunks").orElseThrow() == page.size();
  }

  static List<Payload> scanned(VectorCollection collection, String url) {
    return collection.scan(ScanRequest.all().filter(Filter.field("url").eq(url))).records().stream()
        .map(VectorRecord::payload)
        .toList();
  }

  static List<Payload> found(VectorCollection collection, String url) {
    return payloads(collection.search(NEAREST.filter(Filter.field("url").eq(url))));
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
  static void readBesideBatches(
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
            if (!seen.stream().allMatch(PageVersions::isWhole)
                || seen.stream().flatMap(List::stream).distinct().count() != 1) {
              torn.add("reader " + i + ": " + seen);
            }
          }
        });
    assertThat(torn).as("reads that saw a state that never was").isEmpty();
  }

  /** Records of which every second one is found by its text alone. */
  static List<VectorRecord> halfWithoutVector(List<VectorRecord> records) {
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

  static List<Payload> payloads(List<SearchHit> hits) {
    return hits.stream().map(SearchHit::payload).toList();
  }
}
