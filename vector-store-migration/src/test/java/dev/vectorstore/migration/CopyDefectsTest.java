package dev.vectorstore.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Metric;
import dev.vectorstore.Page;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a copy got wrong once. */
class CopyDefectsTest {
  private static final int ROWS = 120;

  @TempDir private Path state;
  private final VectorStore source = SampleStore.withPages(ROWS);
  private final VectorStore target = SampleStore.empty();

  @AfterEach
  void close() {
    source.close();
    target.close();
  }

  private Copy.Builder copy() {
    return Copy.builder()
        .from(source, "source")
        .to(target, "target")
        .pageSize(50)
        .stateDirectory(state);
  }

  /** Takes no record at all. */
  private static final class Refusing implements Watched.Events {
    @Override
    public void beforeWrite(Collection<VectorRecord> records) {
      if (!records.isEmpty()) {
        throw new InvalidRequest("this engine takes nothing");
      }
    }
  }

  private Path rejectsOfAll() {
    return copy()
        .to(new Watched(target, new Refusing()), "target")
        .build()
        .run()
        .rejects()
        .orElseThrow();
  }

  @Test
  void aReplayNeverReplacesTheFileThatItReplays() throws IOException {
    Path rejects = rejectsOfAll();
    Path otherwiseSpelled = rejects.resolveSibling(".").resolve(rejects.getFileName());
    assertThatThrownBy(() -> copy().rejects(otherwiseSpelled).build().replay(rejects))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("name another file");
    assertThat(Files.readAllLines(rejects)).hasSize(ROWS);
    // The rejects of a replay have a name of their own, which the next replay may be given.
    Copy refused = copy().to(new Watched(target, new Refusing()), "target").build();
    Path again = refused.replay(rejects).rejects().orElseThrow();
    assertThatThrownBy(() -> refused.replay(again)).isInstanceOf(InvalidRequest.class);
    assertThat(Files.readAllLines(again)).hasSize(ROWS);
  }

  @Test
  void aReplayedRecordOfACollectionThatIsNotCopiedIsToldAndNotSkipped() throws IOException {
    Path file = state.resolve("lines.jsonl");
    Files.writeString(file, "{\"id\": 1, \"payload\": {}, \"collection\": \"code_examples\"}\n");
    assertThatThrownBy(() -> copy().build().replay(file))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("line 1")
        .hasMessageContaining("code_examples");
  }

  @Test
  void aRejectFileThatIsAFolderIsRefusedAndKept() throws IOException {
    Path folder = Files.createDirectory(state.resolve("empty"));
    assertThatThrownBy(() -> copy().rejects(folder).build().run())
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("is a folder");
    assertThat(folder).isDirectory();
  }

  @Test
  void aMappingOfACollectionThatIsNotThereIsRefused() {
    Mapping mapping = Mapping.builder().drop("url").build();
    assertThatThrownBy(() -> copy().mapping("crawled_page", mapping).build().run())
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("crawled_page")
        .hasMessageContaining("crawled_pages");
    source.ensureCollection(CollectionSpec.builder("sources").build());
    copy().collection("sources").mapping(SampleStore.PAGES, mapping).build().run();
  }

  @Test
  void whatStandsInTheWayOfTheLastCollectionIsToldBeforeTheFirstIsCopied() {
    CollectionSpec.Builder spec = CollectionSpec.builder("zz");
    source.ensureCollection(spec.vectors(3, Metric.COSINE).build());
    target.ensureCollection(spec.vectors(4, Metric.COSINE).build());
    assertThatThrownBy(() -> copy().build().run()).isInstanceOf(Conflict.class);
    assertThat(target.collection(SampleStore.PAGES).count()).isZero();
  }

  @Test
  void aFailingStartKeepsTheRejectsOfTheRunBefore() {
    Path rejects = rejectsOfAll();
    target.drop(SampleStore.PAGES);
    target.ensureCollection(
        CollectionSpec.builder(SampleStore.PAGES).vectors(4, Metric.COSINE).build());
    assertThatThrownBy(() -> copy().build().run()).isInstanceOf(Conflict.class);
    assertThat(rejects).exists();
  }

