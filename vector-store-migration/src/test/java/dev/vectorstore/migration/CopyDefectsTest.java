package dev.vectorstore.migration;

import static dev.vectorstore.migration.SampleStore.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionInfo.UnreadColumn;
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
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
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
    return copy(route(source, target));
  }

  private Copy.Builder copy(Route route) {
    return Copy.of(route).pageSize(50).stateDirectory(state);
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
    return copy(route(source, new Watched(target, new Refusing())))
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
    Copy refused = copy(route(source, new Watched(target, new Refusing()))).build();
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
    assertThatThrownBy(
            () -> copy(route(source, target).mapping("crawled_page", mapping)).build().run())
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("crawled_page")
        .hasMessageContaining("crawled_pages");
    source.ensureCollection(CollectionSpec.builder("sources").build());
    copy(route(source, target).collection("sources").mapping(SampleStore.PAGES, mapping))
        .build()
        .run();
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
                Copy.of(
                        Route.from(source, "qdrant:http://h:6334")
                            .to(again, "qdrant:http://h:6334")
                            .mapping(SampleStore.PAGES, destructive))
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
    CopyReport report = copy(route(new Watched(source, growing), target)).build().run();
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
    CopyReport report = copy(route(new Watched(source, slow), target)).build().run();
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
      copy(route(sparse, target)).build().run();
    }
    assertThat(target.describe("pages").spec().fields())
        .containsEntry(FieldPath.of("content"), FieldType.TERMS)
        .containsEntry(FieldPath.of("url"), FieldType.KEYWORD);
  }

  @Test
  void aColumnThatNoRecordHoldsIsTold() {
    CollectionSpec spec = CollectionSpec.builder("two").vectors(3, Metric.COSINE).build();
    source.ensureCollection(spec);
    UnreadColumn title = new UnreadColumn("title_embedding", "vector(2)");
    UnreadColumn sparse = new UnreadColumn("s", "public.sparsevec(5)");
    Route route = route(SampleStore.unreading(source, title, sparse), target).collection("two");
    CopyReport report = copy(route).build().run();
    assertThat(report.clean()).isFalse();
    assertThat(report.collections().get(0).unreadColumns()).containsExactly(title, sparse);
    assertThat(report.toJson()).contains("\"unread_columns\":[\"title_embedding (vector(2))\"");
    assertThat(copy(route).build().plan().clean()).isFalse();
    assertThat(Verify.of(route).build().run().passed()).isFalse();
    assertThat(target.describe("two").unreadColumns()).isEmpty();
    Mapping meant = Mapping.builder().drop("title_embedding").drop("s").build();
    assertThat(copy(route.mapping("two", meant)).build().run().clean()).isTrue();
    assertThat(Verify.of(route.mapping("two", meant)).build().run().passed()).isTrue();
  }

  @Test
  void aTargetThatCannotBeWrittenIsRefusedBeforeAnyRowIsRead() {
    SampleStore.makePages(target);
    AtomicInteger pages = new AtomicInteger();
    VectorStore readOnly =
        new Watched(
            target,
            new Watched.Events() {
              @Override
              public CollectionInfo onDescribe(CollectionInfo info) {
                return CollectionInfo.of(info.spec(), Set.of(Capability.DURABLE));
              }
            });
    Copy copy = copy(route(source, readOnly)).progress(step -> pages.incrementAndGet()).build();
    assertThat(copy.plan().collections().get(0).problems())
        .singleElement()
        .asString()
        .contains("pages can't be written", "[DURABLE]", "another target");
    pages.set(0);
    assertThatThrownBy(copy::run)
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("pages can't be written");
    assertThat(pages).hasValue(0);
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
