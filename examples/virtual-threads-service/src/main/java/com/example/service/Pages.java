package com.example.service;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Stores pages and finds them again. */
final class Pages {
  private static final int DIMENSION = 256;

  private final VectorCollection pages;

  Pages(VectorStore store) {
    pages =
        store.ensureCollection(
            CollectionSpec.builder("virtual-threads-service")
                .vectors(DIMENSION, Metric.COSINE)
                .field("url", FieldType.KEYWORD)
                .build());
  }

  /** Stores a page, in place of one that has the same url. */
  Payload put(Payload page) {
    RecordId id = RecordId.derived(required(page, "url"));
    pages.upsert(VectorRecord.of(id, embed(required(page, "content")), page));
    return Payload.of(Map.of("id", id.toString()));
  }

  Payload search(String question) {
    List<Payload> hits =
        pages.search(SearchRequest.nearest(embed(question)).limit(3)).stream()
            .map(Pages::scored)
            .toList();
    return Payload.of(Map.of("hits", hits));
  }

  private static Payload scored(SearchHit hit) {
    double score = Math.round(hit.score() * 1000) / 1000.0;
    return hit.payload().toBuilder().put("score", score).build();
  }

  private static String required(Payload page, String key) {
    return page.text(key).orElseThrow(() -> new InvalidRequest("a page needs a text " + key));
  }

  /** Counts the words in 256 buckets. A real application calls its embedding model here. */
  private static float[] embed(String text) {
    float[] counts = new float[DIMENSION];
    for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
      counts[Math.floorMod(word.hashCode(), DIMENSION)]++;
    }
    return counts;
  }
}
