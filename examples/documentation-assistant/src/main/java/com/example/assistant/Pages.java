package com.example.assistant;

import static dev.vectorstore.Filter.and;
import static dev.vectorstore.Filter.field;
import static dev.vectorstore.Filter.ids;
import static dev.vectorstore.Filter.not;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import java.util.ArrayList;
import java.util.List;

/** Keeps the chunks of documentation pages in a vector store, and finds them again. */
final class Pages {
  static final String COLLECTION = "documentation-assistant";

  private final VectorCollection chunks;

  Pages(VectorStore store) {
    chunks =
        store.ensureCollection(
            CollectionSpec.builder(COLLECTION)
                .vectors(HashingEmbedder.DIMENSION, Metric.COSINE)
                .field("source", FieldType.KEYWORD)
                .field("url", FieldType.KEYWORD)
                .field("content", FieldType.TEXT)
                .build());
  }

  /** Stores a page in place of what was stored of it before, so that no stale chunk stays. */
  void put(String source, String url, List<String> contents) {
    List<VectorRecord> records = new ArrayList<>();
    for (int number = 0; number < contents.size(); number++) {
      records.add(chunk(source, url, number, contents.get(number)));
    }
    chunks.upsert(records);
    List<RecordId> current = records.stream().map(VectorRecord::id).toList();
    chunks.deleteWhere(and(field("url").eq(url), not(ids(current))));
  }

  private static VectorRecord chunk(String source, String url, int number, String content) {
    return VectorRecord.of(
        RecordId.derived(url, number),
        HashingEmbedder.embed(content),
        Payload.builder()
            .put("source", source)
            .put("url", url)
            .put("chunk", number)
            .put("content", content)
            .build());
  }

  void removeSource(String source) {
    chunks.deleteWhere(field("source").eq(source));
  }

  long count() {
    return chunks.count();
  }

  List<SearchHit> search(String question, Filter filter) {
    return chunks.search(
        SearchRequest.nearest(HashingEmbedder.embed(question)).filter(filter).limit(3));
  }

  /** Finds by meaning and by words: a chunk with some of the words comes before one with none. */
  List<SearchHit> search(String question, String words) {
    return chunks.search(
        SearchRequest.hybrid(HashingEmbedder.embed(question), words, Fusion.boosted()).limit(3));
  }
}
