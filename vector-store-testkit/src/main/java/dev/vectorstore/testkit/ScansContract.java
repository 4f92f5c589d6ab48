package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reading page by page: section Scan of docs/CONTRACT.md. */
public interface ScansContract extends EngineContract {
  @Test
  @Rule("N-01")
  default void everyRecordComesOnceInOneOrder() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      List<RecordId> ids = new ArrayList<>(OddTexts.ids());
      Random random = new Random(1);
      for (int i = 0; i < 150; i++) {
        ids.add(RecordId.of(random.nextLong() & Long.MAX_VALUE));
        ids.add(RecordId.derived("a", "" + i));
        ids.add(RecordId.of("text " + random.nextInt()));
      }
      collection.upsert(
          ids.stream().map(id -> VectorRecord.of(id, Samples.payload("a", 1))).toList());
      List<RecordId> order = Samples.ids(scan(collection, 1000));
      assertThat(order).containsExactlyInAnyOrderElementsOf(ids);
      for (int pageSize : new int[] {1, 7, 100, ids.size(), 10_000}) {
        assertThat(Samples.ids(scan(collection, pageSize)))
            .as("the collection's own order, in pages of %d", pageSize)
            .isEqualTo(order);
      }
    }
  }

  @Test
  @Rule("N-02")
  default void pagesAreNoLargerThanAskedAndEnd() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      assertThat(collection.scan(ScanRequest.all()))
          .as("an empty collection")
          .isEqualTo(new Page(List.of(), Optional.empty()));
      collection.upsert(Samples.records(25));
      ScanRequest request = ScanRequest.all().pageSize(10);
      List<Integer> sizes = new ArrayList<>();
      Page page = collection.scan(request);
      sizes.add(page.records().size());
      while (page.next().isPresent()) {
        page = collection.scan(request.from(page.next().get()));
        sizes.add(page.records().size());
        assertThat(sizes).as("a scan ends").hasSizeLessThan(100);
      }
      assertThat(sizes).allMatch(size -> size <= 10);
      assertThat(sizes.stream().mapToInt(size -> size).sum()).isEqualTo(25);
    }
  }

  @Test
  @Rule("N-03")
  default void aScanReturnsWhatItsFilterSelects() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      List<VectorRecord> records =
          IntStream.range(0, 600).mapToObj(i -> Samples.record(i, "number", i)).toList();
      collection.upsert(records);
      List<Filter> filters =
          List.of(
              Filter.field("number").in(3, 299, 300, 598),
              Filter.field("number").gte(580),
              Filter.not(Filter.field("number").lt(590)),
              Filter.field("number").gt(1000),
              Filter.none(),
              Filter.all(),
              Filter.ids(Samples.ids(5, 17, 2000)),
              Filter.containsJson(Samples.payload("number", 42)));
      for (Filter filter : filters) {
        for (int pageSize : new int[] {3, 1000}) {
          ScanRequest request =
              ScanRequest.all().filter(filter).pageSize(pageSize).projection(Projection.ids());
          assertThat(Samples.ids(Samples.scan(collection, request)))
              .as("%s in pages of %d", filter, pageSize)
              .containsExactlyInAnyOrderElementsOf(
                  records.stream().filter(filter::test).map(VectorRecord::id).toList());
        }
      }
    }
  }

  @Test
  @Rule("N-04")
  default void whatIsWrittenMeanwhileDisturbsNoOtherRecord() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      List<VectorRecord> stay = evenIds(300);
      collection.upsert(stay);
      AtomicBoolean scanning = new AtomicBoolean(true);
      Parallel.run(
          3,
          "key the pages by the last id, never by a position",
          thread -> {
            if (thread > 0) {
              write(collection, thread, scanning);
            } else {
              try {
                for (int round = 0; round < 4; round++) {
                  assertOnce(Samples.ids(scan(collection, 17)), Samples.ids(stay));
                }
              } finally {
                scanning.set(false);
              }
            }
          });
    }
  }

  private static List<VectorRecord> evenIds(int count) {
    return IntStream.range(0, count).mapToObj(i -> Samples.record(i * 2L)).toList();
  }

  /** Makes, replaces and deletes records between those that stay, and rewrites some that stay. */
  private static void write(VectorCollection collection, int seed, AtomicBoolean scanning) {
    Random random = new Random(seed);
    while (scanning.get()) {
      long odd = random.nextInt(300) * 2L + 1;
      collection.upsert(Samples.record(odd), Samples.record(random.nextInt(300) * 2L));
      collection.delete(Samples.ids(random.nextInt(300) * 2L + 1));
    }
  }

  private static void assertOnce(List<RecordId> scanned, List<RecordId> stay) {
    Set<RecordId> distinct = new HashSet<>(scanned);
    assertThat(distinct).as("no record comes twice").hasSameSizeAs(scanned);
    assertThat(distinct).as("records that exist during the whole scan").containsAll(stay);
  }

  @Test
  @Rule("N-05")
  default void aCursorGoesOnWhereItsRecordWas() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(Samples.records(100));
      ScanRequest request = ScanRequest.all().pageSize(30);
      Page first = collection.scan(request);
      List<RecordId> rest = new ArrayList<>(Samples.ids(Samples.records(100)));
      rest.removeAll(Samples.ids(first.records()));
      collection.delete(Samples.ids(first.records()));
      VectorCollection client =
          space.has(Capability.REMOTE)
              ? space.another().collection(collection.name())
              : space.store().collection(collection.name());
      assertThat(Samples.ids(Samples.scan(client, request.from(first.next().orElseThrow()))))
          .as("the records before the cursor are gone, and another client goes on")
          .containsExactlyInAnyOrderElementsOf(rest);
    }
  }

  @Test
  @Rule("N-06")
  default void aCursorSurvivesARestart() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(Samples.records(100));
      List<RecordId> whole = Samples.ids(scan(collection, 1000));
      ScanRequest request = ScanRequest.all().pageSize(40);
      Page first = collection.scan(request);
      space.requireDurable();
      space.crash();
      List<RecordId> scanned = new ArrayList<>(Samples.ids(first.records()));
      scanned.addAll(
          Samples.ids(
              Samples.scan(
                  space.another().collection(collection.name()),
                  request.from(first.next().orElseThrow()))));
      assertThat(scanned).as("order and cursor are those of before").isEqualTo(whole);
    }
  }

  @Test
  @Rule("N-07")
  default void aForeignCursorIsRefused() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      VectorCollection other = space.create();
      collection.upsert(Samples.records(10));
      other.upsert(Samples.records(10));
      ScanRequest request = ScanRequest.all().pageSize(3);
      String mine = collection.scan(request).next().orElseThrow();
      String foreign = other.scan(request).next().orElseThrow();
      for (String cursor : List.of(foreign, "", "5", "not a cursor", "ä", mine.substring(1))) {
        Expect.invalid(
            "a cursor that isn't one of this collection",
            () -> collection.scan(request.from(cursor)));
      }
      assertThat(collection.scan(request.from(mine)).records()).hasSize(3);
    }
  }

  @Test
  @Rule("N-08")
  default void aScanReturnsVectorsWhenAsked() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create(4, Metric.DOT);
      List<VectorRecord> records = Samples.records(50);
      collection.upsert(records);
      assertThat(Samples.all(collection)).containsExactlyInAnyOrderElementsOf(records);
      assertThat(scan(collection, 20))
          .as("no vectors unless asked")
          .extracting(VectorRecord::vector)
          .containsOnly(Optional.<Embedding>empty());
      assertThat(collection.count()).isEqualTo(50);
    }
  }

  private static List<VectorRecord> scan(VectorCollection collection, int pageSize) {
    return Samples.scan(collection, ScanRequest.all().pageSize(pageSize));
  }

  @Test
  @Rule("N-09")
  default void aStreamBringsWhatTheScanBrings() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(
          IntStream.range(0, 50).mapToObj(i -> Samples.record(i, "number", i)).toList());
      for (Filter filter : List.of(Filter.all(), Filter.field("number").gte(43), Filter.none())) {
        for (int pageSize : new int[] {1, 7, 50, 1000}) {
          ScanRequest request =
              ScanRequest.all().filter(filter).pageSize(pageSize).projection(Projection.all());
          try (Stream<VectorRecord> records = collection.stream(request)) {
            assertThat(records.toList())
                .as("%s in pages of %d", filter, pageSize)
                .isEqualTo(Samples.scan(collection, request));
          }
        }
      }
      Page first = collection.scan(ScanRequest.all().pageSize(20));
      try (Stream<VectorRecord> rest =
          collection.stream(ScanRequest.all().from(first.next().orElseThrow()))) {
        assertThat(rest).as("a stream goes on behind a cursor").hasSize(30);
      }
    }
  }

  @Test
  @Rule("N-09")
  default void aStreamReadsWhenItIsAskedAndEndsWhenItIsClosed() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(Samples.records(10));
      Stream<VectorRecord> records = collection.stream(ScanRequest.all().pageSize(5));
      collection.delete(Samples.ids(0, 1, 2, 3, 4, 5, 6, 7));
      Iterator<VectorRecord> iterator = records.iterator();
      assertThat(iterator.next().id())
          .as("nothing was read before the first record was asked for")
          .isIn(Samples.ids(8, 9));
      records.close();
      collection.upsert(Samples.records(100));
      List<RecordId> behind = new ArrayList<>();
      iterator.forEachRemaining(record -> behind.add(record.id()));
      assertThat(behind).as("nothing is read behind close").hasSizeLessThanOrEqualTo(1);
    }
  }
}
