package dev.vectorstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.WriteMode;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Batch;
import dev.vectorstore.support.Bounds;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What closing ends, and what calls in flight then say. */
@Timeout(60)
class ClosingTest {
  private static final Attempt HOUR = () -> Duration.ofHours(1);
  private static final String MERGES = "Lucene Merge Thread";
  private static final CollectionSpec THINGS =
      CollectionSpec.builder("things").vectors(256, Metric.COSINE).build();

  private final CountDownLatch directoryClosed = new CountDownLatch(1);
  private final EmbeddedEngine engine = new EmbeddedEngine(name -> directory());
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    threads.shutdownNow();
    engine.close();
  }

  private Directory directory() {
    return new FilterDirectory(new ByteBuffersDirectory()) {
      @Override
      public void close() throws IOException {
        super.close();
        directoryClosed.countDown();
      }
    };
  }

  private EmbeddedCollection things() {
    engine.ensure(THINGS, HOUR);
    return engine.open("things", HOUR);
  }

  private static List<VectorRecord> records(RandomData data, long from, int count) {
    return LongStream.range(from, from + count)
        .mapToObj(id -> VectorRecord.of(RecordId.of(id), data.vector(256), Payload.empty()))
        .toList();
  }

  /** The second waits for the first, which ends when its index is closed. */
  @Test
  void isNotHeldUpByWhoWaitsForAWrite() {
    EmbeddedCollection things = things();
    CountDownLatch writing = new CountDownLatch(1);
    int[] asked = {0};
    Attempt untilClosed =
        () -> {
          if (++asked[0] == 3) {
            writing.countDown();
            await(directoryClosed);
          }
          return Duration.ofHours(1);
        };
    Future<?> write =
        threads.submit(
            () ->
                things.write(
                    Batch.of(records(new RandomData(1), 0, 10)), WriteMode.REPLACE, untilClosed));
    await(writing);
    CollectionSpec wider = THINGS.toBuilder().field("content", FieldType.TERMS).build();
    Future<?> ensure = threads.submit(() -> engine.ensure(wider, HOUR));
    awaitFrame("widen");
    engine.close();
    for (Future<?> each : List.of(write, ensure)) {
      assertThatThrownBy(each::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(Unavailable.class)
          .hasMessageContaining("closed meanwhile");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitFrame(String method) {
    while (Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .noneMatch(frame -> frame.getMethodName().equals(method))) {
      assertThat(Thread.currentThread().isInterrupted()).as("the test takes too long").isFalse();
      Thread.onSpinWait();
    }
  }

  @Test
  void endsMergesAlsoOnAnInterruptedThread() {
    EmbeddedCollection things = things();
    RandomData data = new RandomData(1);
    IntStream.range(0, 12)
        .forEach(
            batch -> {
              things.write(Batch.of(records(data, batch * 800L, 800)), WriteMode.REPLACE, HOUR);
              things.count(Bounds.all(), HOUR);
            });
    while (names().noneMatch(name -> name.startsWith(MERGES))) {
      assertThat(Thread.currentThread().isInterrupted()).as("the test takes too long").isFalse();
    }
    Thread.currentThread().interrupt();
    engine.close();
    assertThat(Thread.interrupted()).as("the flag stays").isTrue();
    assertThat(names()).noneMatch(name -> name.startsWith(MERGES));
  }

  private static Stream<String> names() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName);
  }

  @Test
  void isToldFromADrop() {
    EmbeddedCollection things = things();
    CollectionIndex index = things.index();
    engine.close();
    assertThatThrownBy(() -> things.count(Bounds.all(), HOUR)).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> index.read(new Deadline(HOUR), searcher -> 1))
        .isInstanceOf(Unavailable.class);
    EmbeddedEngine other = new EmbeddedEngine(name -> directory());
    other.ensure(THINGS, HOUR);
    EmbeddedCollection dropped = other.open("things", HOUR);
    CollectionIndex droppedIndex = dropped.index();
    other.drop("things", HOUR);
    assertThatThrownBy(() -> dropped.count(Bounds.all(), HOUR)).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> droppedIndex.read(new Deadline(HOUR), searcher -> 1))
        .isInstanceOf(NotFound.class);
    other.close();
  }
}
