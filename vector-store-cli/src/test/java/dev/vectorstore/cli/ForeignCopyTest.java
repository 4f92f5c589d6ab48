package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

/**
 * Collections as other clients make them in Qdrant: copied whole and verified, or with exit 3 and
 * what can't be carried by its name.
 */
@RequiresEngine(TestEngine.QDRANT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignCopyTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ONE = "550e8400-e29b-41d4-a716-446655440000";
  private static final String TWO = "2f0a3a2b-5b0e-5c1d-9d43-6f1a1f7f0c55";
  private static final String SPARSE = "{\"indices\": [1, 5], \"values\": [0.5, 0.2]}";
  private static final String LANGCHAIN =
      "{\"page_content\": \"the cat\", \"metadata\": {\"source\": \"a.pdf\", \"page\": 3}}";

  @TempDir private static Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private QdrantServer source;
  private QdrantServer target;

  @BeforeAll
  void makeCollections() {
    source = QdrantServer.start();
    target = QdrantServer.start();
    langChain();
    llamaIndex();
    String plain = "{\"vectors\": {\"size\": 4, \"distance\": \"Cosine\"}}";
    String n8n =
        "{\"content\": \"the cat\", \"metadata\": {\"source\": \"blob\", \"loc\": {\"lines\":"
            + " {\"from\": 1, \"to\": 9}}}}";
    make("n8n", plain, point(ONE, "[1, 0, 0, 0.5]", n8n), point(TWO, "[0, 1, 0, 0]", n8n));
    String haystack =
        "{\"id\": \"abc\", \"content\": \"the cat\", \"blob\": null, \"meta\": {\"name\": \"x\"},"
            + " \"score\": null, \"embedding\": null, \"sparse_embedding\": null}";
    make(
        "haystack",
        "{\"vectors\": {\"size\": 4, \"distance\": \"Dot\", \"on_disk\": false}}",
        point(ONE, "[1, 0, 0, 0.5]", haystack),
        point(TWO, "[0, 3, 0.1, 0]", haystack));
    others();
  }

  private void langChain() {
    make(
        "langchain",
        "{\"vectors\": {\"size\": 4, \"distance\": \"Cosine\"}}",
        point(ONE, "[1, 0, 0, 0.5]", LANGCHAIN),
        point(TWO, "[0, 1, 0, 0]", LANGCHAIN));
    make(
        "langchain_hybrid",
        "{\"vectors\": {\"\": {\"size\": 4, \"distance\": \"Cosine\"}}, \"sparse_vectors\":"
            + " {\"langchain-sparse\": {}}}",
        point(ONE, "{\"\": [1, 0, 0, 0.5], \"langchain-sparse\": " + SPARSE + "}", LANGCHAIN));
  }

  private void llamaIndex() {
    String node = "{\"_node_content\": \"{}\", \"_node_type\": \"TextNode\", \"doc_id\": \"d1\"}";
    make(
        "llamaindex",
        "{\"vectors\": {\"text-dense\": {\"size\": 4, \"distance\": \"Cosine\"}}}",
        point(ONE, "{\"text-dense\": [1, 0, 0, 0.5]}", node),
        point(TWO, "{\"text-dense\": [0, 0, 1, 0.5]}", node));
    make(
        "llamaindex_hybrid",
        "{\"vectors\": {\"text-dense\": {\"size\": 4, \"distance\": \"Cosine\"}},"
            + " \"sparse_vectors\": {\"text-sparse-new\": {\"modifier\": \"idf\"}}}",
        point(ONE, "{\"text-dense\": [1, 0, 0, 0.5], \"text-sparse-new\": " + SPARSE + "}", node));
  }

  private void others() {
    make(
        "halves",
        "{\"vectors\": {\"size\": 4, \"distance\": \"Cosine\", \"datatype\": \"float16\"}}",
        point("1", "[1, 0, 0, 0.3]", "{}"),
        point("2", "[0.1, 0.7, 0, 0.3]", "{}"));
    make(
        "bytes",
        "{\"vectors\": {\"size\": 4, \"distance\": \"Dot\", \"datatype\": \"uint8\"}}",
        point("1", "[1, 0, 200, 3]", "{}"),
        point("2", "[9, 255, 0, 3]", "{}"));
    make(
        "tokens",
        "{\"vectors\": {\"size\": 4, \"distance\": \"Cosine\", \"multivector_config\":"
            + " {\"comparator\": \"max_sim\"}}}",
        point("1", "[[1, 0, 0, 0.5], [0, 1, 0, 0]]", "{\"a\": 1}"));
    make(
        "beyond",
        "{\"vectors\": {\"size\": 4, \"distance\": \"Dot\"}}",
        point("1", "[1, 0, 0, 0.5]", "{\"a\": 1}"),
        point("18446744073709551615", "[1, 0, 0, 0.5]", "{\"a\": 1}"));
  }

  private static String point(String id, String vector, String payload) {
    String quoted = id.length() == ONE.length() ? '"' + id + '"' : id;
    return "{\"id\": " + quoted + ", \"vector\": " + vector + ", \"payload\": " + payload + "}";
  }

  private void make(String name, String settings, String... points) {
    put("/collections/" + name, settings);
    put(
        "/collections/" + name + "/points?wait=true",
        "{\"points\": [" + String.join(", ", points) + "]}");
  }

  private void put(String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + source.httpPort() + path))
            .header("content-type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @AfterAll
  void stop() {
    source.close();
    target.close();
  }

  private Run run(String command, String collection, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command, "--json", "--from", source.url()));
    arguments.addAll(List.of("--to", target.url(), "--collection", collection));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  private String[] state(String collection) {
    return new String[] {"--state", folder.resolve(collection).toString()};
  }

  @ParameterizedTest
  @CsvSource({"langchain, 2", "llamaindex, 2", "n8n, 2", "haystack, 2", "halves, 2", "bytes, 2"})
  void whatCanBeCarriedIsCopiedWholeAndVerified(String collection, int records) throws IOException {
    Run copied = run("copy", collection, state(collection));
    assertThat(copied.code()).as(copied.err()).isEqualTo(Program.DONE);
    JsonNode report = JSON.readTree(copied.out()).get("collections").get(0);
    assertThat(report.get("written").asInt()).isEqualTo(records);
    assertThat(report.get("without_vector").asInt()).isZero();
    Run verified = run("verify", collection);
    assertThat(verified.code()).as(verified.out() + verified.err()).isEqualTo(Program.DONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "langchain_hybrid|langchain-sparse (sparse)",
        "llamaindex_hybrid|text-sparse-new (sparse)",
        "tokens|default vector (several of 4 dimensions, Cosine)",
      })
  void aVectorThatIsNotCarriedIsInThePlanAndInEachVerdict(String collection, String lost)
      throws IOException {
    Run plan = run("copy", collection, "--dry-run");
    assertThat(plan.code()).isEqualTo(Program.BELOW_THE_BAR);
    assertThat(JSON.readTree(plan.out()).get("plan").get(0).get("problems").toString())
        .contains("the column or vector " + lost + " can't be moved");
    Run copied = run("copy", collection, state(collection));
    assertThat(copied.code()).isEqualTo(Program.BELOW_THE_BAR);
    assertThat(copied.err()).contains(lost, "drop it by a --mapping");
    assertThat(unread(copied)).containsExactly(lost);
    Run verified = run("verify", collection);
    assertThat(verified.code()).as(verified.out()).isEqualTo(Program.BELOW_THE_BAR);
    assertThat(unread(verified)).containsExactly(lost);
  }

  private static List<String> unread(Run run) throws IOException {
    List<String> unread = new ArrayList<>();
    JSON.readTree(run.out())
        .get("collections")
        .get(0)
        .get("unread_columns")
        .forEach(column -> unread.add(column.asText()));
    return unread;
  }

  @Test
  void aVectorThatIsGivenUpByAMappingIsSilent() throws IOException {
    Path mapping =
        Files.writeString(
            folder.resolve("mapping.json"),
            "{\"langchain_hybrid\": {\"target\": \"given_up\", \"drop\":"
                + " [\"langchain-sparse\"]}}");
    String[] state = state("given_up");
    Run copied =
        run("copy", "langchain_hybrid", "--mapping", mapping.toString(), state[0], state[1]);
    assertThat(copied.code()).as(copied.err()).isEqualTo(Program.DONE);
    Run verified = run("verify", "langchain_hybrid", "--mapping", mapping.toString());
    assertThat(verified.code()).as(verified.out()).isEqualTo(Program.DONE);
  }

  @Test
  void anIdThatNoRecordCanHaveIsRejectedAndTheOthersAreCopied() throws IOException {
    Run copied = run("copy", "beyond", state("beyond"));
    assertThat(copied.code()).as(copied.err()).isEqualTo(Program.BELOW_THE_BAR);
    JsonNode report = JSON.readTree(copied.out()).get("collections").get(0);
    assertThat(report.get("written").asInt()).isEqualTo(1);
    assertThat(report.get("rejected").asInt()).isEqualTo(1);
    assertThat(Files.readString(Path.of(JSON.readTree(copied.out()).get("rejects").asText())))
        .contains("18446744073709551615", "store the point under another id");
    Run verified = run("verify", "beyond");
    assertThat(verified.code()).as(verified.out()).isEqualTo(Program.BELOW_THE_BAR);
  }
}
