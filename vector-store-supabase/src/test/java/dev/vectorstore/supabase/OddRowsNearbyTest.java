package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Searches of tables that are read as they are, near rows that can't be records. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OddRowsNearbyTest {
  private static final String TABLES =
      """
      create table pages (url text primary key, content text, embedding vector(3));
      insert into pages values ('https://x.test/a', 'a', '[1,0,0]'), ('https://x.test/?q=' || repeat('z', 600),
        'a long address', '[1,0.1,0]'), ('https://x.test/b', 'b', '[0,1,0]');
      create function match_pages(query_embedding vector(3), match_count int)
        returns table (url text, content text, similarity float) language sql stable as $$
          select url, content, 1 - (embedding <=> query_embedding) from pages
          order by embedding <=> query_embedding limit match_count $$;
      create table sourced (id int primary key, source_id text, embedding vector(3));
      insert into sourced values (1, 'a', '[1,0,0]'), (2, null, '[0,1,0]');
      create function match_sourced(query_embedding vector(3), match_count int, source_filter text default 'any')
        returns table (id int, source_id text, similarity float) language sql stable as $$
          select id, source_id, 1 - (embedding <=> query_embedding) from sourced
          where source_filter = 'any' or source_id = source_filter
          order by embedding <=> query_embedding limit match_count $$;
      create table unclear (id int primary key, embedding vector(3));
      insert into unclear values (1, '[1,0,0]');
      create function match_unclear(query_embedding vector(3), match_count int)
        returns table (id int, similarity float) language plpgsql stable as $$
        begin
          return query select id, 1 - (embedding <=> query_embedding) from unclear limit match_count;
        end $$;
      grant all on all tables in schema public to service_role;
      """;

  private ExistingSupabaseStore server;
  private VectorStore rest;
  private VectorStore direct;

  @BeforeAll
  void start() {
    server = ExistingSupabaseStore.create(3);
    server.sql(TABLES);
    server.postgrest().reloadSchema();
    rest = Reading.open(server);
    direct = Reading.openDirect(server);
  }

  @AfterAll
  void stop() {
    rest.close();
    direct.close();
    server.close();
  }

  @Test
  void aRowWhoseKeyIsNoIdIsLeftOutAndTheAnswerIsFull() {
    for (VectorStore store : List.of(rest, direct)) {
      VectorCollection pages = store.collection("pages");
      assertThat(pages.search(SearchRequest.nearest(1, 0.1f, 0).limit(2)))
          .extracting(SearchHit::id)
          .containsExactly(RecordId.of("https://x.test/a"), RecordId.of("https://x.test/b"));
      assertThat(Reading.all(pages).issues()).hasSize(1);
    }
  }

  @Test
  void aFunctionsOwnDefaultMeansEverySource() {
    assertThat(rest.collection("sourced").search(SearchRequest.nearest(1, 0.1f, 0)))
        .extracting(SearchHit::id)
        .containsExactly(RecordId.of(1), RecordId.of(2));
  }

  @Test
  void aFunctionThatNamesAColumnUnclearlyIsToldAsAtFault() {
    assertThatThrownBy(() -> rest.collection("unclear").search(SearchRequest.nearest(1, 0.1f, 0)))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("42702")
        .hasMessageContaining("the function's own fault");
    assertThat(direct.collection("unclear").search(SearchRequest.nearest(1, 0, 0))).hasSize(1);
  }
}
