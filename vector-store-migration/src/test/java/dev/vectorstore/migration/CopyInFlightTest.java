package dev.vectorstore.migration;

import static dev.vectorstore.migration.SampleStore.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.PartialWrite;
import dev.vectorstore.VectorStoreException.PartialWrite.Outcome;
import dev.vectorstore.VectorStoreException.PartialWrite.Range;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.support.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a copy has on its way at once, and what becomes of it. */
class CopyInFlightTest {
  private static final int ROWS = 300;

  @TempDir private Path state;
  private final Thread caller = Thread.currentThread();
  private final VectorStore source = SampleStore.withPages(ROWS);
  private final VectorStore target = SampleStore.empty();

  @AfterEach
  void close() {
    source.close();
    target.close();
  }

  private Copy.Builder copy(Watched.Events ofTarget) {
    return copy(to(ofTarget));
  }

  private Route to(Watched.Events ofTarget) {
    return route(source, new Watched(target, ofTarget));
  }

  private Copy.Builder copy(Route route) {
    return Copy.of(route).pageSize(10).inFlight(32).stateDirectory(state);
  }

  private static boolean has(Collection<VectorRecord> records, long id) {
    return records.stream().anyMatch(record -> record.id().equals(RecordId.of(id)));
  }

  private boolean callerWaitsFor(Class<?> type) {
    return caller.getState() == Thread.State.WAITING
        && Arrays.stream(caller.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals(type.getName()));
  }

  /** Pages of ten rows, of which the one behind the last can be an error. */
  private static final class Pages implements PageSource {
    private final int last;
    private final AtomicInteger read = new AtomicInteger();
    private final AtomicBoolean gone = new AtomicBoolean();
    private final @Nullable VectorStoreException error;

    Pages(int last, @Nullable VectorStoreException error) {
      this.last = last;
      this.error = error;
    }

    @Override
    public Optional<SourcePage> next() {
      int page = read.getAndIncrement();
      if (page == last && error != null) {
        gone.set(true);
        throw error;
      }
      return page == last
          ? Optional.empty()
          : Optional.of(
              new SourcePage(
                  SampleStore.pages(10 * page + 10).stream()
                      .skip(10L * page)
                      .map(SizedRecord::of)
                      .toList(),
                  List.of(),
                  Optional.of("page " + page)));
    }

    @Override
    public void close() {}
  }

  /** Copies pages to a target in which something happens. */
  private void copy(PageSource pages, Watched.Events ofTarget, RateLimit rate) {
    SampleStore.makePages(target);
    ResolvedRoute.Part part =
        new ResolvedRoute.Part(SampleStore.PAGES, SampleStore.PAGES, Mapping.identity());
    PageSorter sorter =
        PageSorter.mapping(part.mapping(), target.describe(SampleStore.PAGES).spec(), false);
    try (Rejects rejects = Rejects.open(state.resolve("rejects.jsonl"), 0)) {
      CopyContext context =
          new CopyContext(
              Checkpoint.unkept(),
              rejects,
              new StopSignal(() -> false),
              rate,
              new ProgressMeter(step -> {}, "copying", Ticker.SYSTEM));
      new CollectionCopy(part, sorter, context)
          .run(
              pages,
              new Watched(target, ofTarget).collection(SampleStore.PAGES),
              WriteOptions.builder().inFlight(32).build());
    }
  }

  private static RateLimit unlimited() {
    return new RateLimit(Double.POSITIVE_INFINITY, Ticker.SYSTEM, Sleeper.SYSTEM);
  }

  /** The first page isn't acknowledged before the copy waits for it, or has read them all. */
  @Test
  void onlyTwoPagesAreSentBehindOneThatIsNotAcknowledged() {
    Pages pages = new Pages(20, null);
    AtomicInteger read = new AtomicInteger();
    Watched.Events slow =
        new Watched.Events() {
          @Override
          public void beforeWrite(Collection<VectorRecord> records) {
            if (has(records, 0)) {
              await(() -> callerWaitsFor(FutureTask.class) || pages.read.get() == 20);
              read.set(pages.read.get());
            }
          }
        };
    copy(pages, slow, unlimited());
    assertThat(read).hasValue(3);
    assertThat(target.collection(SampleStore.PAGES).count()).isEqualTo(200);
  }

