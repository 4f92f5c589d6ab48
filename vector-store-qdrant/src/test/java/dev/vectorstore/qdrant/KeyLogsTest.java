package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.JvmRun;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A key is in no log, however much is logged: gRPC's transport logs headers at DEBUG. */
@RequiresEngine(TestEngine.QDRANT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyLogsTest {
  private static final String KEY = "the-key-that-nobody-may-read";

  @TempDir private static Path folder;

  private QdrantServer server;

  @BeforeAll
  void start() {
    server = QdrantServer.builder().apiKey(KEY).start();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  /** What is run, with all logs on, by a store of its own connections and over the caller's. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      int port = Integer.parseInt(arguments[0]);
      use(Qdrant.at("http://127.0.0.1:" + port));
      ManagedChannel channel =
          ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
      use(Qdrant.over(channel));
      channel.shutdownNow();
      System.out.println("all is done");
    }

    private static void use(Qdrant.Builder builder) {
      try (VectorStore store = builder.key(() -> KEY).open()) {
        VectorCollection notes =
            store.ensureCollection(
                CollectionSpec.builder("notes").vectors(2, Metric.COSINE).build());
        notes.upsert(VectorRecord.of(RecordId.of(1), new float[] {1, 0}, Payload.empty()));
        notes.search(SearchRequest.nearest(1, 0));
        notes.deleteAll();
      }
    }
  }

  @Test
  void aKeyReachesNoLoggerOfSlf4jAtAnyLevel() {
    assertHidesTheKey(JvmRun.logging(Program.class, "" + server.grpcPort()), "DEBUG");
  }

  @Test
  void aKeyReachesNoLoggerOfTheJdkAtAnyLevel() {
    Path settings = folder.resolve("logging.properties");
    assertHidesTheKey(JvmRun.loggingByJdk(settings, Program.class, "" + server.grpcPort()), "FINE");
  }

  private static void assertHidesTheKey(JvmRun run, String level) {
    assertThat(run.code()).as(run.output()).isZero();
    assertThat(run.output()).contains("all is done", level, "io.grpc.netty");
    assertThat(run.output().lines().filter(line -> line.contains(KEY))).isEmpty();
    assertThat(run.output()).doesNotContain("OUTBOUND HEADERS", "api-key");
  }
}
