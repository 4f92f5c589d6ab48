package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Filter;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.PartialWrite;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.WriteReport;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code upsertAll}: section Writes of docs/CONTRACT.md. */
public interface BulkWritesContract extends EngineContract {
  @Test
  @Rule("W-14")
  default void upsertAllWritesAllAndReports() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      AtomicBoolean closed = new AtomicBoolean();
      WriteOptions options = WriteOptions.builder().batchRecords(100).inFlight(3).build();
      WriteReport report =
          collection.upsertAll(
              Samples.records(1234).stream().onClose(() -> closed.set(true)), options);
      assertThat(report.records()).isEqualTo(1234);
      assertThat(report.batches()).as("no batch is larger than asked").isGreaterThanOrEqualTo(13);
      assertThat(report.duration()).isPositive();
      assertThat(closed).as("the stream is closed").isTrue();
      assertThat(collection.count()).isEqualTo(1234);
      assertThat(Samples.payloads(Samples.all(collection)))
          .isEqualTo(Samples.payloads(Samples.records(1234)));
    }
  }

  @Test
  @Rule("W-15")
  default void acrossBatchesInFlightTheLastRecordOfAnIdWins() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      int ids = 7;
      int records = 700;
      WriteOptions options = WriteOptions.builder().batchRecords(3).inFlight(8).build();
      WriteReport report =
          collection.upsertAll(
              IntStream.range(0, records).mapToObj(i -> Samples.record(i % ids, "i", i)), options);
      assertThat(report.records()).as("every record of the input counts").isEqualTo(records);
      assertThat(collection.count()).isEqualTo(ids);
      assertThat(collection.count(Filter.field("i").gte(records - ids)))
          .as("hold a batch back while one of its ids is in flight: requests overtake each other")
          .isEqualTo(ids);
    }
  }

  @Test
  @Rule("W-16")
  default void upsertAllChecksBatchByBatch() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      VectorRecord bad =
          VectorRecord.of(Samples.record(455).id(), Samples.vector(1), Samples.payload("n", 1));
      Stream<VectorRecord> records =
          IntStream.range(0, 1000).mapToObj(i -> i == 455 ? bad : Samples.record(i));
      WriteOptions options = WriteOptions.builder().batchRecords(50).inFlight(2).build();
      PartialWrite partial =
          Expect.failure(
              PartialWrite.class,
              "a bad record in the middle of a stream",
              () -> collection.upsertAll(records, options));
      assertThat(partial).hasCauseInstanceOf(InvalidRequest.class).hasMessageContaining("455");
      assertThat(partial.acknowledged())
          .as("the batches before that of the bad record are written")
          .isEqualTo(450);
      PartialWrites.assertTrue(collection, partial, 1000);
    }
  }

  @Test
  @Rule("W-16")
  default void aStreamThatFailsLeavesNothingInDoubt() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      AtomicBoolean closed = new AtomicBoolean();
      Stream<VectorRecord> records =
          IntStream.range(0, 300)
              .mapToObj(
                  i -> {
                    if (i == 250) {
                      throw new IllegalArgumentException("thrown by the stream");
                    }
                    return Samples.record(i);
                  });
      PartialWrite partial =
          Expect.failure(
              PartialWrite.class,
              "a stream that throws",
              () ->
                  collection.upsertAll(
                      records.onClose(() -> closed.set(true)),
                      WriteOptions.builder().batchRecords(10).build()));
      assertThat(partial).hasRootCauseMessage("thrown by the stream");
      PartialWrites.assertTrue(collection, partial, 300);
      assertThat(closed).isTrue();
      collection.deleteAll();
      assertThat(collection.count()).as("no batch is still on its way").isZero();
    }
  }

  @Test
  @Rule("W-17")
  default void upsertAllTakesNoMoreThanItSends() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      int batch = 20;
      int inFlight = 2;
      AtomicLong furthest = new AtomicLong();
      Stream<VectorRecord> records =
          IntStream.range(0, 600)
              .mapToObj(
                  i -> {
                    if (i % 20 == 19) {
                      long ahead = i + 1 - collection.count();
                      furthest.accumulateAndGet(ahead, Math::max);
                    }
                    return Samples.record(i);
                  });
      collection.upsertAll(
          records, WriteOptions.builder().batchRecords(batch).inFlight(inFlight).build());
      assertThat(furthest)
          .as("records taken from the stream and not yet written; memory must stay bounded")
          .hasValueLessThanOrEqualTo((inFlight + 1L) * batch);
      assertThat(collection.count()).isEqualTo(600);
    }
  }
}
