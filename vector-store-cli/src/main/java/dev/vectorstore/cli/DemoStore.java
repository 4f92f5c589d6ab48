package dev.vectorstore.cli;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The demo's part of the corpus, stored the way retrieval stores are. */
final class DemoStore {
  static final String PAGES = "crawled_pages";
  static final String EXAMPLES = "code_examples";

  private final Map<String, Integer> counts = new LinkedHashMap<>();

  private DemoStore() {}

  /** Makes the collections and fills them. */
  static DemoStore load(VectorStore store) {
    Map<String, List<VectorRecord>> tables = new LinkedHashMap<>();
    try (Corpus corpus = Corpus.openDemo()) {
      corpus.forEachRemaining(
          row -> tables.computeIfAbsent(row.table(), t -> new ArrayList<>()).add(record(row)));
    }
    DemoStore loaded = new DemoStore();
    tables.forEach(
        (table, records) -> {
          store.ensureCollection(spec(table)).upsert(records);
          loaded.counts.put(table, records.size());
        });
    return loaded;
  }

  private static CollectionSpec spec(String table) {
    CollectionSpec.Builder spec = CollectionSpec.builder(table).field("summary", FieldType.TEXT);
    if (table.equals(Corpus.SOURCES)) {
      return spec.build();
    }
    return spec.vectors(Corpus.DIMENSION, Metric.COSINE)
        .field("content", FieldType.TEXT)
        .field("source_id", FieldType.KEYWORD)
        .field("url", FieldType.KEYWORD)
        .field("chunk_number", FieldType.NUMBER)
        .label("model", MiniLm.NAME)
        .build();
  }

  /** Tables with embeddings have numbers as keys; a source's key is its text. */
  private static VectorRecord record(CorpusRow row) {
    Payload payload = Payload.of(row.columns());
    RecordId id =
        row.columns().get("id") instanceof Long number
            ? RecordId.of(number)
            : RecordId.of(row.text("source_id"));
    return row.embedding()
        .map(components -> VectorRecord.of(id, Embedding.of(components), payload))
        .orElseGet(() -> VectorRecord.of(id, payload));
  }

  int pages() {
    return counts.getOrDefault(PAGES, 0);
  }

  int examples() {
    return counts.getOrDefault(EXAMPLES, 0);
  }

  int sources() {
    return counts.getOrDefault(Corpus.SOURCES, 0);
  }
}
