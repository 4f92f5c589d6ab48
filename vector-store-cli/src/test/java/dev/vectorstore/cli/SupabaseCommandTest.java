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
        server.url(),
        "--key-file",
        key.toString(),
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
