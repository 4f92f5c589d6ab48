package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.OptimizersConfigDiff;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Finding H2: indexing that a bulk load turned off is turned on again, whatever happens to it. */
@RequiresEngine(TestEngine.QDRANT)
class BulkLoadTest extends OneCollection {
  private static final long BEFORE = 12_345;

  private VectorCollection collection;

  @BeforeEach
  void make() {
    bench.store().ensureCollection(CollectionSpec.builder(name).vectors(2, Metric.DOT).build());
    setThreshold(BEFORE);
    collection = bench.store().collection(name);
  }

  @Test
  void handlesOfOneCollectionCountTogether() {
    collection.bulkLoad(
        outer -> {
          assertThat(threshold()).isZero();
          bench.store().collection(name).bulkLoad(inner -> put(inner, 1));
          assertThat(threshold()).as("the outer load goes on").isZero();
          assertThat(outer.awaitIndexed(Duration.ofMillis(300))).isFalse();
        });
    assertThat(threshold()).isEqualTo(BEFORE);
    assertThat(info().getConfig().getMetadataMap().keySet()).noneMatch(k -> k.contains("bulk"));
  }

  @Test
  void aFailingBodyTurnsIndexingOnAgain() {
    assertThatThrownBy(
            () ->
                collection.bulkLoad(
                    loading -> {
                      throw new IllegalArgumentException("the body fails");
                    }))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(threshold()).isEqualTo(BEFORE);
  }

  @Test
  void ofTwoClientsTheLastOneTurnsIndexingOnAgain() {
    try (Bench other = new Bench()) {
      VectorCollection theirs = other.store().collection(name);
      collection.bulkLoad(
          ours -> {
            theirs.bulkLoad(loading -> put(loading, 1));
            assertThat(threshold()).as("ours goes on").isZero();
          });
      assertThat(threshold()).isEqualTo(BEFORE);
      theirs.bulkLoad(loading -> assertThat(threshold()).isZero());
      assertThat(threshold()).isEqualTo(BEFORE);
    }
  }

  /** A retry comes after any of the requests that a begin or an end is made of. */
  @Test
  void aBeginOrEndThatIsCutOffAnywhereAndTriedAgainCountsOnce() {
    QdrantCollection engine = bench.open(name);
    for (int request = 1; request <= 9; request++) {
      boolean cut = cutOff(request, engine::beginBulk);
      if (cut) {
        engine.beginBulk(Bench.ATTEMPT);
      }
      assertThat(threshold()).isZero();
      if (cutOff(request, engine::endBulk)) {
        engine.endBulk(Bench.ATTEMPT);
      }
      assertThat(threshold()).as("cut off at request %s", request).isEqualTo(BEFORE);
      assertThat(info().getConfig().getMetadataMap().keySet()).noneMatch(k -> k.contains("bulk"));
    }
  }

  /** Interrupts the thread when the time that is left is asked for so often: at each request. */
  private static boolean cutOff(int at, Consumer<Attempt> call) {
    AtomicInteger asked = new AtomicInteger();
    try {
      call.accept(
          () -> {
            if (asked.incrementAndGet() == at) {
              Thread.currentThread().interrupt();
            }
            return Duration.ofSeconds(30);
          });
    } catch (VectorStoreException interrupted) {
      return true;
    } finally {
      Thread.interrupted();
    }
    return false;
  }

  /** The next client to open the collection sees that the loader is gone. */
  @Test
  void aLoaderThatIsKilledIsFoundAtTheNextOpen() throws Exception {
    Process loader = loader();
    try {
      assertThat((char) loader.getInputStream().read()).isEqualTo('L');
      assertThat(threshold()).isZero();
      bench.store().collection(name).describe();
      assertThat(threshold()).as("it lives and loads").isZero();
      assertThat(collection.awaitIndexed(Duration.ofMillis(300))).isFalse();
    } finally {
      loader.destroyForcibly().waitFor();
    }
    bench.store().collection(name).describe();
    assertThat(threshold()).isEqualTo(BEFORE);
    assertThat(collection.awaitIndexed(Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void awaitIndexedAlsoFindsALoaderThatWasKilled() throws Exception {
    Process loader = loader();
    assertThat((char) loader.getInputStream().read()).isEqualTo('L');
    loader.destroyForcibly().waitFor();
    assertThat(collection.awaitIndexed(Duration.ofSeconds(30))).isTrue();
    assertThat(threshold()).isEqualTo(BEFORE);
  }

  @Test
  void indexingThatIsOffIsNeverDone() {
    setThreshold(0);
    assertThat(collection.awaitIndexed(Duration.ofMillis(300))).isFalse();
    collection.bulkLoad(loading -> put(loading, 1));
    assertThat(threshold()).as("it was off before").isZero();
  }

  @Test
  void aLoaderElsewhereKeepsIndexingOffForItsLeaseOnly() {
    BulkMark.Host elsewhere = new BulkMark.Host("another-machine", 1, 2);
    BulkMark mark = new BulkMark("somebody", BEFORE, elsewhere, 1_000, false);
    assertThat(mark.isActive(999)).isTrue();
    assertThat(mark.isActive(1_000)).isFalse();
    assertThat(mark.end().isActive(999)).isFalse();
    BulkMark.Host here = BulkMark.Host.THIS;
    BulkMark.Host before = new BulkMark.Host(here.name(), here.pid(), here.started() - 1);
    assertThat(new BulkMark("us", BEFORE, here, 1_000, false).isActive(999)).isTrue();
    assertThat(new BulkMark("us", BEFORE, before, 1_000, false).isActive(999)).isFalse();
  }

  private Process loader() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Loader.class.getName(),
            QdrantServer.shared().url(),
            name)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void put(VectorCollection loading, long id) {
    loading.upsert(VectorRecord.of(RecordId.of(id), Embedding.of(1, 2), Payload.empty()));
  }

  private long threshold() {
    return info().getConfig().getOptimizerConfig().getIndexingThreshold();
  }

  private CollectionInfo info() {
    return bench
        .collections()
        .get(GetCollectionInfoRequest.newBuilder().setCollectionName(name).build())
        .getResult();
  }

  private void setThreshold(long threshold) {
    bench
        .collections()
        .update(
            UpdateCollection.newBuilder()
                .setCollectionName(name)
                .setOptimizersConfig(
                    OptimizersConfigDiff.newBuilder().setIndexingThreshold(threshold))
                .build());
  }
}
