package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.PatchReport;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.WriteBatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Patches, bulk loads and atomic batches: section Writes of docs/CONTRACT.md. */
public interface PatchesContract extends EngineContract {
  @Test
  @Rule("W-08")
  default void aPatchSetsAndRemovesTopLevelKeys() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      Payload before =
          Payload.builder()
              .put("keep", 1)
              .put("replace", Map.of("a", 1, "b", 2))
              .put("remove", "x")
              .put("both", "old")
              .put("a.b", "dotted")
              .put("a", Map.of("b", "nested"))
              .build();
      VectorRecord record = Samples.record(1, before);
      collection.upsert(record, Samples.record(2, before));
      PatchReport report =
          collection.patchPayload(
              List.of(record.id()),
              Payload.builder()
                  .put("replace", Map.of("c", 0.1 + 0.2))
                  .put("both", null)
                  .put("new", List.of())
                  .build(),
              List.of("remove", "both", "a.b", "never there"));
      assertThat(report).isEqualTo(new PatchReport(1, 0));
      Payload after =
          Payload.builder()
              .put("keep", 1)
              .put("replace", Map.of("c", 0.1 + 0.2))
              .put("both", null)
              .put("a", Map.of("b", "nested"))
              .put("new", List.of())
              .build();
      assertThat(collection.fetch(record.id()).orElseThrow().payload())
          .as("whole new values by literal keys; a key both set and removed is set")
          .isEqualTo(after);
      assertThat(collection.fetch(RecordId.of(2)).orElseThrow().payload()).isEqualTo(before);
    }
  }

  @Test
  @Rule("W-08")
  default void aPatchLeavesTheVector() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create(4, Metric.DOT);
      VectorRecord record = Samples.record(1);
      collection.upsert(record, Samples.record(2).withoutVectors());
      Payload payload = Samples.payload("p", "patched");
      collection.patchPayload(Samples.ids(1, 2), payload, List.of("n"));
      assertThat(Samples.all(collection))
          .as("vectors of patched records")
          .containsExactlyInAnyOrder(
              record.withPayload(payload), Samples.record(2, payload).withoutVectors());
    }
  }

  @Test
  @Rule("W-08")
  default void filtersFollowAPatch() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(
          Samples.record(1, Samples.payload("keyword", "a", "text", "Old words")),
          Samples.record(2, Samples.payload("keyword", "a", "text", "Old words")));
      collection.patchPayload(
          Samples.ids(1), Samples.payload("text", "Fresh terms"), List.of("keyword"));
      assertThat(collection.count(Filter.field("keyword").eq("a"))).isEqualTo(1);
      assertThat(collection.count(Filter.not(Filter.field("keyword").exists()))).isEqualTo(1);
      TextSamples.requireTerms(collection);
      assertThat(collection.count(Filter.field("text").matchesText("fresh")))
          .as("what is kept beside a record for its texts is patched too")
          .isEqualTo(1);
      assertThat(collection.count(Filter.field("text").matchesText("old"))).isEqualTo(1);
      collection.patchPayload(Samples.ids(1, 2), Payload.empty(), List.of("text"));
      assertThat(collection.count(Filter.field("text").matchesText("fresh"))).isZero();
      assertThat(collection.count(Filter.field("text").matchesText("old"))).isZero();
    }
  }

  @Test
  @Rule("W-09")
  default void aPatchIgnoresAndCountsUnknownIds() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(Samples.records(5));
      List<RecordId> ids =
          List.of(RecordId.of(1), RecordId.of(99), RecordId.of("no"), RecordId.of(3));
      assertThat(collection.patchPayload(ids, Samples.payload("p", 1), List.of()))
          .isEqualTo(new PatchReport(2, 2));
      assertThat(collection.count()).as("no record is made by a patch").isEqualTo(5);
      assertThat(collection.count(Filter.field("p").eq(1))).isEqualTo(2);
      List<RecordId> many = IntStream.range(0, 2500).mapToObj(RecordId::of).toList();
      assertThat(collection.patchPayload(many, Samples.payload("q", 1), List.of()))
          .as("more ids than a request of an engine takes")
          .isEqualTo(new PatchReport(5, 2495));
    }
  }

  @Test
  @Rule("W-10")
  default void aPatchIsAtomicPerRecord() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      RecordId id = RecordId.of(1);
      collection.upsert(Samples.record(1, pair(0)));
      Parallel.run(
          5,
          "a patch's keys are set and removed together",
          thread -> {
            for (int i = 0; i < 30; i++) {
              if (thread < 4) {
                int number = 1 + thread * 100 + i;
                collection.patchPayload(
                    List.of(id), pair(number), List.of(number % 2 == 0 ? "odd" : "even"));
              }
              assertPair(collection.fetch(id).orElseThrow().payload());
            }
          });
      assertPair(collection.fetch(id).orElseThrow().payload());
    }
  }

  private static Payload pair(int number) {
    return Payload.builder()
        .put("x", number)
        .put("y", number + 0.1)
        .put(number % 2 == 0 ? "even" : "odd", number)
        .build();
  }

  private static void assertPair(Payload read) {
    long number = (Long) Objects.requireNonNull(read.toMap().get("x"));
    assertThat(read).as("one patch, whole").isEqualTo(pair((int) number));
  }

  @Test
  @Rule("W-11")
  default void aBulkLoadIsReadableAndEndsWell() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.bulkLoad(
          loading -> {
            assertThat(loading.name()).isEqualTo(collection.name());
            loading.upsert(Samples.records(300));
          });
      assertThat(collection.count()).isEqualTo(300);
      assertThat(collection.awaitIndexed(Duration.ofSeconds(60))).as("indexed").isTrue();
      Near.assertFinds(
          "all of the load",
          collection,
          SearchRequest.nearest(Samples.vector(1, 1, 1, 1)).limit(300),
          Samples.ids(Samples.records(300)));
      Expect.failure(
          InvalidRequest.class,
          "what the body throws reaches the caller",
          () ->
              collection.bulkLoad(
                  loading -> {
                    loading.upsert(Samples.record(1000));
                    throw new InvalidRequest("thrown by the body");
                  }));
      collection.upsert(Samples.record(1001));
      assertThat(collection.count()).as("what the body had written is there").isEqualTo(302);
      assertThat(collection.awaitIndexed(Duration.ofSeconds(60)))
          .as("indexing goes on after a body that failed")
          .isTrue();
    }
  }

  @Test
  @Rule("W-12")
  default void anAtomicBatchIsWrittenInItsOrder() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection a = space.create();
      VectorCollection b = space.create();
      a.upsert(Samples.records(4));
      WriteBatch batch =
          WriteBatch.builder()
              .deleteWhere(a.name(), Filter.field("n").lt(2))
              .upsert(a.name(), List.of(Samples.record(1, "n", "again")))
              .upsert(b.name(), Samples.records(3))
              .delete(b.name(), Samples.ids(0))
              .build();
      if (!space.has(Capability.ATOMIC_BATCH)) {
        Expect.unsupported(() -> space.store().apply(batch));
        assertThat(a.count()).isEqualTo(4);
        assertThat(b.count()).isZero();
        throw DoesNotBind.refused(Capability.ATOMIC_BATCH);
      }
      space.store().apply(batch);
      assertThat(Samples.ids(Samples.all(a)))
          .containsExactlyInAnyOrderElementsOf(Samples.ids(1, 2, 3));
      assertThat(Samples.ids(Samples.all(b)))
          .containsExactlyInAnyOrderElementsOf(Samples.ids(1, 2));
    }
  }

  @Test
  @Rule("W-12")
  default void anAtomicBatchIsWrittenWhollyOrNotAtAll() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection a = space.create();
      VectorCollection b = space.create();
      a.upsert(Samples.records(4));
      VectorRecord bad = VectorRecord.of(RecordId.of(9), Samples.vector(1), Payload.empty());
      WriteBatch.Builder start =
          WriteBatch.builder()
              .upsert(b.name(), Samples.records(3))
              .delete(a.name(), Samples.ids(1));
      WriteBatch refused = start.upsert(a.name(), List.of(bad)).build();
      WriteBatch lost =
          WriteBatch.builder()
              .upsert(b.name(), Samples.records(3))
              .delete(space.freshName(), Samples.ids(1))
              .build();
      if (!space.has(Capability.ATOMIC_BATCH)) {
        Expect.unsupported(() -> space.store().apply(refused));
      } else {
        Expect.invalid("a record of the batch", () -> space.store().apply(refused));
        Expect.failure(
            NotFound.class,
            "a collection of the batch isn't there",
            () -> space.store().apply(lost));
        space.store().apply(WriteBatch.builder().build());
      }
      assertThat(a.count()).as("nothing of a refused batch is written").isEqualTo(4);
      assertThat(b.count()).isZero();
    }
  }

  @Test
  @Rule("W-13")
  default void writingNeedsTheCapability() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.store().collection(space.freshName());
      if (!space.has(Capability.WRITE)) {
        List<VectorRecord> records = Samples.records(1);
        Expect.unsupported(() -> collection.upsert(records));
        Expect.unsupported(() -> collection.delete(Samples.ids(1)));
        Expect.unsupported(collection::deleteAll);
        Expect.unsupported(() -> collection.deleteWhere(Filter.field("a").eq(1)));
        Expect.unsupported(
            () -> collection.patchPayload(Samples.ids(1), Samples.payload("a", 1), Set.of()));
      } else {
        assertThat(space.create().capabilities())
            .as("what the kit makes can be written")
            .contains(Capability.WRITE);
      }
    }
  }
}
