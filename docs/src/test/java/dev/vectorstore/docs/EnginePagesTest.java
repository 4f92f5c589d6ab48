package dev.vectorstore.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.supabase.Postgres;
import dev.vectorstore.supabase.Supabase;
import dev.vectorstore.supabase.SupabaseTables;
import dev.vectorstore.supabase.TableAdoption;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Duration;
import java.util.ArrayList;
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
      notes.upsert(VectorRecord.of(RecordId.of("note-1"), new float[] {3, 4}, Payload.empty()));
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
      notes.upsert(VectorRecord.of(RecordId.of("note-1"), new float[] {3, 4}, Payload.empty()));
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
      Embedding query = Embedding.of(0, 1, 0);
      List<SearchHit> hits;
      List<VectorRecord> rows;
      // tag
      try (VectorStore store = VectorStores.open(url, StoreOptions.builder().key(key).build())) {
        VectorCollection pages = store.collection("crawled_pages");
        hits =
            pages.search(
                SearchRequest.nearest(query).filter(Filter.field("source_id").eq("docs")).limit(5));
        rows = pages.scan(ScanRequest.all().projection(Projection.all())).records();
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
      existing.sql(Supabase.sql());
      existing.sql(
          "insert into crawled_pages (url, content) values ('https://a', 'Recursive queries')");
      List<String> notes;
      List<SearchHit> hits;
      try (VectorStore store = VectorStores.open(existing.database().url("postgres"))) {
        // tag
        SupabaseTables tables = store.unwrap(SupabaseTables.class);
        notes = tables.adopt(TableAdoption.of("crawled_pages").ranked("content").build());
        tables.makeTerms("crawled_pages", Duration.ofMinutes(10));
        hits = store.collection("crawled_pages").search(SearchRequest.text("recursive"));
        // end
      }
      assertThat(notes).isNotEmpty();
      assertThat(hits).hasSize(1);
    }
  }

  @Test
  @RequiresEngine(TestEngine.SUPABASE)
  void tablesOfPlainPostgres() {
    try (ExistingSupabaseStore existing = ExistingSupabaseStore.create(3)) {
      existing.sql(
          "create table docs (id bigint primary key, content text, metadata jsonb,"
              + " embedding vector(3));"
              + "insert into docs values (1, 'Recursive queries', '{\"lang\": \"en\"}', '[0,1,0]'),"
              + " (2, 'Rekursion', '{\"lang\": \"de\"}', '[0,1,0.1]')");
      String url = existing.database().url("postgres");
      String password = "";
      List<String> found = new ArrayList<>();
      // tag
      try (VectorStore store = Postgres.at(url).password(() -> password).open()) {
        VectorCollection docs = store.collection("docs");
        SearchRequest nearest =
            SearchRequest.nearest(0, 1, 0).filter(Filter.field("metadata", "lang").eq("en"));
        for (SearchHit hit : docs.search(nearest.limit(5))) {
          found.add(hit.score() + " " + hit.content().orElse(""));
        }
      }
      // end
      assertThat(found).containsExactly("1.0 Recursive queries");
    }
  }

  @Test
  @RequiresEngine(TestEngine.SUPABASE)
  void collectionsOfPlainPostgres() {
    try (ExistingSupabaseStore existing = ExistingSupabaseStore.create(3)) {
      existing.sql(Supabase.sql());
      String url = existing.database().url("postgres");
      Optional<VectorRecord> note;
      // tag
      try (VectorStore store = Postgres.at(url).open()) {
        VectorCollection notes =
            store.ensureCollection(
                CollectionSpec.builder("notes").vectors(2, Metric.COSINE).build());
        notes.upsert(VectorRecord.of(RecordId.of("note-1"), new float[] {3, 4}, Payload.empty()));
        note = notes.fetch(RecordId.of("note-1"));
      }
      // end
      assertThat(note).isPresent();
    }
  }
}
