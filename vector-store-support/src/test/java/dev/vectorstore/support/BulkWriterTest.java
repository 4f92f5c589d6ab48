package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.Embedding;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.PartialWrite;
import dev.vectorstore.VectorStoreException.PartialWrite.Outcome;
import dev.vectorstore.VectorStoreException.PartialWrite.Range;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.WriteMode;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.WriteReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BulkWriterTest {
  private final ListEngine engine = new ListEngine();
  private final VectorStore store =
      EngineStore.open(
          engine, CallOptions.builder().retry(RetryPolicy.none()).build(), CallListener.NONE);
  private final VectorCollection pages = store.collection("pages");

  @AfterEach
  void close() {
    store.close();
  }

  private static VectorRecord record(long id) {
    return VectorRecord.of(RecordId.of(id), Embedding.of(1, (float) id), Payload.empty());
  }

  private static Stream<VectorRecord> records(long count) {
    return LongStream.range(0, count).mapToObj(BulkWriterTest::record);
  }

  private static WriteOptions batches(int records, int inFlight) {
    return WriteOptions.builder().batchRecords(records).inFlight(inFlight).build();
  }

  @Test
  void everyRecordIsWrittenInBatches() {
    WriteReport report = pages.upsertAll(records(1_001), batches(100, 4));

    assertThat(engine.records).hasSize(1_001);
    assertThat(report.records()).isEqualTo(1_001);
    assertThat(report.batches()).isEqualTo(11);
  }

  @Test
  void batchesAreCutByBytesToo() {
    List<VectorRecord> large =
        records(10).map(r -> r.withPayload(Payload.of(Map.of("c", "x".repeat(4_000))))).toList();
    long two = 2 * RecordSize.estimate(large.get(0));
    WriteOptions options = WriteOptions.builder().batchRecords(500).batchBytes(two).build();

    pages.upsertAll(large.stream(), options);
    assertThat(engine.requests).filteredOn(r -> r.equals("write 2")).hasSize(5);

    pages.upsertAll(large.stream(), options.toBuilder().batchBytes(two - 1).build());
    assertThat(engine.requests).filteredOn(r -> r.equals("write 1")).hasSize(10);
  }

  @Test
  void eachBatchKnowsItsSize() {
    List<Long> sizes = new ArrayList<>();
    engine.beforeWrite = batch -> sizes.add(batch.bytes());
    List<VectorRecord> records = records(5).toList();
    pages.upsertAll(records.stream(), batches(3, 1));

    assertThat(sizes)
        .containsExactly(
            Batch.of(records.subList(0, 3)).bytes(), Batch.of(records.subList(3, 5)).bytes());
  }

  @Test
  void theReportSaysHowLongTheWriteTook() {
    long started = System.nanoTime();
    WriteReport report = pages.upsertAll(records(10), batches(10, 1));

    assertThat(report.duration())
        .isPositive()
        .isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - started));
  }

  @Test
  void asManyAsAllowedAreInFlightAndNeverMore() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch three = new CountDownLatch(3);
    engine.beforeWrite =
        batch -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          three.countDown();
          await(three);
          spin();
          now.decrementAndGet();
        };

    pages.upsertAll(records(2_000), batches(10, 3));

    assertThat(most).hasValue(3);
  }

  /** The first batch ends once the caller waits, or has read on behind the fourth. */
  @Test
  void noRecordIsReadBehindABatchThatWaitsForRoom() {
    Thread caller = Thread.currentThread();
    AtomicBoolean readOn = new AtomicBoolean();
    AtomicBoolean ended = new AtomicBoolean();
    AtomicBoolean tooEarly = new AtomicBoolean();
    engine.beforeWrite =
        batch -> {
          if (batch.get(0).id().equals(RecordId.of(0))) {
            while (!readOn.get() && caller.getState() != Thread.State.WAITING) {
              Thread.onSpinWait();
            }
            ended.set(true);
          }
        };
    Stream<VectorRecord> records =
        records(60)
            .peek(
                record -> {
                  if (record.id().equals(RecordId.of(40))) {
                    tooEarly.set(!ended.get());
                    readOn.set(true);
                  }
                });

    pages.upsertAll(records, batches(10, 3));

    assertThat(tooEarly).isFalse();
  }

  @Test
  void aBatchWithAnIdInFlightWaitsForIt() {
    Set<RecordId> inFlight = ConcurrentHashMap.newKeySet();
    AtomicBoolean overlapped = new AtomicBoolean();
    engine.beforeWrite =
        batch -> {
          batch.forEach(
              record -> {
                if (!inFlight.add(record.id())) {
                  overlapped.set(true);
                }
              });
          spin();
          batch.forEach(record -> inFlight.remove(record.id()));
        };
    Stream<VectorRecord> repeating =
        LongStream.range(0, 5_000)
            .mapToObj(
                i ->
                    VectorRecord.of(
                        RecordId.of(i % 37),
                        Embedding.of(1, (float) i),
                        Payload.of(Map.of("i", i))));

    pages.upsertAll(repeating, batches(10, 8));

    assertThat(overlapped).isFalse();
    assertThat(engine.records.get(RecordId.of(4_999 % 37)).payload())
        .isEqualTo(Payload.of(Map.of("i", 4_999)));
  }

  @Test
  void aFailureSaysWhatIsWrittenAndWhatIsInDoubt() {
    CountDownLatch behindWritten = new CountDownLatch(1);
    engine.beforeWrite =
        batch -> {
          long first = ((RecordId.NumberId) batch.get(0).id()).value();
          if (first == 20) {
            behindWritten.countDown();
          }
          if (first == 10) {
            await(behindWritten);
            throw new OutcomeUnknown("answer lost");
          }
        };

    PartialWrite partial =
        catchThrowableOfType(
            PartialWrite.class, () -> pages.upsertAll(records(30), batches(10, 3)));

    assertThat(partial.acknowledged()).isEqualTo(10);
    assertThat(partial.inFlight())
        .containsExactly(new Range(10, 20, Outcome.UNKNOWN), new Range(20, 30, Outcome.WRITTEN));
    assertThat(partial).hasCauseInstanceOf(OutcomeUnknown.class);
    assertThat(partial).hasMessageStartingWith("upsertAll on pages (list): 10 records");
  }

  @ParameterizedTest
  @MethodSource
  void onlyAnErrorThatSaysSoMeansThatNothingIsWritten(RuntimeException error, Outcome outcome) {
    engine.beforeWrite =
        batch -> {
          throw error;
        };

    PartialWrite partial =
        catchThrowableOfType(
            PartialWrite.class, () -> pages.upsertAll(records(10), batches(10, 1)));

    assertThat(partial.acknowledged()).isZero();
    assertThat(partial.inFlight()).containsExactly(new Range(0, 10, outcome));
  }

  static Stream<Arguments> onlyAnErrorThatSaysSoMeansThatNothingIsWritten() {
    return Stream.of(
        arguments(new Unavailable("not there"), Outcome.NOT_WRITTEN),
        arguments(new Conflict("refused"), Outcome.NOT_WRITTEN),
        arguments(new OutcomeUnknown("answer lost"), Outcome.UNKNOWN),
        arguments(new MalformedResponse("half an answer"), Outcome.UNKNOWN),
        arguments(new IllegalStateException("a bug of the engine"), Outcome.UNKNOWN));
  }

  @Test
  void anInvalidRecordStopsTheWriteBehindWhatWasSent() {
    VectorRecord invalid = VectorRecord.of(RecordId.of(99), Embedding.of(1), Payload.empty());

    PartialWrite partial =
        catchThrowableOfType(
            PartialWrite.class,
            () -> pages.upsertAll(Stream.concat(records(25), Stream.of(invalid)), batches(10, 2)));

    assertThat(partial.acknowledged()).isEqualTo(20);
    assertThat(partial.inFlight()).containsExactly(new Range(20, 25, Outcome.NOT_WRITTEN));
    assertThat(partial).hasCauseInstanceOf(InvalidRequest.class);
    assertThat(partial).hasMessageContaining("record 25 of the input");
    assertThat(engine.records).hasSize(20);
  }

  @Test
  void aStreamThatBreaksIsReportedWithWhatIsWritten() {
    IllegalStateException broken = new IllegalStateException("disk gone");
    Stream<VectorRecord> breaking =
        records(15)
            .peek(
                r -> {
                  if (r.id().equals(RecordId.of(12))) {
                    throw broken;
                  }
                });

    PartialWrite partial =
        catchThrowableOfType(PartialWrite.class, () -> pages.upsertAll(breaking, batches(10, 2)));

    assertThat(partial).hasCause(broken);
    assertThat(partial.acknowledged()).isEqualTo(10);
    assertThat(partial.inFlight()).containsExactly(new Range(10, 12, Outcome.NOT_WRITTEN));
  }

  @Test
  void anErrorOfTheStreamLeavesNoBatchOnItsWay() {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger onTheirWay = new AtomicInteger();
    engine.beforeWrite =
        batch -> {
          onTheirWay.incrementAndGet();
          await(go);
          spin();
          onTheirWay.decrementAndGet();
        };
    AssertionError mine = new AssertionError("mine");
    Stream<VectorRecord> breaking =
        records(30)
            .peek(
                r -> {
                  if (r.id().equals(RecordId.of(25))) {
                    go.countDown();
                    throw mine;
                  }
                });

    assertThatThrownBy(() -> pages.upsertAll(breaking, batches(10, 3))).isSameAs(mine);

    assertThat(onTheirWay).hasValue(0);
    assertThat(engine.records).hasSize(20);
  }

  @Test
  void insertingKeepsTheFirstOfEachIdWhereverBatchesAreCut() {
    for (int batch : new int[] {3, 4, 50}) {
      engine.records.clear();
      Stream<VectorRecord> repeating =
          LongStream.range(0, 40)
              .mapToObj(i -> record(i % 5).withPayload(Payload.of(Map.of("round", i / 5))));

      pages.upsertAll(
          repeating,
          WriteOptions.builder().batchRecords(batch).mode(WriteMode.INSERT_ONLY).build());

      assertThat(engine.records.values())
          .hasSize(5)
          .allSatisfy(r -> assertThat(r.payload()).isEqualTo(Payload.of(Map.of("round", 0))));
    }
  }

  @Test
  void anInterruptLeavesTheBatchInDoubtAndTheFlagSet() {
    CountDownLatch never = new CountDownLatch(1);
    Thread caller = Thread.currentThread();
    engine.beforeWrite =
        batch -> {
          caller.interrupt();
          await(never);
        };
    try {
      PartialWrite partial =
          catchThrowableOfType(
              PartialWrite.class, () -> pages.upsertAll(records(10), batches(10, 1)));
      assertThat(partial).hasCauseInstanceOf(OutcomeUnknown.class);
      assertThat(partial.inFlight()).isEqualTo(List.of(new Range(0, 10, Outcome.UNKNOWN)));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void theStreamIsClosed() {
    AtomicBoolean closed = new AtomicBoolean();

    pages.upsertAll(records(3).onClose(() -> closed.set(true)), WriteOptions.defaults());

    assertThat(closed).isTrue();
  }

  /** Long enough for another batch to come meanwhile, if it is let. */
  private static void spin() {
    for (int i = 0; i < 10_000; i++) {
      Thread.onSpinWait();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("what is waited for didn't come");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new OutcomeUnknown("interrupted", interrupted);
    }
  }
}
