package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an existing store to collections that are written and searched by terms. */
@RequiresEngine(TestEngine.SUPABASE)
class SupabaseCommandTest {
  @TempDir private static Path folder;

  @Test
  void aTableIsAdoptedOnceTheSqlIsThere() throws IOException {
    try (ExistingSupabaseStore server = ExistingSupabaseStore.create(3)) {
      Path key = Files.writeString(folder.resolve("key"), server.serviceKey());
      server.sql(
          "insert into crawled_pages (url, content, embedding)"
              + " values ('u', 'a red fox', '[1,0,0]'), ('v', 'a cat', '[0,1,0]')");
      String[] adopt = {
        "supabase",
        "adopt",
        "--store",
        server.database().url("postgres"),
        "--table",
        "crawled_pages",
        "--ranked",
        "content",
        "--terms"
      };
      Run early = Run.of(adopt);
      assertThat(early.code()).isEqualTo(Program.FAILED);
      assertThat(early.err()).contains("vector-store supabase sql | psql");

      Run sql = Run.of("supabase", "sql");
      assertThat(sql.code()).isEqualTo(Program.DONE);
      server.sql(sql.out());
      server.sql(sql.out());
      server.postgrest().reloadSchema();

      Run byKey =
          Run.of(
              "supabase",
              "adopt",
              "--store",
              server.url(),
              "--key-file",
              key.toString(),
              "--table",
              "crawled_pages");
      assertThat(byKey.code()).isEqualTo(Program.FAILED);
      assertThat(byKey.err())
          .contains("only the owner of the table", "select public.vector_store_adopt('{");

      Run plain = Run.of(without(adopt, "--ranked", "content"));
      assertThat(plain.code()).as(plain.err()).isEqualTo(Program.DONE);
      Run unranked = search(server, key);
      assertThat(unranked.code()).isEqualTo(Program.FAILED);
      assertThat(unranked.err())
          .contains("declared as TERMS")
          .contains("supabase adopt --table crawled_pages --ranked content --terms");

      Run adopted = Run.of(adopt);
      assertThat(adopted.err()).contains("ivfflat", "create index concurrently");
      assertThat(adopted.code()).isEqualTo(Program.DONE);
      assertThat(adopted.out()).contains("crawled_pages\tadopted, 2 rows");

      Run search = search(server, key);
      assertThat(search.code()).isEqualTo(Program.DONE);
      assertThat(search.out()).contains("red fox").doesNotContain("a cat");
    }
  }

  @Test
  void aTableOfAnotherSchemaIsAdoptedWithItsMetric() {
    try (ExistingSupabaseStore server = ExistingSupabaseStore.create(3)) {
      server.sql(Run.of("supabase", "sql").out());
      server.sql(
          "create schema rag; create table rag.docs (id int primary key, v halfvec(2), w vector(3));"
              + " insert into rag.docs values (1, '[3,4]', '[1,2,3]')");
      String url = server.database().url("postgres");
      Run listed = Run.of("collections", "--store", url);
      assertThat(listed.out()).contains("rag.docs\tv: 2 dimensions, COSINE");
      Run adopted =
          Run.of(
              "supabase",
              "adopt",
              "--store",
              url,
              "--schema",
              "rag",
              "--table",
              "docs",
              "--metric",
              "dot");
      assertThat(adopted.code()).as(adopted.err()).isEqualTo(Program.DONE);
      assertThat(adopted.out()).contains("rag.docs\tadopted, 1 rows");
      assertThat(Run.of("collections", "--store", url).out())
          .contains("rag.docs\tv: 2 dimensions, DOT; w: 3 dimensions, DOT");
      Run wrong =
          Run.of("supabase", "adopt", "--store", url, "--table", "docs", "--metric", "manhattan");
      assertThat(wrong.code()).isEqualTo(Program.USAGE);
      assertThat(wrong.err()).contains("COSINE", "DOT", "EUCLIDEAN");
    }
  }

  /** 0 of 10 rows and success would be a lie. */
  @Test
  void rowsThatAreHiddenFromWhoHasNoKeyAreNoSuccess() throws IOException {
    try (ExistingSupabaseStore server = ExistingSupabaseStore.create(3)) {
      server.sql(
          "create table hidden (id int primary key, content text, embedding vector(3));"
              + " insert into hidden select n, 'c', '[1,0,0]' from generate_series(1, 10) n;"
              + " alter table hidden enable row level security; grant select on hidden to anon;"
              + " create function match_hidden(query_embedding vector(3), match_count int) returns"
              + " table (id int, similarity float) language sql as 'select id, 1 - (embedding <=>"
              + " query_embedding) from hidden limit match_count'");
      server.postgrest().reloadSchema();
      String query = Files.writeString(folder.resolve("query"), "[1,0,0]").toString();
      String state = folder.resolve("state").toString();
      for (Run run :
          List.of(
              Run.of("count", "--store", server.url(), "--collection", "hidden"),
              Run.of(
                  "search", "--store", server.url(), "--collection", "hidden", "--vector", query),
              Run.of(
                  "copy",
                  "--from",
                  server.url(),
                  "--to",
                  "memory:",
                  "--collection",
                  "hidden",
                  "--state",
                  state),
              Run.of(
                  "verify",
                  "--from",
                  server.url(),
                  "--to",
                  server.url(),
                  "--collection",
                  "hidden=crawled_pages"))) {
        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(Program.FAILED);
        assertThat(run.err()).contains("row-level security", "service_role", "SUPABASE_KEY");
      }
    }
  }

  private static String[] without(String[] arguments, String... words) {
    List<String> others = new ArrayList<>(List.of(arguments));
    others.removeAll(List.of(words));
    return others.toArray(String[]::new);
  }

  private static Run search(ExistingSupabaseStore server, Path key) {
    return Run.of(
        "search",
        "--store",
        server.url(),
        "--key-file",
        key.toString(),
        "--collection",
        "crawled_pages",
        "--text",
        "fox",
        "--json");
  }
}
