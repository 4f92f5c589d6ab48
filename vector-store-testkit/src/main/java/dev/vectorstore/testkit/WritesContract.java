package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.Filter;
import dev.vectorstore.IdKind;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.WriteMode;
import dev.vectorstore.WriteOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Writing records: section Writes of docs/CONTRACT.md. */
public interface WritesContract extends EngineContract {
  @Test
  @Rule("W-01")
  default void upsertReplacesWholeRecords() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create(2, Metric.DOT);
      RecordId id = RecordId.of(1);
      collection.upsert(
          VectorRecord.of(
              id, Samples.vector(1, 2), Samples.payload("old", 1, "both", List.of("a"))));
      VectorRecord second =
          VectorRecord.of(id, Samples.vector(3, 4), Samples.payload("new", 2, "both", "b"));
      collection.upsert(second);
      assertThat(collection.fetch(id)).as("no old key or component is left").contains(second);
      assertThat(collection.count(Filter.field("old").exists())).isZero();
      assertThat(collection.count(Filter.field("both").eq("a"))).isZero();
      assertThat(collection.count(Filter.field("both").eq("b"))).isEqualTo(1);
      assertThat(collection.count()).isEqualTo(1);
    }
  }

  @Test
  @Rule("W-02")
  default void nothingIsWrittenWhenOneRecordIsRefused() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create(spec -> spec.idKinds(IdKind.NUMBER));
      collection.upsert(Samples.record(0, "kept", true));
      List<VectorRecord> bad =
          List.of(
              VectorRecord.of(RecordId.of(77), Samples.vector(1, 2, 3), Payload.empty()),
              VectorRecord.of(
                  RecordId.of(77), Samples.vector(1, 2, 3, Double.NaN), Payload.empty()),
              VectorRecord.of(RecordId.of(77), Samples.vector(0, 0, 0, 0), Payload.empty()),
              VectorRecord.of(RecordId.of("text-77"), Samples.vector(1, 2, 3, 4), Payload.empty()));
      for (VectorRecord record : bad) {
        List<VectorRecord> records = new ArrayList<>(Samples.records(1500));
        records.add(record);
        assertThat(
                Expect.invalid(
                    "check all records of a call before the first is sent",
                    () -> collection.upsert(records)))
            .as("the message names the record")
            .hasMessageContaining("77");
        assertThat(collection.count()).as("nothing of the call was written").isEqualTo(1);
        assertThat(collection.fetch(RecordId.of(0)).orElseThrow().payload())
            .isEqualTo(Samples.payload("kept", true));
      }
    }
  }

  @Test
  @Rule("W-03")
  default void ofTheSameIdInOneCallTheLastWins() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(
          Samples.record(1, "v", "first"),
          Samples.record(2, "v", "other"),
          Samples.record(1, "v", "last"));
      assertThat(collection.count()).isEqualTo(2);
      assertThat(value(collection, 1)).isEqualTo(Samples.payload("v", "last"));
      List<VectorRecord> many = new ArrayList<>();
      for (int round = 0; round < 3; round++) {
        for (int id = 0; id < 700; id++) {
          many.add(Samples.record(id, "round", round));
        }
      }
      collection.upsert(many);
      assertThat(collection.count()).isEqualTo(700);
      assertThat(collection.count(Filter.field("round").eq(2)))
          .as("also across the requests that one call is cut into")
          .isEqualTo(700);
    }
  }

  @Test
  @Rule("W-04")
  default void anEmptyCallDoesNothing() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(Samples.records(3));
      collection.upsert(List.of());
      collection.upsert();
      assertThat(collection.upsertAll(Stream.of(), WriteOptions.defaults()).records()).isZero();
      collection.delete(List.of());
      assertThat(collection.patchPayload(List.of(), Samples.payload("a", 1), Set.of("n")).patched())
          .isZero();
      assertThat(collection.patchPayload(Samples.ids(1), Payload.empty(), Set.of()).patched())
          .as("a patch of nothing counts the records that are there")
          .isEqualTo(1);
      assertThat(Samples.all(collection))
          .extracting(VectorRecord::payload)
          .containsExactlyInAnyOrderElementsOf(
              Samples.records(3).stream().map(VectorRecord::payload).toList());
    }
  }

  @Test
  @Rule("W-05")
  default void whatReturnedIsVisible() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      VectorCollection reader =
          space.has(Capability.REMOTE) ? space.another().collection(collection.name()) : collection;
      for (int i = 1; i <= 60; i++) {
        VectorRecord record = Samples.record(i, "round", i);
        collection.upsert(record);
        String advice = "wait for the engine to apply a write before returning";
        assertThat(reader.fetch(record.id()).isPresent()).as(advice).isTrue();
        assertThat(reader.count()).as(advice).isEqualTo(i);
        assertThat(reader.count(Filter.field("round").eq(i))).as(advice).isEqualTo(1);
        Near.assertFinds(
            advice,
            reader,
            SearchRequest.nearest(record.vector().orElseThrow())
                .filter(Filter.field("round").eq(i)),
            List.of(record.id()));
        collection.patchPayload(List.of(record.id()), Samples.payload("round", -i), List.of());
        assertThat(reader.count(Filter.field("round").eq(-i))).as(advice).isEqualTo(1);
      }
      for (int i = 1; i <= 60; i++) {
        collection.delete(Samples.ids(i));
        assertThat(reader.count()).as("a delete is visible when it returns").isEqualTo(60 - i);
        assertThat(reader.fetch(RecordId.of(i))).isEmpty();
      }
    }
  }

  @Test
  @Rule("W-06")
  default void concurrentWritersLoseNothing() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      Parallel.run(
          6,
          "writes of several threads",
          thread -> {
            for (int i = 0; i < 30; i++) {
              long id = thread * 1000L + i;
              collection.upsert(Samples.record(id), Samples.record(id + 500));
              collection.patchPayload(Samples.ids(id), Samples.payload("p", id), List.of());
              collection.delete(Samples.ids(id + 500));
            }
          });
      assertThat(collection.count()).isEqualTo(180);
      assertThat(collection.count(Filter.field("p").exists())).isEqualTo(180);
    }
  }

  @Test
  @Rule("W-07")
  default void insertOnlyNeverOverwrites() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      List<VectorRecord> old = List.of(Samples.record(1, "v", "old"));
      collection.upsert(old);
      List<VectorRecord> records =
          List.of(
              Samples.record(1, "v", "new"),
              Samples.record(2, "v", "first"),
              Samples.record(2, "v", "last"));
      WriteOptions options = WriteOptions.builder().mode(WriteMode.INSERT_ONLY).build();
      if (!collection.capabilities().contains(Capability.INSERT_ONLY)) {
        Expect.unsupported(() -> collection.upsert(records, WriteMode.INSERT_ONLY));
        Expect.unsupported(() -> collection.upsertAll(records.stream(), options));
        assertThat(collection.count()).as("nothing was written").isEqualTo(1);
        throw DoesNotBind.refused(Capability.INSERT_ONLY);
      }
      collection.upsert(records, WriteMode.INSERT_ONLY);
      assertThat(value(collection, 1)).isEqualTo(Samples.payload("v", "old"));
      assertThat(collection.fetch(Samples.ids(1), Projection.all()).get(0).payload().keys())
          .containsExactly("v");
      assertThat(value(collection, 2))
          .as("of two records with one id in a call the last counts")
          .isEqualTo(Samples.payload("v", "last"));
      assertABulkInsertKeepsWhatIsThere(collection, options);
    }
  }

  private static void assertABulkInsertKeepsWhatIsThere(
      VectorCollection collection, WriteOptions options) {
    assertThat(
            collection
                .upsertAll(
                    Stream.of(Samples.record(2, "v", "again"), Samples.record(3, "v", "new")),
                    options)
                .records())
        .as("records of the input, those left alone included")
        .isEqualTo(2);
    assertThat(value(collection, 2)).isEqualTo(Samples.payload("v", "last"));
    assertThat(value(collection, 3)).isEqualTo(Samples.payload("v", "new"));
    collection.upsertAll(
        Stream.of(Samples.record(4, "v", "first"), Samples.record(4, "v", "second")), options);
    assertThat(value(collection, 4))
        .as("of a stream the first of an id, also within one batch")
        .isEqualTo(Samples.payload("v", "first"));
  }

  @Test
  @Rule("W-07")
  default void ofRacingInsertsOneIsKept() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      if (!collection.capabilities().contains(Capability.INSERT_ONLY)) {
        Expect.unsupported(() -> collection.upsert(Samples.records(1), WriteMode.INSERT_ONLY));
        throw DoesNotBind.refused(Capability.INSERT_ONLY);
      }
      for (int round = 0; round < 10; round++) {
        RecordId id = RecordId.of(round);
        List<Payload> seen = java.util.Collections.synchronizedList(new ArrayList<>());
        Parallel.run(
            4,
            "an insert must not replace what another insert has just written",
            thread -> {
              VectorRecord mine = Samples.record(id.hashCode(), "thread", thread);
              collection.upsert(
                  List.of(VectorRecord.of(id, mine.vector().orElseThrow(), mine.payload())),
                  WriteMode.INSERT_ONLY);
              seen.add(collection.fetch(id).orElseThrow().payload());
            });
        assertThat(seen).as("once it is there, it stays what it is").hasSize(4);
        assertThat(Set.copyOf(seen)).hasSize(1);
      }
    }
  }

  private static Payload value(VectorCollection collection, long id) {
    return collection.fetch(RecordId.of(id)).orElseThrow().payload();
  }
}
