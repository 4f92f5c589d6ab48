package dev.vectorstore.migration;

import static dev.vectorstore.migration.SampleStore.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Page;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTest {
  private static final int ROWS = 700;

  @TempDir private Path state;

  /** The end of the process, as far as a test can have it: nothing of the copy runs any more. */
  private static final class Killed extends Error {}

  /** Lets some calls pass; then the process is dead, or the engine gone, until the next life. */
  private static final class Fate implements Watched.Events {
    private final Random random;
    private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicLong rowsRead = new AtomicLong();
    private final AtomicInteger deaths = new AtomicInteger();
    private int way;

    Fate(long seed) {
      random = new Random(seed);
    }

    void nextLife() {
      left.set(1 + random.nextInt(40));
      way = random.nextInt(3);
    }

    private void pass(boolean written) {
      if (left.decrementAndGet() > 0) {
        return;
      }
      deaths.incrementAndGet();
      switch (way) {
        case 0 -> throw new Killed();
        case 1 -> throw new Unavailable("the engine is gone");
        default -> {
          if (written) {
            throw new OutcomeUnknown("no answer came");
          }
          throw new Unavailable("the engine is gone");
        }
      }
    }

    @Override
    public void beforeScan() {
      pass(false);
    }

    @Override
    public void beforeWrite(Collection<VectorRecord> records) {
      rowsRead.addAndGet(records.size());
      pass(false);
      if (records.stream().anyMatch(r -> r.payload().text("content").orElse("").contains("r13 "))) {
        throw new InvalidRequest("the engine takes no thirteen");
      }
    }

    @Override
    public void afterWrite() {
      pass(true);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void aCopyThatDiesAtAnyCallLosesNothing(long seed) throws IOException {
    Fate fate = new Fate(seed);
    try (VectorStore source = new Watched(SampleStore.withPages(ROWS), fate);
        VectorStore target = new Watched(SampleStore.empty(), fate)) {
      CopyReport report = null;
      while (report == null) {
        fate.nextLife();
        try {
          report = copy(source, target).run();
        } catch (Killed | Unavailable | OutcomeUnknown e) {
          assertThat(fate.deaths.get()).isLessThan(1000);
        }
      }
      fate.left.set(Integer.MAX_VALUE);
      assertThat(fate.deaths.get()).isPositive();
      var wanted = SampleStore.all(source, SampleStore.PAGES);
      var refused = wanted.remove(RecordId.of(13));
      assertThat(SampleStore.all(target, SampleStore.PAGES)).isEqualTo(wanted);
      CopyReport.Collection pages = report.collections().get(0);
      assertThat(pages.read()).isEqualTo(ROWS);
      assertThat(pages.written()).isEqualTo(ROWS - 1);
      assertThat(pages.rejected()).isEqualTo(1);
      List<String> lines = Files.readAllLines(report.rejects().orElseThrow());
      assertThat(lines).as("a record is rejected once, however often the copy died").hasSize(1);
      assertThat(RecordLines.read(lines.get(0)).reject().record()).isEqualTo(refused);
    }
  }

  private Copy copy(VectorStore source, VectorStore target) {
    return Copy.of(route(source, target)).pageSize(40).inFlight(3).stateDirectory(state).build();
  }

  @Test
  void aSecondRunReadsOnlyWhatIsLeft() {
    AtomicInteger pages = new AtomicInteger();
    try (VectorStore source = SampleStore.withPages(ROWS);
        VectorStore target = new Watched(SampleStore.empty(), new Watched.Events() {})) {
      CopyReport first =
          Copy.of(route(source, target))
              .pageSize(100)
              .stateDirectory(state)
              .stopWhen(() -> pages.incrementAndGet() > 4)
              .build()
              .run();
      assertThat(first.stopped()).isTrue();
      long before = first.collections().get(0).read();
      assertThat(before).isBetween(1L, ROWS - 1L);
      CountingSource counting = new CountingSource();
      CopyReport second = copy(new Watched(source, counting), target).run();
      assertThat(second.resumed()).isTrue();
      assertThat(second.stopped()).isFalse();
      // One page is read to see the columns.
      assertThat(counting.rows.get()).isEqualTo(ROWS - before + 64);
      assertThat(second.collections().get(0).read()).isEqualTo(ROWS);
      assertThat(target.collection(SampleStore.PAGES).count()).isEqualTo(ROWS);
    }
  }

  private static final class CountingSource implements Watched.Events {
    private final AtomicLong rows = new AtomicLong();

    @Override
    public Page afterScan(Page page) {
      rows.addAndGet(page.records().size());
      return page;
    }
  }

  @Test
  void aTargetThatWasMadeAnewIsCopiedFromTheStart() {
    try (VectorStore source = SampleStore.withPages(ROWS);
        VectorStore target = new Watched(SampleStore.empty(), new Watched.Events() {})) {
      stopped(source, target);
      target.drop(SampleStore.PAGES);
      CopyReport second = copy(source, target).run();
      assertThat(second.resumed()).isFalse();
      assertThat(target.collection(SampleStore.PAGES).count()).isEqualTo(ROWS);
    }
  }

  private static void refill(VectorStore target, int from, int to) {
    target.drop(SampleStore.PAGES);
    SampleStore.makePages(target).upsert(SampleStore.pages(to).subList(from, to));
  }

  @Test
  void aTargetThatWasRefilledWithOtherRowsIsCopiedFromTheStart() {
    try (VectorStore source = SampleStore.withPages(ROWS);
        VectorStore target = new Watched(SampleStore.empty(), new Watched.Events() {})) {
      stopped(source, target);
      refill(target, 500, 900);
      CopyReport second = copy(source, target).run();
      assertThat(second.resumed()).isFalse();
      assertThat(SampleStore.all(target, SampleStore.PAGES))
          .containsAllEntriesOf(SampleStore.all(source, SampleStore.PAGES));
    }
  }

  @Test
  void aTargetThatHasLostRowsIsCopiedFromTheStart() {
    try (VectorStore source = SampleStore.withPages(ROWS);
        VectorStore target = new Watched(SampleStore.empty(), new Watched.Events() {})) {
      stopped(source, target);
      target.collection(SampleStore.PAGES).delete(List.of(RecordId.of(3)));
      CopyReport second = copy(source, target).run();
      assertThat(second.resumed()).isFalse();
      assertThat(target.collection(SampleStore.PAGES).count()).isEqualTo(ROWS);
    }
  }

  /** A target of which the copy knows no row, since it has refused them all so far. */
  private static VectorStore refusingTarget() {
    return new Watched(
        SampleStore.empty(),
        new Watched.Events() {
          @Override
          public void beforeWrite(Collection<VectorRecord> records) {
            throw new InvalidRequest("nothing is taken");
          }
        });
  }

  @Test
  void aCopyOfWhichNothingWasTakenYetIsResumed() throws IOException {
    try (VectorStore source = SampleStore.withPages(ROWS);
        VectorStore target = refusingTarget()) {
      stopped(source, target);
      CopyReport second = copy(source, target).run();
      assertThat(second.resumed()).isTrue();
      assertThat(Files.readAllLines(second.rejects().orElseThrow())).hasSize(ROWS);
    }
  }

  @Test
  void aRejectFileThatIsLostMeansStartingOver() throws IOException {
    try (VectorStore source = SampleStore.withPages(ROWS);
        VectorStore target = refusingTarget()) {
      CopyReport first = stopped(source, target);
      Files.delete(first.rejects().orElseThrow());
      CopyReport second = copy(source, target).run();
      assertThat(second.resumed()).isFalse();
      assertThat(Files.readAllLines(second.rejects().orElseThrow())).hasSize(ROWS);
    }
  }

  @Test
  void aCopyAfterACompleteOneTakesWhatCameSince() {
    try (VectorStore source = SampleStore.withPages(ROWS);
        VectorStore target = new Watched(SampleStore.empty(), new Watched.Events() {})) {
      assertThat(copy(source, target).run().stopped()).isFalse();
      source
          .collection(SampleStore.PAGES)
          .upsert(SampleStore.pages(ROWS + 1).subList(ROWS, ROWS + 1));
      CopyReport second = copy(source, target).run();
      assertThat(second.resumed()).isFalse();
      assertThat(second.collections().get(0).read()).isEqualTo(ROWS + 1);
      assertThat(target.collection(SampleStore.PAGES).fetch(RecordId.of(ROWS))).isPresent();
    }
  }

  @Test
  void aCheckpointOfAnotherSourceIsNotUsed() {
    try (VectorStore source = SampleStore.withPages(ROWS);
        VectorStore other = SampleStore.withPages(ROWS);
        VectorStore target = new Watched(SampleStore.empty(), new Watched.Events() {})) {
      stopped(source, target);
      CopyReport report =
          Copy.of(Route.from(other, "another source").to(target, "target"))
              .stateDirectory(state)
              .build()
              .run();
      assertThat(report.resumed()).isFalse();
      assertThat(report.collections().get(0).read()).isEqualTo(ROWS);
    }
  }

  @Test
  void aCheckpointOfACopyThatKeepsInexactNumbersIsNotUsedByOneThatRejectsThem() {
    try (VectorStore source = SampleStore.withPages(ROWS);
        VectorStore target = new Watched(SampleStore.empty(), new Watched.Events() {})) {
      stopped(source, target);
      CopyReport report =
          Copy.of(route(source, target))
              .rejectInexactNumbers(true)
              .stateDirectory(state)
              .build()
              .run();
      assertThat(report.resumed()).isFalse();
    }
  }

  @Test
  void aCheckpointOfAnotherTargetIsNotUsed() {
    try (VectorStore source = SampleStore.withPages(ROWS);
        VectorStore target = new Watched(SampleStore.empty(), new Watched.Events() {});
        VectorStore other = new Watched(SampleStore.empty(), new Watched.Events() {})) {
      stopped(source, target);
      CopyReport report =
          Copy.of(Route.from(source, "source").to(other, "another target"))
              .stateDirectory(state)
              .build()
              .run();
      assertThat(report.resumed()).isFalse();
      assertThat(other.collection(SampleStore.PAGES).count()).isEqualTo(ROWS);
    }
  }

  @Test
  void aCheckpointOfAnotherMappingIsNotUsed() {
    try (VectorStore source = SampleStore.withPages(ROWS);
        VectorStore target = new Watched(SampleStore.empty(), new Watched.Events() {})) {
      stopped(source, target);
      CopyReport report =
          Copy.of(
                  route(source, target)
                      .mapping(SampleStore.PAGES, Mapping.builder().drop("url").build()))
              .stateDirectory(state)
              .build()
              .run();
      assertThat(report.resumed()).isFalse();
      assertThat(SampleStore.all(target, SampleStore.PAGES).values())
          .allSatisfy(record -> assertThat(record.payload().keys()).doesNotContain("url"));
    }
  }

  @Test
  void aDamagedCheckpointMeansStartingOver() throws IOException {
    try (VectorStore source = SampleStore.withPages(ROWS);
        VectorStore target = new Watched(SampleStore.empty(), new Watched.Events() {})) {
      stopped(source, target);
      try (var files = Files.newDirectoryStream(state, "copy-*.json")) {
        for (Path file : files) {
          Files.writeString(file, "{\"version\":1,");
        }
      }
      CopyReport second = copy(source, target).run();
      assertThat(second.resumed()).isFalse();
      assertThat(target.collection(SampleStore.PAGES).count()).isEqualTo(ROWS);
    }
  }

  private CopyReport stopped(VectorStore source, VectorStore target) {
    AtomicInteger asked = new AtomicInteger();
    CopyReport report =
        Copy.of(route(source, target))
            .pageSize(50)
            .stateDirectory(state)
            .stopWhen(() -> asked.incrementAndGet() > 4)
            .build()
            .run();
    assertThat(report.stopped()).isTrue();
    return report;
  }
}
