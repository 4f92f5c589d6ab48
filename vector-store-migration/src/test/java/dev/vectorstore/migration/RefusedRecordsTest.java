package dev.vectorstore.migration;

import static dev.vectorstore.migration.SampleStore.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Embedding;
import dev.vectorstore.Page;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.support.Ticker;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that the target's specification rules out. A copy leaves the check to the target. */
class RefusedRecordsTest {
  private static final int ROWS = 20;
  private static final List<RecordId> ODD = List.of(RecordId.of(3), RecordId.of(19));

  private final VectorStore source = SampleStore.withPages(ROWS);
  private final VectorStore target = VectorStores.open("memory:");
  private final AtomicInteger writes = new AtomicInteger();
  @TempDir private Path state;

  /** A source that gives two rows of another dimension. */
  private final VectorStore odd =
      new Watched(
          source,
          new Watched.Events() {
            @Override
            public Page afterScan(Page page) {
              return new Page(
                  page.records().stream().map(RefusedRecordsTest::odd).toList(),
                  page.next(),
                  page.issues());
            }
          });

  private final VectorStore counting =
      new Watched(
          target,
          new Watched.Events() {
            @Override
            public void beforeWrite(Collection<VectorRecord> records) {
              writes.incrementAndGet();
            }
          });

  private static VectorRecord odd(VectorRecord record) {
    return ODD.contains(record.id())
        ? record.withVectors(Map.of(VectorSpec.PLAIN, Embedding.of(1, 2)))
        : record;
  }

  @AfterEach
  void close() {
    source.close();
    target.close();
  }

  private Copy copy() {
    return Copy.of(route(odd, counting)).stateDirectory(state).build();
  }

  @Test
  void whatTheSpecificationRulesOutIsFoundByOneMoreWrite() {
    CopyReport.Collection pages = copy().run().collections().get(0);
    assertThat(pages.rejected()).isEqualTo(2);
    assertThat(pages.written()).isEqualTo(ROWS - 2);
    assertThat(target.collection(SampleStore.PAGES).count()).isEqualTo(ROWS - 2);
    assertThat(writes).as("a batch, and the same without the two rows").hasValue(2);
  }

  @Test
  void aPlanAndAVerificationFindTheSameRows() {
    assertThat(copy().plan().collections().get(0).problems())
        .hasSize(2)
        .allMatch(problem -> problem.contains("has 2 dimensions"));
    assertThat(writes).hasValue(0);
    copy().run();
    Verify verify = Verify.of(route(odd, target)).sample(0).build();
    assertThat(verify.run().collections().get(0).unmovable()).isEqualTo(2);
  }

  @Test
  void whatACheckpointKnowsTheTargetByIsTheLastRowThatWasWritten() {
    SampleStore.makePages(target);
    ResolvedRoute.Part part =
        new ResolvedRoute.Part(SampleStore.PAGES, SampleStore.PAGES, Mapping.identity());
    Checkpoint checkpoint = Checkpoint.unkept();
    try (Rejects rejects = Rejects.open(state.resolve("rejects.jsonl"), 0);
        PageSource pages = new Pages()) {
      RunHooks hooks = new RunHooks(step -> {}, () -> false);
      CopyContext context =
          new CopyContext(
              checkpoint,
              rejects,
              hooks.stopSignal(),
              new RateLimit(Double.POSITIVE_INFINITY, Ticker.SYSTEM, Sleeper.SYSTEM),
              hooks.meter("copying"));
      PageSorter sorter =
          PageSorter.mapping(part.mapping(), target.describe(SampleStore.PAGES).spec(), false);
      new CollectionCopy(part, sorter, context)
          .run(pages, target.collection(SampleStore.PAGES), WriteOptions.defaults());
    }
    assertThat(checkpoint.state(SampleStore.PAGES).lastId()).isEqualTo("18");
  }

  /** One page, whose last row is of another dimension. */
  private static final class Pages implements PageSource {
    private boolean read;

    @Override
    public Optional<SourcePage> next() {
      if (read) {
        return Optional.empty();
      }
      read = true;
      List<SizedRecord> rows =
          SampleStore.pages(ROWS).stream()
              .map(RefusedRecordsTest::odd)
              .map(SizedRecord::of)
              .toList();
      return Optional.of(new SourcePage(rows, List.of(), Optional.of("behind")));
    }

    @Override
    public void close() {}
  }
}
