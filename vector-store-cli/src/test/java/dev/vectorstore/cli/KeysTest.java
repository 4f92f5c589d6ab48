package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that asks for a key, and searches that it can't be asked. */
@RequiresEngine(TestEngine.QDRANT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeysTest {
  private static final String KEY = "the-right-key";

  @TempDir private static Path folder;

  private QdrantServer qdrant;

  @BeforeAll
  void start() {
    qdrant = QdrantServer.builder().apiKey(KEY).start();
    try (VectorStore store = Records.open(qdrant.url(), KEY)) {
      store
          .ensureCollection(CollectionSpec.builder("pages").vectors(3, Metric.COSINE).build())
          .upsert(
              VectorRecord.of(RecordId.of(1), Embedding.of(1, 0, 0), Payload.empty()),
              VectorRecord.of(RecordId.of(2), Payload.empty()));
    }
  }

  @AfterAll
  void stop() {
    qdrant.close();
  }

  private static Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private void assertFails(Run run, String said) {
    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(run.err().strip().lines()).as(run.err()).hasSize(1);
    assertThat(run.err()).contains(said).doesNotContain(KEY, "a-wrong-key");
  }

  @Test
  void aKeyFromAFileOpensTheServer() throws IOException {
    Path key = file("key", KEY + "\n");
    Run run = Run.of("collections", "--store", qdrant.url(), "--key-file", key.toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo("pages\t3 dimensions, COSINE" + System.lineSeparator());
  }

  @Test
  void aMissingAndAWrongKeyAreDenied() throws IOException {
    Path wrong = file("wrong", "a-wrong-key");
    assertFails(Run.of("collections", "--store", qdrant.url()), "key");
    assertFails(
        Run.of("collections", "--store", qdrant.url(), "--key-file", wrong.toString()), "key");
    assertFails(
        Run.of("copy", "--from", qdrant.url(), "--to", "memory:", "--state", "" + folder), "key");
  }

  static Stream<String> vectors() {
    return Stream.of("[1, 2]", "[0, 0, 0]", "[1, 2, 1e39]");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void aVectorThatDoesNotFitIsTold(String vector) throws IOException {
    assertFails(search("--vector", file("vector", vector).toString()), "vector");
  }

  @Test
  void aRecordWithoutAVectorAndOneThatIsNotThereAreTold() throws IOException {
    assertFails(search("--like", "2"), "has no vector");
    assertFails(search("--like", "3"), "no record 3");
    assertFails(search("--text", "words"), "text");
  }

  private Run search(String option, String value) throws IOException {
    String key = file("key", KEY).toString();
    return Run.of(
        "search",
        "--store",
        qdrant.url(),
        "--key-file",
        key,
        "--collection",
        "pages",
        option,
        value);
  }
}
