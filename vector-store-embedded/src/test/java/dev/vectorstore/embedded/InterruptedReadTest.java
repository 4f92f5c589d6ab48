package dev.vectorstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.support.EngineStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers that give up while the index makes a new state, in a directory that can be held up. */
@Timeout(60)
class InterruptedReadTest {
  /** Two of them are more than the buffer of the index, three less than makes writers wait. */
  private static final String LONG_TEXT = "x".repeat(33 << 20);

  private final CountDownLatch gate = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final VectorStore store =
      EngineStore.open(
          new EmbeddedEngine(name -> held(new ByteBuffersDirectory())),
          CallOptions.defaults(),
          CallListener.NONE);
  private final VectorCollection things =
      store.ensureCollection(CollectionSpec.builder("things").build());

  @AfterEach
  void close() {
    gate.countDown();
    threads.shutdownNow();
    store.close();
  }

  private Directory held(Directory directory) {
    return new FilterDirectory(directory) {
      @Override
      public IndexOutput createOutput(String name, IOContext context) throws IOException {
        if (name.endsWith(".dvd")) {
          awaitGate();
        }
        return super.createOutput(name, context);
      }
    };
  }

  private void awaitGate() throws IOException {
    try {
      gate.await();
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }

  private static VectorRecord record(long id, String text) {
    return VectorRecord.of(RecordId.of(id), Payload.of(Map.of("text", text)));
  }

  private void awaitFrame(Predicate<StackTraceElement> frame) {
    while (Thread.getAllStackTraces().values().stream().flatMap(Arrays::stream).noneMatch(frame)) {
      assertThat(Thread.currentThread().isInterrupted()).as("the test takes too long").isFalse();
      Thread.onSpinWait();
    }
  }

  /**
   * Lucene throws away what other threads have filled their buffers with if a reader is interrupted
   * while it waits for a flush, so no reader's thread may wait there.
   */
  @Test
  void anInterruptOfAReaderLosesNoWrite() throws Exception {
    Future<?> flushing = threads.submit(() -> write(0));
    awaitFrame(frame -> frame.getMethodName().equals("awaitGate"));
    AtomicReference<Thread> reader = new AtomicReference<>();
    Future<Long> reading =
        threads.submit(
            () -> {
              reader.set(Thread.currentThread());
              return things.count(Filter.all());
            });
    awaitFrame(frame -> frame.getMethodName().equals("waitForFlush"));
    write(100);
    reader.get().interrupt();
    assertThatThrownBy(reading::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(Unavailable.class);
    gate.countDown();
    flushing.get();
    assertThat(things.count(Filter.all())).isEqualTo(4);
  }

  private void write(long from) {
    LongStream.range(from, from + 2).forEach(id -> things.upsert(record(id, LONG_TEXT)));
  }

  @Test
  void aReaderWaitsForANewStateNoLongerThanItsDeadline() {
    things.upsert(record(1, "text"));
    VectorCollection hasty =
        things.with(CallOptions.builder().readTimeout(Duration.ofMillis(200)).build());
    assertThatThrownBy(() -> hasty.count(Filter.all())).isInstanceOf(Unavailable.class);
    gate.countDown();
    assertThat(things.count(Filter.all())).isEqualTo(1);
  }
}
