package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vectorstore.Embedding;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The main job: a store of real documentation on Supabase, with the odd rows that such stores have,
 * goes to Qdrant and answers the same. The tests are the steps of one story, in their order.
 */
@RequiresEngine({TestEngine.SUPABASE, TestEngine.QDRANT})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndToEndTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> PAGE_COLUMNS =
      List.of("id", "url", "chunk_number", "content", "metadata", "source_id", "embedding");
  private static final List<String> EXAMPLE_COLUMNS =
      List.of(
          "id", "url", "chunk_number", "content", "summary", "metadata", "source_id", "embedding");
  private static final List<String> TABLES = List.of("code_examples", "crawled_pages", "sources");
  private static final long FIRST_ODD = 1_000_001;

  @TempDir private static Path folder;

  private final Map<String, List<CorpusRow>> rows = new LinkedHashMap<>();
  private ExistingSupabaseStore supabase;
  private QdrantServer qdrant;
  private Path key;
  private Path mapping;

  @BeforeAll
  void load() throws IOException {
    supabase = ExistingSupabaseStore.create(Corpus.DIMENSION);
    qdrant = QdrantServer.start();
    key = Files.writeString(folder.resolve("key"), supabase.serviceKey());
    mapping =
        Files.writeString(
            folder.resolve("mapping.json"),
            "{\"crawled_pages\": {\"fields\": {\"content\": \"TEXT\"}}}");
    try (Corpus corpus = Corpus.open()) {
      corpus.forEachRemaining(
          row -> rows.computeIfAbsent(row.table(), table -> new ArrayList<>()).add(row));
    }
    load("sources", List.of("source_id", "summary", "total_word_count"));
    load("crawled_pages", PAGE_COLUMNS);
    load("code_examples", EXAMPLE_COLUMNS);
    supabase.load("crawled_pages", PAGE_COLUMNS, odd().stream());
  }

  @AfterAll
  void stop() {
    qdrant.close();
    supabase.close();
  }

  private void load(String table, List<String> columns) {
    supabase.load(
        table,
        columns,
        rows.get(table).stream()
            .map(row -> columns.stream().map(column -> value(row, column)).toList())
            .map(values -> new ArrayList<Object>(values)));
  }

  private static Object value(CorpusRow row, String column) {
    if (column.equals("embedding")) {
      return row.embedding().orElseThrow();
    }
    Object value = row.columns().get(column);
    return value instanceof Map<?, ?> ? JSON.valueToTree(value).toString() : String.valueOf(value);
  }

  /** Rows that real stores have, and copies that were written in haste lose. */
  private List<List<Object>> odd() {
    float[] embedding = new float[Corpus.DIMENSION];
    embedding[3] = 1;
    List<String> metadata =
        List.of(
            "{\"big\": 9007199254740993, \"least\": -9223372036854775808, \"tenth\": 0.1}",
            "{\"nested\": {\"a\": [1, {\"b\": null}], \"url\": \"x\"}, \"id\": 5, \"content\": 1}",
            "{\"failed\": true}",
            "{\"failed\": true}",
            "{\"quote\\\"s\": \"it's \\\\ 100% _ 😀\", \"a.b\": {}}",
            "{\"long\": 1}",
            "{\"huge\": 12345678901234567890}");
    List<List<Object>> odd = new ArrayList<>();
    for (int i = 0; i < metadata.size(); i++) {
      Object vector = i == 2 ? null : i == 3 ? new float[Corpus.DIMENSION] : embedding;
      String content = i == 5 ? "sixty thousand bytes ".repeat(3000) : "odd \"row\" 😀 " + i;
      odd.add(
          new ArrayList<>(
              Arrays.asList(
                  FIRST_ODD + i,
                  "https://example.org/odd",
                  i,
                  content,
                  metadata.get(i),
                  "sqlite.org/lang",
                  vector)));
    }
    return odd;
  }

  private Run run(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--from", supabase.url(), "--to", qdrant.url()));
    arguments.addAll(List.of("--from-key-file", key.toString(), "--mapping", mapping.toString()));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  @Test
  @Order(1)
  void copyTakesEveryTableWithoutItsName() throws IOException {
    Run run = run("copy", "--json", "--state", folder.resolve("state").toString());
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode collections = JSON.readTree(run.out()).get("collections");
    assertThat(collections).hasSize(3);
    for (JsonNode collection : collections) {
      String name = collection.get("name").asText();
      int odd = name.equals("crawled_pages") ? odd().size() : 0;
      assertThat(collection.get("read").asLong()).isEqualTo(rows.get(name).size() + odd);
      assertThat(collection.get("written")).isEqualTo(collection.get("read"));
      assertThat(collection.get("rejected").asLong()).isZero();
      assertThat(collection.get("seconds").asDouble()).isPositive();
      if (odd > 0) {
        assertThat(collection.get("without_vector").asLong()).isEqualTo(2);
        assertThat(collection.get("numbers_as_text").asLong()).isEqualTo(1);
      }
    }
    assertThat(run.err()).contains("copying crawled_pages").doesNotContain(supabase.serviceKey());
  }

  @Test
  @Order(2)
  void everyRowOfTheCorpusIsReadBackEqual() {
    try (VectorStore target = Records.open(qdrant.url(), "")) {
      assertThat(target.collections()).containsExactlyElementsOf(TABLES);
      for (String table : TABLES) {
        Map<RecordId, VectorRecord> stored = Records.all(target.collection(table));
        for (CorpusRow row : rows.get(table)) {
          RecordId id =
              table.equals("sources")
                  ? RecordId.of(row.text("source_id"))
                  : RecordId.of((Long) row.columns().get("id"));
          assertHolds(stored.get(id), row);
        }
      }
    }
  }

  private static void assertHolds(VectorRecord record, CorpusRow row) {
    assertThat(record).as(row.table() + " " + row.columns().get("id")).isNotNull();
    Map<String, ?> wanted = Payload.of(row.columns()).toMap();
    assertThat(record.payload().toMap()).containsAllEntriesOf(wanted);
    Optional<float[]> embedding = row.embedding();
    assertThat(record.vector().isPresent()).isEqualTo(embedding.isPresent());
    if (embedding.isPresent()) {
      float[] unit = Embedding.of(embedding.get()).normalized().toArray();
      float[] stored = record.vector().orElseThrow().normalized().toArray();
      assertThat(stored).containsExactly(unit, within(1e-6f));
    }
  }

  @Test
  @Order(3)
  void theOddRowsAreReadBackEqual() {
    try (VectorStore target = Records.open(qdrant.url(), "");
        VectorStore source = Records.open(supabase.url(), supabase.serviceKey())) {
      for (String table : TABLES) {
        Map<RecordId, VectorRecord> from = Records.all(source.collection(table));
        Map<RecordId, VectorRecord> to = Records.all(target.collection(table));
        assertThat(to.keySet()).isEqualTo(from.keySet());
        from.forEach((id, record) -> assertThat(to.get(id).payload()).isEqualTo(record.payload()));
      }
      Map<RecordId, VectorRecord> pages = Records.all(target.collection("crawled_pages"));
      assertThat(metadata(pages, 0))
          .containsEntry("big", 9007199254740993L)
          .containsEntry("least", Long.MIN_VALUE)
          .containsEntry("tenth", 0.1);
      assertThat(metadata(pages, 1)).containsEntry("id", 5L).containsEntry("content", 1L);
      assertThat(pages.get(RecordId.of(FIRST_ODD + 2)).vector()).as("null").isEmpty();
      assertThat(pages.get(RecordId.of(FIRST_ODD + 3)).vector()).as("zeros").isEmpty();
      assertThat(metadata(pages, 4)).containsEntry("quote\"s", "it's \\ 100% _ 😀");
      assertThat(pages.get(RecordId.of(FIRST_ODD + 5)).payload().text("content").orElse(""))
          .hasSize(63_000);
      assertThat(metadata(pages, 6)).containsEntry("huge", "12345678901234567890");
    }
  }

  @SuppressWarnings("unchecked") // the rows above have objects there
  private static Map<String, Object> metadata(Map<RecordId, VectorRecord> pages, int odd) {
    return (Map<String, Object>)
        pages.get(RecordId.of(FIRST_ODD + odd)).payload().toMap().get("metadata");
  }

  @Test
  @Order(4)
  void aRepeatedCopyChangesNothing() {
    try (VectorStore target = Records.open(qdrant.url(), "")) {
      Map<RecordId, VectorRecord> before = Records.all(target.collection("crawled_pages"));
      Run run = run("copy", "--state", folder.resolve("state").toString());
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out()).contains("crawled_pages: 5,121 read, 5,121 written");
      assertThat(Records.all(target.collection("crawled_pages"))).isEqualTo(before);
    }
  }

  @Test
  @Order(5)
  void verifyPassesTheTargetAndNamesWhyTheSourceAnswersOtherwise() throws IOException {
    Path report = folder.resolve("report.html");
    Run run = run("verify", "--json", "--report", report.toString());
    assertThat(run.code()).as(run.err() + run.out()).isZero();
    JsonNode root = JSON.readTree(run.out());
    for (JsonNode collection : root.get("collections")) {
      assertThat(collection.get("payload_mismatches").asLong()).isZero();
      assertThat(collection.get("vector_mismatches").asLong()).isZero();
      assertThat(collection.get("count_from")).isEqualTo(collection.get("count_to"));
    }
    JsonNode pages = root.at("/collections/1");
    assertThat(pages.get("name").asText()).isEqualTo("crawled_pages");
    assertThat(pages.get("overlap_at_k").asDouble()).isGreaterThanOrEqualTo(0.99);
    assertThat(pages.get("target_ranks_text").asBoolean()).isTrue();
    assertThat(root.at("/collections/0/target_ranks_text").asBoolean()).isFalse();
    assertThat(pages.get("source_overlap_at_k").asDouble())
        .as("an ivfflat index that was made on the empty table")
        .isLessThan(0.9);
    assertThat(pages.get("source_causes").toString()).contains("source index approximate");
    assertThat(pages.get("source_causes").toString()).doesNotContain("differs", "missing");
    assertThat(Files.readString(report)).contains("source index approximate");
    assertThat(JSON.readTree(Files.readString(folder.resolve("report.json")))).isEqualTo(root);
  }

  @Test
  @Order(6)
  void searchWorksOnBothSides() throws IOException {
    Run here = search(supabase.url(), "--key-file", key.toString(), "--like", "7");
    Run there = search(qdrant.url(), "--like", "7");
    for (Run run : List.of(here, there)) {
      assertThat(run.code()).as(run.err()).isZero();
      JsonNode hits = JSON.readTree(run.out()).get("hits");
      assertThat(hits.size()).isBetween(1, 10);
      assertThat(hits.get(0).get("similarity").asDouble()).isBetween(-1.0, 1.0);
      assertThat(hits.get(0).fieldNames())
          .toIterable()
          .containsExactly("id", "similarity", "content", "metadata", "payload");
    }
    JsonNode first = JSON.readTree(there.out()).at("/hits/0");
    assertThat(first.get("id").asLong()).isEqualTo(7);
    assertThat(first.get("similarity").asDouble()).isCloseTo(1, within(1e-5));
    Run hybrid = search(qdrant.url(), "--like", "7", "--text", "table", "--exact");
    assertThat(hybrid.code()).as(hybrid.err()).isZero();
  }

  @Test
  @Order(7)
  void aTextIsSearchedByRelevanceWhereItIsRanked() throws IOException {
    String filter = "{\"source_id\": \"sqlite.org/lang\"}";
    Run ranked = search(qdrant.url(), "--text", "partial index WHERE clause", "--filter", filter);
    assertThat(ranked.code()).as(ranked.err()).isZero();
    JsonNode hits = JSON.readTree(ranked.out()).get("hits");
    assertThat(hits)
        .hasSize(10)
        .allSatisfy(
            hit -> assertThat(hit.at("/payload/source_id").asText()).isEqualTo("sqlite.org/lang"));
    assertThat(hits.at("/0/payload/url").asText())
        .isEqualTo("https://sqlite.org/partialindex.html");
    assertThat(hits.at("/0/similarity").asDouble())
        .isGreaterThan(hits.at("/9/similarity").asDouble());
  }

  @Test
  @Order(8)
  void aTextThatIsNotRankedIsRefusedWithWhatToDo() {
    String store = qdrant.url();
    Run terms =
        Run.of("search", "--store", store, "--collection", "code_examples", "--text", "table");
    Run existing = search(supabase.url(), "--key-file", key.toString(), "--text", "table");
    for (Run run : List.of(terms, existing)) {
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.out()).isEmpty();
      assertThat(run.err().strip().lines()).as(run.err()).hasSize(1);
    }
    assertThat(terms.err())
        .contains("search on code_examples (qdrant)", "TERMS", "--like or --vector")
        .contains("--mapping {\"code_examples\": {\"fields\": {\"content\": \"TEXT\"}}}")
        .doesNotContain("adopt");
    assertThat(existing.err()).contains("supabase adopt --ranked KEY --terms");
  }

  private static Run search(String url, String... more) {
    List<String> arguments = new ArrayList<>(List.of("search", "--json", "--store", url));
    arguments.addAll(List.of("--collection", "crawled_pages"));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  @Test
  @Order(9)
  void countAndCollectionsAgreeOnBothSides() throws IOException {
    String filter = "{\"metadata\": {\"failed\": true}}";
    for (String url : List.of(supabase.url(), qdrant.url())) {
      String[] options = {"--store", url, "--key-file", key.toString()};
      if (url.equals(qdrant.url())) {
        options = new String[] {"--store", url};
      }
      Run count = with(options, "count", "--collection", "crawled_pages", "--filter", filter);
      assertThat(count.out().strip()).as(count.err()).isEqualTo("2");
      JsonNode listed = JSON.readTree(with(options, "collections", "--json").out());
      assertThat(listed.get("collections")).hasSize(3);
      assertThat(listed.at("/collections/1/dimension").asInt()).isEqualTo(Corpus.DIMENSION);
    }
  }

  private static Run with(String[] options, String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(Arrays.asList(options));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  @Test
  @Order(10)
  void wrongKeysAndPortsAreToldInOneLine() throws IOException {
    Path expired = Files.writeString(folder.resolve("expired"), supabase.expiredKey());
    Run denied = Run.of("collections", "--store", supabase.url(), "--key-file", expired.toString());
    Run rest = Run.of("collections", "--store", "qdrant:http://127.0.0.1:" + qdrant.httpPort());
    for (Run run : List.of(denied, rest)) {
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err().strip().lines()).as(run.err()).hasSize(1);
      assertThat(run.err()).doesNotContain(supabase.expiredKey());
    }
  }

  @Test
  @Order(11)
  void aTableWithoutAPrimaryKeyIsToldByItsName() {
    supabase.sql("create table notes (content text, embedding vector(384))");
    supabase.postgrest().reloadSchema();
    try {
      Run run = run("copy", "--collection", "notes", "--state", folder.resolve("s").toString());
      assertThat(run.code()).isIn(1, 2);
      assertThat(run.err()).contains("notes", "no primary key");
      assertThat(run.err().strip().lines()).as(run.err()).hasSize(1);
    } finally {
      supabase.sql("drop table notes");
      supabase.postgrest().reloadSchema();
    }
  }
}
