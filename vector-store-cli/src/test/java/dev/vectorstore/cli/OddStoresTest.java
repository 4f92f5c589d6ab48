package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A store of 1,536 dimensions, and rows that can't be moved. */
@RequiresEngine({TestEngine.SUPABASE, TestEngine.QDRANT})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OddStoresTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROWS = 600;

  @TempDir private static Path folder;

  private ExistingSupabaseStore supabase;
  private QdrantServer qdrant;
  private Path key;

  @BeforeAll
  void load() throws IOException {
    supabase = ExistingSupabaseStore.create(ExistingSupabaseStore.PRODUCTION_DIMENSION);
    qdrant = QdrantServer.start();
    key = Files.writeString(folder.resolve("key"), supabase.serviceKey());
    Random random = new Random(5);
    supabase.sql("insert into sources (source_id, summary) values ('s', 'a source')");
    supabase.load(
        "crawled_pages",
        List.of("url", "chunk_number", "content", "metadata", "source_id", "embedding"),
        IntStream.range(0, ROWS)
            .mapToObj(
                i ->
                    Arrays.asList(
                        "https://example.org/",
                        i,
                        "chunk " + i,
                        metadata(i),
                        "s",
                        vector(random))));
  }

  @AfterAll
  void stop() {
    qdrant.close();
    supabase.close();
  }

  /** The last row nests deeper than a payload can. */
  private static String metadata(int i) {
    return i < ROWS - 1 ? "{\"n\": " + i + "}" : "{\"a\":".repeat(30) + "1" + "}".repeat(30);
  }

  private static float[] vector(Random random) {
    float[] components = new float[ExistingSupabaseStore.PRODUCTION_DIMENSION];
    for (int i = 0; i < components.length; i++) {
      components[i] = (float) random.nextGaussian();
    }
    return components;
  }

  private Run run(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command, "--json"));
    arguments.addAll(List.of("--from", supabase.url(), "--to", qdrant.url()));
    arguments.addAll(List.of("--from-key-file", key.toString()));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  @Test
  void aRowThatCannotBeMovedIsKeptWithItsReasonAndTheRestIsCopied() throws IOException {
    Run plan = run("copy", "--dry-run");
    assertThat(plan.code()).as(plan.err()).isEqualTo(3);
    JsonNode planned = JSON.readTree(plan.out()).at("/plan/1");
    assertThat(planned.get("name").asText()).isEqualTo("crawled_pages");
    assertThat(planned.get("dimension").asInt()).isEqualTo(1536);
    assertThat(planned.get("rejected").asLong()).isEqualTo(1);
    Path rejects = folder.resolve("rejects.jsonl");
    String state = folder.resolve("state").toString();
    Run copy = run("copy", "--state", state, "--rejects", rejects.toString());
    assertThat(copy.code()).as(copy.err()).isEqualTo(3);
    assertThat(copy.err()).contains(rejects.toString());
    JsonNode pages = JSON.readTree(copy.out()).at("/collections/1");
    assertThat(pages.get("read").asLong()).isEqualTo(ROWS);
    assertThat(pages.get("written").asLong()).isEqualTo(ROWS - 1);
    assertThat(pages.get("rejected").asLong()).isEqualTo(1);
    List<String> lines = Files.readAllLines(rejects);
    assertThat(lines).singleElement().asString().contains("\"reason\"", "" + ROWS);
    Run verify = run("verify", "--collection", "crawled_pages", "--sample", "30");
    assertThat(verify.code()).as(verify.err()).isEqualTo(3);
    JsonNode found = JSON.readTree(verify.out()).at("/collections/0");
    assertThat(found.get("unmovable").asLong()).isEqualTo(1);
    assertThat(found.get("missing").asLong()).isZero();
    assertThat(found.get("vector_mismatches").asLong()).isZero();
    assertThat(found.get("overlap_at_k").asDouble()).isEqualTo(1);
  }

  /** Every row is sampled, so that the one that can't be read is, too. */
  @Test
  void aSampleOfEveryRowIsVerifiedAlthoughOneCannotBeRead() throws IOException {
    Path queries = folder.resolve("queries.jsonl");
    Files.writeString(queries, "{\"vector\": [1, 2, 3]}\n");
    String state = folder.resolve("sampled").toString();
    run("copy", "--collection", "crawled_pages=sampled", "--state", state);
    Run verify =
        run(
            "verify",
            "--collection",
            "crawled_pages=sampled",
            "--sample",
            "" + ROWS,
            "--queries",
            queries.toString());
    assertThat(verify.code()).as(verify.err()).isEqualTo(3);
    JsonNode found = JSON.readTree(verify.out());
    assertThat(found.at("/collections/0/queries").asInt()).isEqualTo(ROWS - 1);
    assertThat(found.at("/collections/0/overlap_at_k").asDouble()).isEqualTo(1);
    assertThat(found.at("/queries_asked_nowhere/0").asText()).isEqualTo("line 1");
  }

  @Test
  void aSparseVectorAndATableWithoutAKeyAreTold() throws IOException {
    supabase.sql(
        "create table twice (id bigint primary key, a vector(3), b sparsevec(2));"
            + "insert into twice values (1, '[1,2,3]', '{1:1,2:2}/2');"
            + "create table keyless (a vector(3));"
            + "grant all on twice, keyless to service_role");
    supabase.postgrest().reloadSchema();
    try {
      String state = folder.resolve("twice").toString();
      Run copy = run("copy", "--collection", "twice", "--state", state);
      assertThat(copy.code()).as(copy.err()).isEqualTo(3);
      assertThat(copy.err()).contains("column or vector b (", "can't be moved");
      assertThat(run("verify", "--collection", "twice").code()).isEqualTo(3);
      Run list = Run.of("collections", "--store", supabase.url(), "--key-file", key.toString());
      assertThat(list.code()).as(list.err()).isZero();
      assertThat(list.out()).contains("twice\t3 dimensions", "no primary key");
    } finally {
      supabase.sql("drop table twice, keyless");
      supabase.postgrest().reloadSchema();
    }
  }

  @Test
  void aMappingRenamesAndFlattens() throws IOException {
    Path mapping = folder.resolve("mapping.json");
    Files.writeString(
        mapping,
        "{\"crawled_pages\": {\"rename\": {\"url\": \"link\"}, \"fields\": {\"n\": \"NUMBER\"}}}");
    Run copy =
        run(
            "copy",
            "--collection",
            "crawled_pages=flat",
            "--mapping",
            mapping.toString(),
            "--flat-metadata",
            "--state",
            folder.resolve("flat").toString());
    assertThat(copy.code()).as(copy.err()).isEqualTo(3);
    try (VectorStore target = Records.open(qdrant.url(), "")) {
      assertThat(Records.all(target.collection("flat")).values())
          .hasSize(ROWS - 1)
          .allSatisfy(
              record ->
                  assertThat(record.payload().keys())
                      .contains("link", "n", "content")
                      .doesNotContain("url", "metadata"));
    }
    Run count =
        Run.of("count", "--store", qdrant.url(), "--collection", "flat", "--filter", "{\"n\": 7}");
    assertThat(count.out().strip()).isEqualTo("1");
  }
}
