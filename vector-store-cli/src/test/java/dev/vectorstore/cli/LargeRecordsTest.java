package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of megabytes that Postgres stores in kilobytes are copied in a small heap. */
@RequiresEngine({TestEngine.SUPABASE, TestEngine.QDRANT})
class LargeRecordsTest {
  private static final int ROWS = 250;

  @TempDir private static Path folder;

  @Test
  void aCopyOfRecordsOfTwoMegabytesRunsInAHeapOf128() throws Exception {
    try (ExistingSupabaseStore supabase = ExistingSupabaseStore.create(3);
        QdrantServer qdrant = QdrantServer.start();
        VectorStore target = VectorStores.open(qdrant.url())) {
      supabase.sql(
          "create table large (id int primary key, body text, embedding vector(3)); insert into"
              + " large select n, repeat('x', 2000000), '[1,2,3]' from generate_series(1, "
              + ROWS
              + ") n; grant select on large to service_role");
      supabase.postgrest().reloadSchema();
      Path key = Files.writeString(folder.resolve("key"), supabase.serviceKey());
      copy("rest", supabase.url(), qdrant, "--from-key-file", key.toString());
      assertThat(target.collection("rest").count()).isEqualTo(ROWS);
      target.drop("rest");
      copy("direct", supabase.database().url("postgres"), qdrant, "--in-flight", "4");
      assertThat(target.collection("direct").count()).isEqualTo(ROWS);
    }
  }

  private static void copy(String name, String from, QdrantServer to, String... more)
      throws Exception {
    Path output = folder.resolve("output-" + name);
    String[] arguments = {
      "copy",
      "--from",
      from,
      "--to",
      to.url(),
      "--collection",
      "large=" + name,
      "--state",
      folder.resolve("state-" + name).toString(),
      more[0],
      more[1]
    };
    Process copy = Run.start("128m", output, arguments);
    assertThat(copy.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(copy.exitValue()).as(Files.readString(output)).isZero();
  }
}
