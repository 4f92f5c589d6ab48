package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vectorstore.Projection;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A store that is copied over a connection to its database, beside the copy over PostgREST. */
@RequiresEngine({TestEngine.SUPABASE, TestEngine.QDRANT})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DirectCopyTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TABLES = List.of("code_examples", "crawled_pages", "sources");

  @TempDir private static Path folder;

  private ExistingSupabaseStore supabase;
  private QdrantServer qdrant;
  private Path key;

  @BeforeAll
  void load() throws IOException {
    supabase = ExistingSupabaseStore.create(8);
    qdrant = QdrantServer.start();
    key = Files.writeString(folder.resolve("key"), supabase.serviceKey());
    supabase.sql(
        """
        insert into sources (source_id, summary) select 's' || n, 'summary ' || n
          from generate_series(1, 5) n;
        insert into crawled_pages (url, chunk_number, content, metadata, source_id, embedding)
          select 'http://u/' || n, n, case when n % 500 = 0 then repeat('long é😀 "\\', 6000) else
            'text ' || n end, jsonb_build_object('n', n / 7.0, 'big', 9007199254740993 + n, 'huge',
            12345678901234567890, 'list', jsonb_build_array(n, null, jsonb_build_object('a.b', n))),
            's' || n % 5 + 1, case n % 100 when 7 then null when 8 then array_fill(0, array[8])::vector
              else (select array_agg(random() - 0.5 + 0 * n + 0 * d) from generate_series(1, 8) d)::vector
            end from generate_series(1, 2500) n;
        insert into code_examples (url, chunk_number, content, summary, embedding)
          select url, chunk_number, content, 'summary', embedding from crawled_pages where id < 300;
        drop index crawled_pages_embedding_idx; -- made on an empty table, it finds few rows
        drop index code_examples_embedding_idx;
        """);
  }

  @AfterAll
  void stop() {
    qdrant.close();
    supabase.close();
  }

  private String direct() {
    return supabase.database().url("postgres");
  }

  private static List<String> renamed(String suffix) {
    List<String> options = new ArrayList<>();
    TABLES.forEach(table -> options.addAll(List.of("--collection", table + "=" + table + suffix)));
    return options;
  }

  private Run copy(String from, String suffix, String... more) {
    List<String> arguments = new ArrayList<>(List.of("copy", "--from", from, "--to", qdrant.url()));
    arguments.addAll(List.of("--json", "--state", folder.resolve("state" + suffix).toString()));
    arguments.addAll(renamed(suffix));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  @Test
  void aCopyOverAConnectionIsTheCopyOverPostgrest() throws IOException {
    Run overRest = copy(supabase.url(), "_rest", "--from-key-file", key.toString());
    Run overSql = copy(direct(), "_sql");
    assertThat(overRest.code()).as(overRest.err()).isZero();
    assertThat(overSql.code()).as(overSql.err()).isZero();
    JsonNode collections = JSON.readTree(overSql.out()).get("collections");
    assertThat(collections).hasSize(3);
    for (JsonNode collection : collections) {
      assertThat(collection.get("written").asLong()).isPositive();
      assertThat(collection.get("written")).isEqualTo(collection.get("read"));
      assertThat(collection.get("rejected").asLong()).isZero();
    }
    try (VectorStore target = VectorStores.open(qdrant.url())) {
      for (String table : TABLES) {
        assertThat(records(target.collection(table + "_sql")))
            .containsExactlyElementsOf(records(target.collection(table + "_rest")))
            .hasSizeGreaterThan(4);
      }
    }
    verifies();
  }

  private void verifies() throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("verify", "--from", direct(), "--to", qdrant.url(), "--json"));
    arguments.addAll(renamed("_sql"));
    arguments.addAll(List.of("--report", folder.resolve("report.html").toString()));
    Run verified = Run.of(arguments.toArray(String[]::new));
    assertThat(verified.code()).as(verified.err()).isZero();
    for (JsonNode collection : JSON.readTree(verified.out()).get("collections")) {
      assertThat(collection.get("payload_mismatches").asLong()).isZero();
      assertThat(collection.get("vector_mismatches").asLong()).isZero();
      assertThat(collection.get("count_to")).isEqualTo(collection.get("count_from"));
    }
  }

  @Test
  void collectionsAreListedAndCounted() throws IOException {
    Run listed = Run.of("collections", "--store", direct(), "--json");
    assertThat(listed.code()).as(listed.err()).isZero();
    assertThat(listed.out()).contains("crawled_pages", "sources", "code_examples");
    Run counted = Run.of("count", "--store", direct(), "--collection", "crawled_pages", "--json");
    assertThat(JSON.readTree(counted.out()).get("count").asLong()).isEqualTo(2_500);
  }

  private static List<VectorRecord> records(VectorCollection collection) {
    List<VectorRecord> records = new ArrayList<>();
    ScanRequest request = ScanRequest.all().projection(Projection.all()).pageSize(1_000);
    for (var page = collection.scan(request); ; page = collection.scan(request)) {
      records.addAll(page.records());
      if (page.next().isEmpty()) {
        return records;
      }
      request = request.from(page.next().get());
    }
  }
}