  @Test
  void anInterruptOfTheWaitForAPageKeepsTheFlagAndWhatWasSent() {
    Pages pages = new Pages(1, null);
    PageSource interrupted =
        new PageSource() {
          @Override
          public Optional<SourcePage> next() throws InterruptedException {
            if (pages.read.get() == 1) {
              throw new InterruptedException();
            }
            return pages.next();
          }

          @Override
          public void close() {}
        };
    try {
      copy(interrupted, new Watched.Events() {}, unlimited());
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(target.collection(SampleStore.PAGES).count()).isEqualTo(10);
  }

  @Test
  void everyPageWaitsForItsRate() {
    AtomicLong nanos = new AtomicLong();
    RateLimit rate = new RateLimit(100, nanos::get, millis -> nanos.addAndGet(millis * 1_000_000));
    copy(new Pages(11, null), new Watched.Events() {}, rate);
    // The last page waits for the ten before it: 100 rows at 100 a second.
    assertThat(nanos.get() / 1e9).isBetween(1.0, 1.1);
  }

  @Test
  void anErrorOfTheTargetIsToldBesideThatOfTheSource() {
    Pages pages = new Pages(1, new Unavailable("the source is gone"));
    Watched.Events failing =
        new Watched.Events() {
          @Override
          public void beforeWrite(Collection<VectorRecord> records) {
            await(pages.gone::get);
            throw new Unavailable("the target is gone");
          }
        };
    VectorStoreException failure =
        catchThrowableOfType(VectorStoreException.class, () -> copy(pages, failing, unlimited()));
    assertThat(failure).hasMessage("the source is gone");
    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(failure.getSuppressed()[0]).hasMessageContaining("the target is gone");
  }

  @Test
  void theErrorOfTheLastWriteIsTheErrorOfTheCopy() {
    Pages pages = new Pages(1, null);
    Watched.Events failing =
        new Watched.Events() {
          @Override
          public void beforeWrite(Collection<VectorRecord> records) {
            await(() -> pages.read.get() == 2);
            throw new Unavailable("the target is gone");
          }
        };
    assertThatThrownBy(() -> copy(pages, failing, unlimited()))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("the target is gone");
  }

  /** What is waited for comes from another thread, at once. */
  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  /** The write of the first waits for that of the second, unless the copy waits itself. */
  @Test
  void ofTwoLinesWithOneIdTheLaterOneIsKept() throws IOException {
    SampleStore.makePages(target);
    Path lines = state.resolve("lines.jsonl");
    Files.write(
        lines,
        List.of("{\"id\": 1, \"payload\": {\"v\": 1}}", "{\"id\": 1, \"payload\": {\"v\": 2}}"));
    AtomicBoolean second = new AtomicBoolean();
    Watched.Events events =
        new Watched.Events() {
          @Override
          public void beforeWrite(Collection<VectorRecord> records) {
            if (version(records) == 1) {
              await(() -> second.get() || callerWaitsFor(Semaphore.class));
            }
          }

          @Override
          public void afterWrite() {
            VectorRecord kept =
                target.collection(SampleStore.PAGES).fetch(RecordId.of(1)).orElseThrow();
            second.set(version(List.of(kept)) == 2);
          }
        };
    copy(to(events).collection(SampleStore.PAGES)).pageSize(1).build().replay(lines);
    assertThat(target.collection(SampleStore.PAGES).fetch(RecordId.of(1)).orElseThrow().payload())
        .isEqualTo(Payload.of(Map.of("v", 2)));
  }

  private static double version(Collection<VectorRecord> records) {
    return records.iterator().next().payload().number("v").orElseThrow();
  }

  /** Takes no record whose vector is missing, and none with one of these ids. */
  private record Refusing(List<Long> ids) implements Watched.Events {
    @Override
    public void beforeWrite(Collection<VectorRecord> records) {
      if (records.stream().anyMatch(r -> r.vector().isEmpty())
          || ids.stream().anyMatch(id -> has(records, id))) {
        throw new InvalidRequest("not that one");
      }
    }
  }

  @Test
  void refusedRowsAreNeitherWrittenNorWithoutVector() {
    CopyReport.Collection pages =
        copy(new Refusing(List.of(1L, 2L))).build().run().collections().get(0);
    assertThat(pages.read()).isEqualTo(ROWS);
    assertThat(pages.rejected()).isEqualTo(32);
    assertThat(pages.written()).isEqualTo(ROWS - 32);
    assertThat(pages.withoutVector()).isZero();
    assertThat(target.collection(SampleStore.PAGES).count()).isEqualTo(ROWS - 32);
  }

  /** Row 5 is refused before it is sent, row 9, which has no vector, by the target. */
  @Test
  void rowsThatCannotBeSentAreCountedBesideThoseThatAreRefused() {
    Mapping colliding = Mapping.builder().rename("url", "address").build();
    VectorRecord odd =
        VectorRecord.of(
            RecordId.of(5), Payload.of(Map.of("url", "a", "address", "b", "content", "")));
    source.collection(SampleStore.PAGES).upsert(odd);
    Watched.Events refusing =
        new Watched.Events() {
          @Override
          public void beforeWrite(Collection<VectorRecord> records) {
            if (has(records, 9)) {
              throw new InvalidRequest("not that one");
            }
          }
        };
    CopyReport.Collection pages =
        copy(to(refusing).mapping(SampleStore.PAGES, colliding)).build().run().collections().get(0);
    assertThat(pages.rejected()).isEqualTo(2);
    assertThat(pages.written()).isEqualTo(ROWS - 2);
    assertThat(pages.withoutVector()).isEqualTo(29);
  }

  @Test
  void aRecordThatIsRefusedInTheMiddleOfALargeWriteIsRejected() {
    Watched.Events failing =
        new Watched.Events() {
          @Override
          public void beforeWrite(Collection<VectorRecord> records) {
            if (has(records, 7)) {
              throw partial(new InvalidRequest("not that one"));
            }
          }
        };
    CopyReport report = copy(failing).build().run();
    assertThat(report.rejected()).isEqualTo(1);
    assertThat(report.collections().get(0).written()).isEqualTo(ROWS - 1);
  }

  @Test
  void aLargeWriteThatBreaksOffForAnotherReasonEndsTheCopy() {
    Watched.Events failing =
        new Watched.Events() {
          @Override
          public void beforeWrite(Collection<VectorRecord> records) {
            if (has(records, 7)) {
              throw partial(new Unavailable("the target is gone"));
            }
          }
        };
    assertThatThrownBy(() -> copy(failing).build().run())
        .isInstanceOf(PartialWrite.class)
        .hasMessageContaining("a part is written");
  }

  private static PartialWrite partial(VectorStoreException cause) {
    return new PartialWrite(
        "a part is written", 1, List.of(new Range(1, 2, Outcome.NOT_WRITTEN)), cause);
  }
}