  @Test
  void theSameStoreOpenedTwiceIsNotCopiedOntoItself() {
    VectorStore again = new Watched(source, new Watched.Events() {});
    Mapping destructive = Mapping.builder().drop("content").build();
    assertThatThrownBy(
            () ->
                Copy.builder()
                    .from(source, "qdrant:http://h:6334")
                    .to(again, "qdrant:http://h:6334")
                    .mapping(SampleStore.PAGES, destructive)
                    .build()
                    .run())
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("onto itself");
  }

  @Test
  void rowsThatCameBehindTheCopyAreTold() {
    AtomicBoolean late = new AtomicBoolean();
    Watched.Events growing =
        new Watched.Events() {
          @Override
          public Page afterScan(Page page) {
            boolean begun = page.records().stream().anyMatch(r -> r.id().equals(RecordId.of(99)));
            if (begun && late.compareAndSet(false, true)) {
              VectorRecord first = page.records().get(0);
              source.collection(SampleStore.PAGES).delete(List.of(RecordId.of(0), RecordId.of(1)));
              source
                  .collection(SampleStore.PAGES)
                  .upsert(
                      List.of(
                          VectorRecord.of(RecordId.of(5000), first.payload()),
                          VectorRecord.of(RecordId.of(5001), first.payload())));
              source.collection(SampleStore.PAGES).delete(List.of(RecordId.of(2)));
            }
            return page;
          }
        };
    CopyReport report = copy().from(new Watched(source, growing), "source").build().run();
    CopyReport.Collection pages = report.collections().get(0);
    assertThat(pages.sourceRows()).hasValue(ROWS - 1);
    assertThat(pages.read()).isEqualTo(ROWS + 2);
    assertThat(report.toJson()).contains("\"source_rows\":" + (ROWS - 1));
  }

  @Test
  void aSourceThatHasNoTimeToCountIsCopiedAllTheSame() {
    Watched.Events slow =
        new Watched.Events() {
          @Override
          public void beforeCount() {
            throw new Unavailable("the database's statement_timeout ended the query");
          }
        };
    CopyReport report = copy().from(new Watched(source, slow), "source").build().run();
    assertThat(report.collections().get(0).written()).isEqualTo(ROWS);
    assertThat(report.collections().get(0).sourceRows()).isEmpty();
  }

  @Test
  void aColumnThatIsNullInTheFirstRowsIsDeclaredAllTheSame() {
    Payload empty = Payload.builder().put("content", null).put("url", null).build();
    VectorStore sparse = SampleStore.empty();
    try (sparse) {
      sparse
          .ensureCollection(CollectionSpec.builder("pages").build())
          .upsert(VectorRecord.of(RecordId.of(1), empty));
      copy().from(sparse, "sparse").build().run();
    }
    assertThat(target.describe("pages").spec().fields())
        .containsEntry(FieldPath.of("content"), FieldType.TERMS)
        .containsEntry(FieldPath.of("url"), FieldType.KEYWORD);
  }

  @Test
  void aColumnThatNoRecordHoldsIsTold() {
    CollectionSpec spec =
        CollectionSpec.builder("two")
            .vectors(3, Metric.COSINE)
            .label("unread_columns", "title_embedding (vector(2)), s (public.sparsevec(5))")
            .build();
    source.ensureCollection(spec);
    CopyReport report = copy().collection("two").build().run();
    assertThat(report.clean()).isFalse();
    assertThat(report.collections().get(0).unreadColumns())
        .containsExactly("title_embedding (vector(2))", "s (public.sparsevec(5))");
    assertThat(report.toJson()).contains("\"unread_columns\":[\"title_embedding (vector(2))\"");
    assertThat(copy().collection("two").build().plan().clean()).isFalse();
    Verify.Builder verify = Verify.builder().from(source, "s").to(target, "t").collection("two");
    assertThat(verify.build().run().passed()).isFalse();
    assertThat(target.describe("two").spec().labels()).isEmpty();
    Mapping meant = Mapping.builder().drop("title_embedding").drop("s").build();
    assertThat(copy().collection("two").mapping("two", meant).build().run().clean()).isTrue();
    assertThat(verify.mapping("two", meant).build().run().passed()).isTrue();
  }

  @Test
  void aPlanThatWasStoppedIsNotClean() {
    AtomicInteger asked = new AtomicInteger();
    CopyPlan plan = copy().stopWhen(() -> asked.incrementAndGet() > 2).build().plan();
    assertThat(plan.stopped()).isTrue();
    assertThat(plan.clean()).isFalse();
    assertThat(plan.toJson()).contains("\"stopped\":true");
  }
}
