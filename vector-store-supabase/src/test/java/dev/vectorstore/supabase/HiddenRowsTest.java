package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Rows that row-level security hides are never taken for none, by whatever read: without a key, and
 * with a public one.
 */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HiddenRowsTest {
  private static final List<Consumer<VectorCollection>> READS =
      List.of(
          VectorCollection::count,
          c -> c.count(Filter.field("content").eq("none of them")),
          c -> c.scan(ScanRequest.all()),
          c -> c.scan(ScanRequest.all().filter(Filter.field("content").eq("none of them"))),
          c -> c.fetch(RecordId.of(77)),
          c -> c.search(SearchRequest.nearest(0, 0, 1)));

  private ExistingSupabaseStore server;

  @BeforeAll
  void makeTables() {
    server = ExistingSupabaseStore.create(3);
    for (String table : List.of("hidden", "partly")) {
      server.sql(
          """
          create table NAME (id int primary key, content text, embedding vector(3));
          insert into NAME select n, 'c', '[1,0,0]' from generate_series(1, 10) n;
          alter table NAME enable row level security;
          grant select on NAME to anon, service_role;
          create function match_NAME(query_embedding vector(3), match_count int)
            returns table (id int, similarity float) language sql as
            'select id, 1 - (embedding <=> query_embedding) from NAME
             order by embedding <=> query_embedding limit match_count';
          """
              .replace("NAME", table));
    }
    server.sql("create policy one on partly using (id = 3)");
    server.postgrest().reloadSchema();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private VectorStore open(String key) {
    return Supabase.postgrest(Reading.address(server))
        .key(() -> key)
        .callOptions(Reading.ONCE)
        .open();
  }

  @Test
  void aReadThatSeesNoneOfATableIsDeniedWithoutAKeyAndWithAPublicOne() {
    for (String key : List.of("", server.anonKey())) {
      try (VectorStore store = open(key)) {
        for (Consumer<VectorCollection> read : READS) {
          assertThatThrownBy(() -> read.accept(store.collection("hidden")))
              .isInstanceOf(AccessDenied.class)
              .hasMessageContaining(key.isEmpty() ? "without a key" : "with a public key")
              .hasMessageContaining("service_role")
              .hasMessageContaining("row-level security");
        }
      }
    }
  }

  @Test
  void aReadThatFindsNothingAmongRowsThatAreSeenIsNoFault() {
    Map<String, Long> seen = Map.of("", 1L, server.anonKey(), 1L, server.serviceKey(), 10L);
    seen.forEach(
        (key, rows) -> {
          try (VectorStore store = open(key)) {
            READS.forEach(read -> read.accept(store.collection("partly")));
            assertThat(store.collection("partly").count()).isEqualTo(rows);
          }
        });
  }

  @Test
  void anEmptyTableIsEmptyToASecretKey() {
    server.clear();
    try (VectorStore store = open(server.serviceKey())) {
      READS.forEach(read -> read.accept(store.collection("crawled_pages")));
    }
  }

  /** Over a connection the role asks for itself: row_security_active(). */
  @Test
  void aRoleThatSeesNoneOfATableIsDeniedOverAConnection() {
    server.sql(
        "do $$ begin create role hidden_reader login; exception when duplicate_object then null;"
            + " end $$; grant usage on schema public to hidden_reader;"
            + " grant select on hidden, partly to hidden_reader; drop policy if exists none on"
            + " hidden; create policy none on hidden using (id = 99); analyze");
    String url = server.database().url("hidden_reader");
    try (VectorStore store = Postgres.at(url).callOptions(Reading.ONCE).open()) {
      for (Consumer<VectorCollection> read : READS) {
        assertThatThrownBy(() -> read.accept(store.collection("hidden")))
            .isInstanceOf(AccessDenied.class)
            .hasMessageContaining("row-level security");
        read.accept(store.collection("partly"));
      }
    } finally {
      server.sql("drop policy none on hidden");
    }
  }
}
