package dev.vectorstore.migration;

import static dev.vectorstore.migration.SampleStore.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Metric;
import dev.vectorstore.Page;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyTest {
  @TempDir private Path state;
  private final VectorStore source = SampleStore.withPages(300);
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

  @Test
  void everyCollectionIsCopiedWithoutBeingNamed() {
    source
        .ensureCollection(CollectionSpec.builder("sources").build())
        .upsert(VectorRecord.of(RecordId.of("s1"), Payload.builder().put("summary", "x").build()));
    CopyReport report = copy().build().run();
    assertThat(report.collections())
        .extracting(CopyReport.Collection::name)
        .containsExactly("crawled_pages", "sources");
    for (String name : source.collections()) {
      assertThat(SampleStore.all(target, name)).isEqualTo(SampleStore.all(source, name));
    }
    assertThat(target.describe("sources").spec().metric()).isEmpty();
    assertThat(report.rejects()).isEmpty();
    assertThat(report.collections().get(0).withoutVector()).isEqualTo(30);
  }

  @Test
  void theTargetDeclaresTheFieldsByWhichRetrievalStoresAreSearched() {
    copy().build().run();
    assertThat(target.describe(SampleStore.PAGES).spec().fields())
        .containsOnly(
            Map.entry(FieldPath.of("content"), FieldType.TERMS),
            Map.entry(FieldPath.of("source_id"), FieldType.KEYWORD),
            Map.entry(FieldPath.of("url"), FieldType.KEYWORD),
            Map.entry(FieldPath.of("chunk_number"), FieldType.NUMBER));
  }

  @Test
  void aRankedTextStaysRankedWhereTheTargetCanRankIt() {
    CollectionSpec ranked =
        CollectionSpec.builder("ranked").field("content", FieldType.TEXT).build();
    source
        .ensureCollection(ranked)
        .upsert(VectorRecord.of(RecordId.of(1), Payload.of(Map.of("content", "a fox"))));
    target.ensureCollection(
        CollectionSpec.builder("plain").field("content", FieldType.TERMS).build());
    for (int run = 0; run < 2; run++) {
      copy(route(source, target).collection("ranked")).build().run();
      copy(route(source, target).collection("ranked", "plain")).build().run();
    }
    assertThat(target.describe("ranked").spec()).isEqualTo(ranked);
    assertThat(target.collection("ranked").search(SearchRequest.text("fox"))).hasSize(1);
    assertThat(target.describe("plain").spec().fields())
        .as("what is there as a text stays one")
        .containsOnly(Map.entry(FieldPath.of("content"), FieldType.TERMS));
  }

  @Test
  void whatATargetThatIsThereHasDeclaredStays() {
    CollectionSpec there =
        CollectionSpec.builder("there")
            .field("content", FieldType.KEYWORD)
            .field("title", FieldType.TEXT)
            .build();
    target.ensureCollection(there);
    source
        .ensureCollection(CollectionSpec.builder("notes").field("title", FieldType.NUMBER).build())
        .upsert(VectorRecord.of(RecordId.of(1), Payload.of(Map.of("content", "a", "title", 1))));
    copy(route(source, target).collection("notes", "there")).build().run();
    assertThat(target.describe("there").spec()).isEqualTo(there);
    Copy other =
        copy(route(source, target)
                .collection("notes", "there")
                .mapping(
                    "notes",
                    Mapping.builder().field(FieldPath.of("content"), FieldType.TERMS).build()))
            .build();
    assertThatThrownBy(other::run).isInstanceOf(Conflict.class).hasMessageContaining("KEYWORD");
  }

  @Test
  void aKnownKeyThatIsDeclaredAsATextStaysOne() {
    CollectionSpec texts =
        CollectionSpec.builder("texts")
            .field("url", FieldType.TEXT)
            .field("source_id", FieldType.TERMS)
            .build();
    source
        .ensureCollection(texts)
        .upsert(VectorRecord.of(RecordId.of(1), Payload.of(Map.of("url", "a", "source_id", "b"))));
    copy(route(source, target).collection("texts")).build().run();
    assertThat(target.describe("texts").spec()).isEqualTo(texts);
  }

  @Test
  void aRepeatedCopyChangesNothing() {
    copy().build().run();
    var first = SampleStore.all(target, SampleStore.PAGES);
    CopyReport again = copy().build().run();
    assertThat(again.collections().get(0).read()).isEqualTo(300);
    assertThat(SampleStore.all(target, SampleStore.PAGES)).isEqualTo(first);
  }

  @Test
  void aMappingChangesNamesAndFields() {
    Map<String, Mapping> mappings =
        Mapping.parse(
            new StringReader(
                """
                {"crawled_pages": {"target": "pages", "rename": {"url": "address"},
                  "drop": ["id"], "fields": {"address": "keyword",
                  "[\\"metadata\\",\\"big\\"]": "NUMBER"}}}\
                """));
    copy(route(source, target).mappings(mappings)).build().run();
    VectorRecord first = target.collection("pages").fetch(RecordId.of(0)).orElseThrow();
    assertThat(first.payload().keys())
        .containsExactlyInAnyOrder("address", "chunk_number", "content", "source_id", "metadata");
    assertThat(target.describe("pages").spec().fields())
        .containsEntry(FieldPath.of("address"), FieldType.KEYWORD)
        .containsEntry(FieldPath.of("metadata", "big"), FieldType.NUMBER)
        .doesNotContainKey(FieldPath.of("url"));
  }

  @Test
  void aMappingFileSaysWhatIsWrongWithIt() {
    assertThatThrownBy(() -> Mapping.parse(new StringReader("{\"a\": {\"targt\": \"b\"}}")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("targt")
        .hasMessageContaining("target, rename, drop, vectors, fields");
    assertThatThrownBy(() -> Mapping.parse(new StringReader("nonsense")))
        .isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(
            () -> Mapping.parse(new StringReader("{\"a\": {\"fields\": {\"x\": \"INT\"}}}")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("NUMBER");
  }

  @Test
  void flatMetadataStandsBesideTheColumnsAndACollisionIsRejected() throws IOException {
    source
        .collection(SampleStore.PAGES)
        .upsert(
            VectorRecord.of(
                RecordId.of(1000),
                Payload.builder()
                    .put("url", "a")
                    .put("metadata", Map.of("url", "b", "lang", "en"))
                    .build()));
    CopyReport report = copy(route(source, target).flatMetadata(true)).build().run();
    assertThat(target.collection(SampleStore.PAGES).fetch(RecordId.of(5)).orElseThrow().payload())
        .satisfies(payload -> assertThat(payload.keys()).contains("big", "nested", "url"))
        .satisfies(payload -> assertThat(payload.keys()).doesNotContain("metadata"));
    assertThat(report.rejected()).isEqualTo(1);
    assertThat(Files.readString(report.rejects().orElseThrow()))
        .contains("\"id\":1000")
        .contains("two different values");
  }

  /** An engine that refuses some records, which only it knows of. */
  private static final class Picky implements Watched.Events {
    private final List<Integer> sizes = new ArrayList<>();
    private boolean picky = true;

    @Override
    public synchronized void beforeWrite(Collection<VectorRecord> records) {
      sizes.add(records.size());
      if (picky && records.stream().anyMatch(Picky::refused)) {
        throw new InvalidRequest("a record is too big for this engine");
      }
    }

    private static boolean refused(VectorRecord record) {
      return record.id() instanceof RecordId.NumberId id && id.value() % 71 == 3;
    }
  }

  @Test
  void aRefusedBatchIsHalvedToTheRecordAndTheRejectsCanBeReplayed() throws IOException {
    Picky picky = new Picky();
    VectorStore watched = new Watched(target, picky);
    CopyReport report = copy(route(source, watched)).build().run();
    assertThat(report.rejected()).isEqualTo(5);
    assertThat(report.collections().get(0).written()).isEqualTo(295);
    Path rejects = report.rejects().orElseThrow();
    assertThat(Files.readAllLines(rejects))
        .hasSize(5)
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("\"reason\":\"a record is too big for this engine\"")
                    .contains("\"vector\":[")
                    .contains("\"payload\":{"));
    picky.picky = false;
    CopyReport replayed = copy(route(source, watched)).build().replay(rejects);
    assertThat(replayed.collections().get(0).read()).isEqualTo(5);
    assertThat(replayed.rejected()).isZero();
    assertThat(SampleStore.all(target, SampleStore.PAGES))
        .isEqualTo(SampleStore.all(source, SampleStore.PAGES));
  }

  @Test
  void aReplayOfRecordsThatAreStillRefusedKeepsThem() throws IOException {
    Picky picky = new Picky();
    VectorStore watched = new Watched(target, picky);
    Path rejects = copy(route(source, watched)).build().run().rejects().orElseThrow();
    String before = Files.readString(rejects);
    CopyReport replayed = copy(route(source, watched)).build().replay(rejects);
    assertThat(replayed.rejected()).isEqualTo(5);
    assertThat(Files.readString(rejects)).isEqualTo(before);
    assertThat(replayed.rejects()).isPresent().get().isNotEqualTo(rejects);
    assertThatThrownBy(() -> copy().rejects(rejects).build().replay(rejects))
        .isInstanceOf(InvalidRequest.class);
  }

  /** A source with rows that no record can hold, and numbers that no number type holds. */
  private static final class Odd implements Watched.Events {
    @Override
    public Page afterScan(Page page) {
      List<RecordIssue> issues = new ArrayList<>();
      for (VectorRecord record : page.records()) {
        if (record.id().equals(RecordId.of(17))) {
          issues.add(RecordIssue.numberAsText(record.id(), "/metadata/n", "beyond int64"));
          issues.add(RecordIssue.unreadable("-17", null, "the payload nests too deeply"));
        }
      }
      return new Page(page.records(), page.next(), issues);
    }
  }

  @Test
  void whatTheSourceCannotReadIsRejectedAndNumbersAsTextAreListed() throws IOException {
    CopyReport report = copy(route(new Watched(source, new Odd()), target)).build().run();
    CopyReport.Collection pages = report.collections().get(0);
    assertThat(pages.read()).isEqualTo(301);
    assertThat(pages.written()).isEqualTo(300);
    assertThat(pages.rejected()).isEqualTo(1);
    assertThat(pages.numbersAsText()).isEqualTo(1);
    assertThat(pages.listedNumbers()).containsExactly("17 /metadata/n");
    assertThat(Files.readString(report.rejects().orElseThrow()))
        .contains("\"row\":\"-17\"")
        .contains("nests too deeply");
  }

  @Test
  void numbersAsTextAreRejectedIfAsked() {
    CopyReport report =
        copy(route(new Watched(source, new Odd()), target))
            .rejectInexactNumbers(true)
            .build()
            .run();
    assertThat(report.rejected()).isEqualTo(2);
    assertThat(target.collection(SampleStore.PAGES).fetch(RecordId.of(17))).isEmpty();
  }

  @Test
  void aPlanSaysWhatWouldBeDoneAndWritesNothing() {
    CopyPlan plan = copy(route(new Watched(source, new Odd()), target)).build().plan();
    CopyPlan.Collection pages = plan.collections().get(0);
    assertThat(pages.rows()).isEqualTo(301);
    assertThat(pages.rejected()).isEqualTo(1);
    assertThat(pages.withoutVector()).isEqualTo(30);
    assertThat(pages.targetExists()).isFalse();
    assertThat(pages.target().dimension()).hasValue(SampleStore.DIMENSION);
    assertThat(pages.problems()).singleElement().asString().contains("nests too deeply");
    assertThat(plan.clean()).isFalse();
    assertThat(target.collections()).isEmpty();
    assertThat(state).isEmptyDirectory();
  }

  @Test
  void aPlanNamesATargetThatStandsInTheWay() {
    target.ensureCollection(
        CollectionSpec.builder(SampleStore.PAGES).vectors(5, Metric.COSINE).build());
    CopyPlan plan = copy().build().plan();
    assertThat(plan.collections().get(0).problems()).first().asString().contains("5 dimensions");
    assertThatThrownBy(() -> copy().build().run()).isInstanceOf(Conflict.class);
  }

  @Test
  void theSameCopyDoesNotRunTwiceAtOnce() {
    VectorStore watched = new Watched(target, new Watched.Events() {});
    Route route = route(source, watched);
    CopyJob job = CopyJob.of(route, false);
    Copy copy = copy(route).build();
    try (JobLock held = JobLock.take(state, job)) {
      assertThatThrownBy(copy::run).isInstanceOf(Conflict.class).hasMessageContaining("running");
    }
    assertThat(copy.run().stopped()).isFalse();
  }

  @Test
  void anInterruptEndsItInOrderAndKeepsTheFlag() {
    VectorStore watched = new Watched(target, new Watched.Events() {});
    AtomicBoolean once = new AtomicBoolean();
    Progress interrupting =
        step -> {
          if (step.done() > 0 && once.compareAndSet(false, true)) {
            Thread.currentThread().interrupt();
          }
        };
    CopyReport report = copy(route(source, watched)).progress(interrupting).build().run();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(report.stopped()).isTrue();
    long written = report.collections().get(0).written();
    assertThat(written).isBetween(1L, 299L);
    assertThat(target.collection(SampleStore.PAGES).count()).isEqualTo(written);
    CopyReport rest = copy(route(source, watched)).build().run();
    assertThat(rest.resumed()).isTrue();
    assertThat(target.collection(SampleStore.PAGES).count()).isEqualTo(300);
  }

  @Test
  void progressTellsRowsAndTimeLeft() {
    List<Progress.Step> steps = new ArrayList<>();
    copy().progress(steps::add).build().run();
    assertThat(steps).first().satisfies(step -> assertThat(step.done()).isZero());
    Progress.Step last = steps.get(steps.size() - 1);
    assertThat(last.done()).isEqualTo(300);
    assertThat(last.total()).isEqualTo(300);
    assertThat(last.left()).isPresent();
    assertThat(last.toString()).startsWith("copying crawled_pages: 300 of 300 rows");
  }

  @Test
  void twoCollectionsIntoOneAndACopyOntoItselfAreRefused() {
    source.ensureCollection(CollectionSpec.builder("sources").build());
    assertThatThrownBy(
            () ->
                copy(route(source, target)
                        .collection("sources", "x")
                        .collection("crawled_pages", "x"))
                    .build()
                    .run())
        .isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> copy(route(source, source)).build().run())
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("onto itself");
    assertThatThrownBy(() -> Copy.of(Route.from(target, "t").to(source, "s")).build().run())
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("no collections");
  }
}
