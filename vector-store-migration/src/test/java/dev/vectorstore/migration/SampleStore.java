package dev.vectorstore.migration;

import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionInfo.UnreadColumn;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A small store of the kind that is copied, in a real engine. */
final class SampleStore {
  static final String PAGES = "crawled_pages";
  static final int DIMENSION = 8;

  private SampleStore() {}

  static VectorStore empty() {
    return VectorStores.open("memory:");
  }

  /** A store with pages, of which every tenth has no vector. */
  static VectorStore withPages(int count) {
    VectorStore store = empty();
    makePages(store).upsert(pages(count));
    return store;
  }

  static VectorCollection makePages(VectorStore store) {
    return store.ensureCollection(
        CollectionSpec.builder(PAGES)
            .vectors(DIMENSION, Metric.COSINE)
            .field("content", FieldType.TERMS)
            .field("source_id", FieldType.KEYWORD)
            .build());
  }

  static List<VectorRecord> pages(int count) {
    Random random = new Random(7);
    List<VectorRecord> pages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pages.add(page(i, random));
    }
    return pages;
  }

  private static VectorRecord page(int i, Random random) {
    Payload payload =
        Payload.builder()
            .put("id", i)
            .put("url", "https://example.org/" + i / 3)
            .put("chunk_number", i % 3)
            .put("content", "The chunk number" + i + " of \"source\" s" + i % 4 + " 😀")
            .put("source_id", "s" + i % 4)
            .put("metadata", Map.of("big", 9007199254740993L + i, "nested", Map.of("a", 1.5)))
            .build();
    return i % 10 == 9
        ? VectorRecord.of(RecordId.of(i), payload)
        : VectorRecord.of(RecordId.of(i), vector(random), payload);
  }

  static Embedding vector(Random random) {
    float[] components = new float[DIMENSION];
    for (int i = 0; i < components.length; i++) {
      components[i] = (float) random.nextGaussian();
    }
    return Embedding.of(components).normalized();
  }

  /** All records by id. */
  static Map<RecordId, VectorRecord> all(VectorStore store, String collection) {
    Map<RecordId, VectorRecord> records = new TreeMap<>();
    ScanRequest request = ScanRequest.all().projection(Projection.all());
    for (ScanRequest next = request; next != null; ) {
      var page = store.collection(collection).scan(next);
      page.records().forEach(record -> records.put(record.id(), record));
      next = page.next().map(request::from).orElse(null);
    }
    return records;
  }

  /** From one store to another, which are called so. */
  static Route route(VectorStore from, VectorStore to) {
    return Route.from(from, "source").to(to, "target");
  }

  /** The store, but its collections have columns that no record shows. */
  static VectorStore unreading(VectorStore store, UnreadColumn... columns) {
    return new Watched(
        store,
        new Watched.Events() {
          @Override
          public CollectionInfo onDescribe(CollectionInfo info) {
            return info.withUnreadColumns(List.of(columns));
          }
        });
  }
}
