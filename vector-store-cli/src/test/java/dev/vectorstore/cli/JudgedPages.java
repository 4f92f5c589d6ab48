package dev.vectorstore.cli;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Fusion;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteOptions;
import java.util.ArrayList;
import java.util.List;

/** The pages of the {@link Corpus} in a store, and the ways in which they are asked. */
final class JudgedPages {
  static final int DEPTH = 10;

  private static final String NAME = "judged_pages";

  private final VectorCollection pages;

  /** How a question is asked. */
  enum Way {
    /** By meaning alone. */
    NEAREST,
    /** By words alone. */
    TEXT,
    /** By both, by reciprocal rank fusion. */
    RRF,
    /** By both, boosted. */
    BOOSTED;

    SearchRequest request(String question, Embedding vector) {
      return switch (this) {
        case NEAREST -> SearchRequest.nearest(vector);
        case TEXT -> SearchRequest.text(question);
        case RRF -> SearchRequest.hybrid(vector, question, Fusion.rrf());
        case BOOSTED -> SearchRequest.hybrid(vector, question, Fusion.boosted());
      };
    }
  }

  private JudgedPages(VectorCollection pages) {
    this.pages = pages;
  }

  /** Stores all pages, their contents ranked. */
  static JudgedPages load(VectorStore store, List<VectorRecord> records) {
    VectorCollection pages =
        store.ensureCollection(
            CollectionSpec.builder(NAME)
                .vectors(Corpus.DIMENSION, Metric.COSINE)
                .field("content", FieldType.TEXT)
                .build());
    pages.upsertAll(records.stream(), WriteOptions.defaults());
    return new JudgedPages(pages);
  }

  /** The pages that were stored by another way to the same engine. */
  static JudgedPages of(VectorStore store) {
    return new JudgedPages(store.collection(NAME));
  }

  /** The pages as records. */
  static List<VectorRecord> records() {
    List<VectorRecord> records = new ArrayList<>();
    try (Corpus corpus = Corpus.open()) {
      corpus.forEachRemaining(
          row -> {
            if (row.table().equals(DemoStore.PAGES)) {
              records.add(
                  VectorRecord.of(
                      RecordId.of((Long) row.columns().get("id")),
                      Embedding.of(row.embedding().orElseThrow()),
                      Payload.of(row.columns())));
            }
          });
    }
    return records;
  }

  /** An answer, best first. */
  List<SearchHit> hits(SearchRequest request, int limit) {
    return pages.search(request.limit(limit).projection(Projection.ids()));
  }

  /** The pages of an answer, best first. */
  List<Long> ask(Way way, String question, Embedding vector) {
    return ids(hits(way.request(question, vector), DEPTH));
  }

  static List<Long> ids(List<SearchHit> hits) {
    return hits.stream().map(hit -> ((RecordId.NumberId) hit.id()).value()).toList();
  }
}
