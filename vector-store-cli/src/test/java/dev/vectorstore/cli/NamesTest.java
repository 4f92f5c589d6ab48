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
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Collections of any name in the program: found, read, copied under another, and printed. */
@RequiresEngine({TestEngine.SUPABASE, TestEngine.QDRANT})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NamesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;

  private ExistingSupabaseStore supabase;
  private QdrantServer qdrant;
  private Path key;

  @BeforeAll
  void makeTables() throws IOException {
    supabase = ExistingSupabaseStore.create(3);
    qdrant = QdrantServer.start();
    key = Files.writeString(folder.resolve("key"), supabase.serviceKey());
    supabase.sql(
        """
        create schema rag;
        create table _private_docs (id int primary key, content text, embedding vector(2));
        create table "my docs" (id int primary key, content text, embedding vector(2));
        create table "a=b" (id int primary key, content text, embedding vector(2));
        create table "@at" (id int primary key, content text, embedding vector(2));
        create table rag.docs (id int primary key, content text, embedding vector(2));
        insert into _private_docs select n, 'row ' || n, '[1,0]' from generate_series(1, 50) n;
        insert into "my docs" select * from _private_docs;
        insert into "a=b" select * from _private_docs;
        insert into "@at" select * from _private_docs;
        insert into rag.docs select * from _private_docs;
        grant all on _private_docs, "my docs", "a=b", "@at", rag.docs to service_role;
        """);
    supabase.postgrest().reloadSchema();
  }

  @AfterAll
  void stop() {
    qdrant.close();
    supabase.close();
  }

  private Run copy(String from, String... more) {
    List<String> arguments = new ArrayList<>(List.of("copy", "--from", from));
    arguments.addAll(List.of("--to", qdrant.url(), "--from-key-file", key.toString()));
    arguments.addAll(List.of("--state", folder.resolve("state").toString()));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  private Run read(String command, String store, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command, "--store", store));
    arguments.addAll(List.of("--key-file", key.toString()));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  @Test
  void whatHasNoPlaceInTheTargetIsToldAndTheRestIsCopied() throws IOException {
    Run plan = copy(supabase.url(), "--dry-run");
    assertThat(plan.code()).as(plan.err()).isEqualTo(Program.BELOW_THE_BAR);
    assertThat(plan.out()).contains("_private_docs: left out", "\"my docs\": left out");
    Run copied = copy(supabase.url());
    assertThat(copied.code()).as(copied.err()).isEqualTo(Program.BELOW_THE_BAR);
    assertThat(copied.out()).contains("crawled_pages: ");
    assertThat(copied.err())
        .contains("_private_docs: left out", "\"my docs\": left out", "--collection NAME=TARGET");
    Run json = copy(supabase.url(), "--json");
    assertThat(json.code()).isEqualTo(Program.BELOW_THE_BAR);
    assertThat(JSON.readTree(json.out()).get("left_out"))
        .extracting(JsonNode::asText)
        .containsExactly("@at", "_private_docs", "a=b", "my docs");
    Run verified =
        Run.of(
            "verify",
            "--from",
            supabase.url(),
            "--to",
            qdrant.url(),
            "--from-key-file",
            key.toString(),
            "--sample",
            "1");
    assertThat(verified.code()).as(verified.err()).isEqualTo(Program.BELOW_THE_BAR);
    assertThat(verified.out()).contains("_private_docs: left out", "crawled_pages: 0 rows");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "_private_docs=private_docs|private_docs",
        "my docs=my_docs|my_docs",
        "a=b=a_b|a_b",
        "a\\=b=A-b|A-b",
        "@at=at|at",
      })
  void aNameIsCopiedToATarget(String given, String target) {
    Run copied = copy(supabase.url(), "--collection", given);
    assertThat(copied.code()).as(copied.err()).isEqualTo(Program.DONE);
    Run count = read("count", qdrant.url(), "--collection", target);
    assertThat(count.out().strip()).isEqualTo("50");
    Run verified =
        Run.of(
            "verify",
            "--from",
            supabase.url(),
            "--to",
            qdrant.url(),
            "--from-key-file",
            key.toString(),
            "--collection",
            given);
    assertThat(verified.code()).as(verified.out() + verified.err()).isEqualTo(Program.DONE);
  }

  @Test
  void aTableOfAnotherSchemaIsCopiedOverADirectConnection() {
    String url = supabase.database().url("postgres");
    assertThat(read("collections", url).out()).contains("rag.docs\t2 dimensions, COSINE");
    Run copied = copy(url, "--collection", "rag.docs=rag_docs");
    assertThat(copied.code()).as(copied.err()).isEqualTo(Program.DONE);
    assertThat(copied.out()).contains("rag.docs: 50 read, 50 written to rag_docs");
  }

  @Test
  void aNameWithoutATargetSaysWhatTargetsAreCalled() {
    for (String given : List.of("my docs", "a\\=b")) {
      Run refused = copy(supabase.url(), "--collection", given);
      assertThat(refused.code()).isEqualTo(Program.FAILED);
      assertThat(refused.err())
          .contains("the target has no collection", "up to 62 letters, digits, _ or -");
    }
  }

  @Test
  void aTargetThatIsThereMayHaveAnyName() throws Exception {
    for (String name : List.of("2024-docs", "c=d e")) {
      create(name);
      Run copied = copy(supabase.url(), "--collection", "my docs=" + name.replace("=", "\\="));
      assertThat(copied.code()).as(copied.err()).isEqualTo(Program.DONE);
      Run count = read("count", qdrant.url(), "--collection", name);
      assertThat(count.out().strip()).isEqualTo("50");
      Run search = read("search", qdrant.url(), "--collection", name, "--like", "7");
      assertThat(search.code()).as(search.err()).isEqualTo(Program.DONE);
    }
  }

  @Test
  void aNameForgesNoLineOnATerminal() throws Exception {
    String name = "x\u001b[31m\u009b2J\nforged\tline";
    create(name);
    Run listed = read("collections", qdrant.url());
    assertThat(listed.out())
        .contains("\"x\\u001b[31m\\u009b2J\\u000aforged\\u0009line\"\t2 dimensions")
        .doesNotContain("\u001b", "\u009b", "\nforged");
    Run json = read("collections", qdrant.url(), "--json");
    assertThat(json.out()).doesNotContain("\u001b", "\u009b");
    assertThat(JSON.readTree(json.out()).findValuesAsText("name")).contains(name);
    Run absent = read("count", qdrant.url(), "--collection", name + "y");
    assertThat(absent.code()).isEqualTo(Program.FAILED);
    assertThat(absent.err())
        .startsWith("vector-store: count on \"x\\u001b[31m\\u009b2J\\u000aforged\\u0009liney\"")
        .doesNotContain("\u001b", "\u009b");
    Run verbose = read("count", qdrant.url(), "--collection", name + "y", "--verbose");
    assertThat(verbose.err()).contains("\tat ").doesNotContain("\u001b", "\u009b");
  }

  /** As others make one, by Qdrant's REST API. */
  private void create(String name) throws IOException, InterruptedException {
    String path = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://" + qdrant.host() + ":" + qdrant.httpPort() + "/collections/" + path))
            .header("Content-Type", "application/json")
            .PUT(
                HttpRequest.BodyPublishers.ofString(
                    "{\"vectors\": {\"size\": 2, \"distance\": \"Cosine\"}}"))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void tablesOfAnyNameAreAdopted() {
    try (ExistingSupabaseStore server = ExistingSupabaseStore.create(3)) {
      server.sql(
          Run.of("supabase", "sql").out()
              + """
              create schema rag;
              create table "my docs" (id int primary key, content text, embedding vector(2));
              create table rag.docs (id int primary key, content text, embedding vector(2));
              insert into rag.docs values (1, 'a fox', '[1,0]');
              """);
      server.postgrest().reloadSchema();
      String url = server.database().url("postgres");
      Run named =
          Run.of(
              "supabase", "adopt", "--store", url, "--table", "my docs", "--collection", "my_docs");
      assertThat(named.code()).as(named.err()).isEqualTo(Program.DONE);
      assertThat(named.out()).contains("my_docs\tadopted, 0 rows");
      Run other =
          Run.of("supabase", "adopt", "--store", url, "--table", "rag.docs", "--terms", "--json");
      assertThat(other.code()).as(other.err()).isEqualTo(Program.DONE);
      assertThat(other.out()).contains("\"name\":\"rag.docs\",\"count\":1");
      assertThat(Run.of("collections", "--store", url).out())
          .contains("my_docs\t", "rag.docs\t")
          .doesNotContain("my docs");
      try (VectorStore store = Records.open(url, "")) {
        assertThat(Records.all(store.collection("rag.docs"))).hasSize(1);
      }
    }
  }
}
