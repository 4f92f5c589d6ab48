package dev.vectorstore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.Vector;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.supabase.SupabaseTables;
import dev.vectorstore.supabase.SupabaseVectorStore;
import dev.vectorstore.supabase.TableAdoption;
import dev.vectorstore.testkit.ExistingSupabaseStore;
import dev.vectorstore.testkit.QdrantServer;
import dev.vectorstore.testkit.RequiresEngine;
import dev.vectorstore.testkit.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The snippets of the pages on the engines, each on the real engine. */
class EnginePagesTest {
  @Test
  void embedded() {
    long count;
    // tag
    try (VectorStore store = VectorStores.open("memory:")) {
      VectorCollection notes =
          store.ensureCollection(
              CollectionSpec.builder("notes").vectors(2, Metric.EUCLIDEAN).build());
      notes.upsert(VectorRecord.of(RecordId.of("note-1"), Vector.of(3, 4), Payload.empty()));
      count = notes.count();
    }
    // end
    assertThat(count).isEqualTo(1);
  }

  @Test
  @RequiresEngine(TestEngine.QDRANT)
  void qdrant() {
    String url = QdrantServer.shared().url();
    Supplier<String> key = () -> "";
    Optional<VectorRecord> note;
    // tag
    try (VectorStore store = VectorStores.open(url, StoreOptions.builder().key(key).build())) {
      VectorCollection notes =
          store.ensureCollection(CollectionSpec.builder("notes").vectors(2, Metric.COSINE).build());
      notes.upsert(VectorRecord.of(RecordId.of("note-1"), Vector.of(3, 4), Payload.empty()));
      note = notes.fetch(RecordId.of("note-1"));
      store.drop("notes");
    }
    // end
    assertThat(note).isPresent();
  }

  @Test
  @RequiresEngine(TestEngine.SUPABASE)
  void supabase() {
    try (ExistingSupabaseStore existing = ExistingSupabaseStore.create(3)) {
      existing.sql(
          "insert into sources (source_id, summary) values ('docs', 'All of it');"
              + "insert into crawled_pages (url, chunk_number, content, source_id, embedding)"
              + " values ('https://a', 0, 'Recursive queries', 'docs', '[0,1,0]')");
      existing.postgrest().reloadSchema();
      String url = existing.url();
      Supplier<String> key = existing::serviceKey;
      Vector query = Vector.of(0, 1, 0);
      List<SearchHit> hits;
      List<VectorRecord> rows;
      // tag
      try (VectorStore store = VectorStores.open(url, StoreOptions.builder().key(key).build())) {
        VectorCollection pages = store.collection("crawled_pages");
        hits =
            pages.search(
                SearchRequest.nearest(query)
                    .filter(Filter.field("source_id").eq("docs"))
                    .limit(5)
                    .build());
        rows = pages.scan(ScanRequest.builder().projection(Projection.all()).build()).records();
      }
      // end
      assertThat(rows).hasSize(1);
      assertThat(hits).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  @RequiresEngine(TestEngine.SUPABASE)
  void adopting() {
    try (ExistingSupabaseStore existing = ExistingSupabaseStore.create(3)) {
      existing.sql(SupabaseVectorStore.sql());
      existing.sql(
          "insert into crawled_pages (url, content) values ('https://a', 'Recursive queries')");
      existing.postgrest().reloadSchema();
      StoreOptions options = StoreOptions.builder().key(existing::serviceKey).build();
      List<String> notes;
      List<SearchHit> hits;
      try (VectorStore store = VectorStores.open(existing.url(), options)) {
        // tag
        SupabaseTables tables = store.unwrap(SupabaseTables.class);
        notes = tables.adopt(TableAdoption.of("crawled_pages").build());
        tables.makeTerms("crawled_pages", Duration.ofMinutes(10));
        hits = store.collection("crawled_pages").search(SearchRequest.text("recursive").build());
        // end
      }
      assertThat(notes).isNotEmpty();
      assertThat(hits).hasSize(1);
    }
  }
}
