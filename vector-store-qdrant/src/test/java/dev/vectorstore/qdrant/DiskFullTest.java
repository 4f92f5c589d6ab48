package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A real server on a disk that fills up: a small file system of its own in memory. */
@RequiresEngine(TestEngine.QDRANT)
class DiskFullTest {
  private static final Logger LOG = LoggerFactory.getLogger(DiskFullTest.class);
  private static final int BALLAST = 128 << 20;

  @TempDir private Path disk;
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    String answer = run("mount", "-t", "tmpfs", "-o", "size=320m", "tmpfs", disk.toString());
    mounted = answer.isEmpty();
    if (!mounted) {
      LOG.warn("SKIPPED: a full disk isn't tested, since nothing can be mounted here: {}", answer);
    }
    Assumptions.assumeTrue(mounted, answer);
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", disk.toString())).isEmpty();
    }
  }

  @Test
  void whatWasAcknowledgedIsThereAndWritingGoesOnOnceThereIsRoom() throws Exception {
    Path ballast = Files.write(disk.resolve("ballast"), new byte[BALLAST]);
    try (QdrantServer server =
            QdrantServer.builder()
                .storageIn(disk)
                .setting("QDRANT__STORAGE__WAL__WAL_CAPACITY_MB", "4")
                .start();
        VectorStore store =
            Qdrant.at("http://127.0.0.1:" + server.grpcPort())
                .callOptions(
                    CallOptions.builder()
                        .attemptTimeout(Duration.ofSeconds(10))
                        .retry(Bench.ONCE)
                        .build())
                .open()) {
      VectorCollection collection =
          store.ensureCollection(CollectionSpec.builder("full").vectors(4, Metric.DOT).build());
      List<VectorRecord> acknowledged = new ArrayList<>();
      VectorStoreException failure = fill(collection, acknowledged);
      assertThat(failure.isRetryable()).as("%s", failure).isTrue();
      assertThat(acknowledged).isNotEmpty();
      Files.delete(ballast);
      for (VectorRecord record : acknowledged) {
        assertThat(collection.fetch(record.id())).contains(record);
      }
      VectorRecord next = record(-1);
      collection.upsert(next);
      assertThat(collection.fetch(next.id())).contains(next);
    }
  }

  private static VectorStoreException fill(
      VectorCollection collection, List<VectorRecord> acknowledged) {
    for (int i = 0; i < 1_000; i++) {
      VectorRecord record = record(i);
      try {
        collection.upsert(record);
        acknowledged.add(record);
      } catch (VectorStoreException full) {
        return full;
      }
    }
    throw new AssertionError("the disk didn't fill up");
  }

  /** A quarter of a megabyte that doesn't compress. */
  private static VectorRecord record(int i) {
    byte[] noise = new byte[256 << 10];
    new Random(i).nextBytes(noise);
    String text = new String(noise, StandardCharsets.ISO_8859_1).replace('\0', 'x');
    return VectorRecord.of(
        RecordId.of(i + 1L), Embedding.of(i, 1, 2, 3), Payload.of(Map.of("text", text)));
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? "" : said.strip() + " (" + process.exitValue() + ")";
  }
}
