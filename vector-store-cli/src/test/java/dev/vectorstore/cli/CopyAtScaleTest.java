package dev.vectorstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vectorstore.BatchProfile;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Copies and verifies what is far larger than the heap, in processes with 128 MB of it, some of
 * which are interrupted or killed. The tests are steps in their order.
 */
@RequiresEngine(TestEngine.QDRANT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CopyAtScaleTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HEAP = "128m";
  private static final int ROWS = 100_000;
  private static final int DIMENSION = 384;
  private static final int LARGE_ROWS = 3_000;
  private static final int LARGE_CONTENT = 60_000;

  /** Real embeddings lie near a surface of few dimensions, and so do these. */
  private static final int LATENT = 16;

  @TempDir private static Path folder;

  private QdrantServer qdrant;
  private VectorStore store;
  private int runs;

  @BeforeAll
  void load() {
    qdrant = QdrantServer.start();
    store = Records.open(qdrant.url(), "");
    float[][] basis = new float[LATENT][DIMENSION];
    Random random = new Random(11);
    for (float[] axis : basis) {
      for (int i = 0; i < DIMENSION; i++) {
        axis[i] = (float) random.nextGaussian();
      }
    }
    make("big")
        .upsertAll(
            IntStream.range(0, ROWS).mapToObj(i -> row(i, 800, vector(basis, random))),
            WriteOptions.defaults());
    make("large")
        .upsertAll(
            IntStream.range(0, LARGE_ROWS)
                .mapToObj(i -> row(i, LARGE_CONTENT, vector(basis, random))),
            WriteOptions.builder().profile(BatchProfile.LARGE_DOCS).build());
  }

  @AfterAll
  void stop() {
    store.close();
    qdrant.close();
  }

  private VectorCollection make(String name) {
    return store.ensureCollection(
        CollectionSpec.builder(name)
            .vectors(DIMENSION, Metric.COSINE)
            .field("source_id", FieldType.KEYWORD)
            .build());
  }

  private static VectorRecord row(int i, int contentLength, Embedding vector) {
    String text = "chunk " + i + " says little, and says it often; ";
    String content = text.repeat(contentLength / text.length() + 1).substring(0, contentLength);
    return VectorRecord.of(
        RecordId.of(i),
        vector,
        Payload.builder()
            .put("url", "https://example.org/" + i / 10)
            .put("chunk_number", i % 10)
            .put("body", content)
            .put("source_id", "s" + i % 7)
            .build());
  }

  private static Embedding vector(float[][] basis, Random random) {
    float[] components = new float[DIMENSION];
    for (float[] axis : basis) {
      float weight = (float) random.nextGaussian();
      for (int i = 0; i < DIMENSION; i++) {
        components[i] += weight * axis[i];
      }
    }
    return Embedding.of(components).normalized();
  }

  private Path output() {
    return folder.resolve("output-" + runs++);
  }

  private Process start(Path output, String command, String collection, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command, "--json"));
    arguments.addAll(List.of("--from", qdrant.url(), "--to", qdrant.url()));
    arguments.addAll(List.of("--collection", collection));
    arguments.addAll(List.of(more));
    return Run.start(HEAP, output, arguments.toArray(String[]::new));
  }

  private Process startCopy(Path output, String collection) {
    return start(output, "copy", collection, "--state", folder.resolve("state").toString());
  }

  /** Waits by asking the target, whose answers take their time. */
  private void awaitRecords(String collection, long count, Process writer) {
    while (!store.exists(collection) || store.collection(collection).count() < count) {
      assertThat(writer.isAlive()).as("the copy ended before it could be killed").isTrue();
    }
  }

  private static void end(Process process) throws InterruptedException {
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
  }

  private static JsonNode lastLine(Path output) throws IOException {
    List<String> lines = Files.readAllLines(output);
    return JSON.readTree(lines.get(lines.size() - 1)).at("/collections/0");
  }

  @Test
  @Order(1)
  void anInterruptedCopyEndsInOrderAndSaysHowToGoOn() throws Exception {
    Path output = output();
    Process copy = startCopy(output, "big=copied");
    awaitRecords("copied", 10_000, copy);
    // TERM ends it as INT does, which is ignored below a shell's job in the background.
    assertThat(copy.toHandle().destroy()).isTrue();
    end(copy);
    String said = Files.readString(output);
    assertThat(said).contains("stopped; run the same command again to go on");
    assertThat(store.collection("copied").count()).isLessThan(ROWS);
  }

  @Test
  @Order(2)
  void aKilledCopyGoesOnAndLosesNothing() throws Exception {
    Path first = output();
    Process killed = startCopy(first, "big=copied");
    awaitRecords("copied", 50_000, killed);
    killed.destroyForcibly();
    end(killed);
    assertThat(killed.exitValue()).isEqualTo(128 + 9);
    Path second = output();
    Process last = startCopy(second, "big=copied");
    end(last);
    assertThat(last.exitValue()).as(Files.readString(second)).isZero();
    assertThat(Files.readString(second)).contains("big: going on behind");
    JsonNode report = lastLine(second);
    assertThat(report.get("read").asLong()).isEqualTo(ROWS);
    assertThat(report.get("written").asLong()).isEqualTo(ROWS);
    assertThat(store.collection("copied").count()).isEqualTo(ROWS);
  }

  @Test
  @Order(3)
  void theCopyIsVerified() throws Exception {
    verify("big=copied", ROWS, "--sample", "200");
  }

  @Test
  @Order(4)
  void rowsOfSixtyKilobytesAreCopiedAndVerified() throws Exception {
    Path output = output();
    Process copy = startCopy(output, "large=large_copied");
    end(copy);
    assertThat(copy.exitValue()).as(Files.readString(output)).isZero();
    assertThat(lastLine(output).get("written").asLong()).isEqualTo(LARGE_ROWS);
    verify("large=large_copied", LARGE_ROWS, "--sample", "50");
  }

  private void verify(String collection, long rows, String... more) throws Exception {
    Path output = output();
    List<String> options = new ArrayList<>(List.of("--min-overlap", "0.95"));
    options.addAll(List.of(more));
    Process verify = start(output, "verify", collection, options.toArray(String[]::new));
    end(verify);
    assertThat(verify.exitValue()).as(Files.readString(output)).isZero();
    JsonNode report = lastLine(output);
    assertThat(report.get("count_from").asLong()).isEqualTo(rows);
    assertThat(report.get("count_to").asLong()).isEqualTo(rows);
    assertThat(report.get("missing").asLong()).isZero();
    assertThat(report.get("extra").asLong()).isZero();
    assertThat(report.get("payload_mismatches").asLong()).isZero();
    assertThat(report.get("vector_mismatches").asLong()).isZero();
  }
}
