package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.PartialWrite;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.support.HeardCalls.Heard;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a listener hears of bulk writes and bulk loads: the call, and each batch within it. */
class BulkCallListenerTest extends ListenedStore {
  @Test
  void eachBatchOfABulkWriteIsHeardAsPartOfItsCall() {
    pages.describe();
    heard.calls.clear();
    pages.upsertAll(records(25), WriteOptions.builder().batchRecords(10).inFlight(2).build());

    Heard all = heard.only();
    assertThat(all.start.operation()).isEqualTo("upsertAll");
    assertThat(all.start.batchSize()).isEmpty();
    assertThat(all.end().writtenRecords()).hasValue(25);
    assertThat(all.end().attempts()).isEqualTo(1);
    assertThat(all.end().requests()).isEqualTo(3);
    assertThat(all.batches).hasSize(3);
    for (Heard batch : all.batches) {
      assertThat(batch.start.collection()).contains("pages");
      assertThat(batch.startedOn).isNotSameAs(Thread.currentThread()).isSameAs(batch.endedOn);
      assertThat(batch.end().requests()).isEqualTo(1);
      assertThat(batch.end().writtenRecords().orElseThrow())
          .isEqualTo(batch.start.batchSize().orElseThrow());
    }
    assertThat(all.batches.stream().mapToLong(batch -> batch.start.batchSize().orElseThrow()).sum())
        .isEqualTo(25);
  }

  @Test
  void aRetriedBatchCountsInItsCall() {
    AtomicInteger writes = new AtomicInteger();
    engine.beforeWrite =
        batch -> {
          if (writes.incrementAndGet() == 2) {
            throw new Unavailable("down");
          }
        };
    pages.upsertAll(records(25), WriteOptions.builder().batchRecords(10).inFlight(1).build());

    Heard all = heard.only();
    assertThat(all.end().attempts()).isEqualTo(2);
    assertThat(all.end().requests()).isEqualTo(1 + 4);
    assertThat(all.batches.stream().map(batch -> batch.end().attempts())).containsExactly(1, 2, 1);
  }

  @Test
  void whatABrokenBulkWriteHasWrittenIsTold() {
    engine.beforeWrite =
        batch -> {
          if (batch.get(0).id().equals(RecordId.of(10))) {
            throw new InvalidRequest("no");
          }
        };
    assertThatThrownBy(
            () ->
                pages.upsertAll(
                    records(25), WriteOptions.builder().batchRecords(10).inFlight(1).build()))
        .isInstanceOf(PartialWrite.class);

    Heard all = heard.only();
    assertThat(all.end().errorType()).contains("PartialWrite");
    assertThat(all.end().writtenRecords()).hasValue(10);
    assertThat(all.batches.get(1).end().errorType()).contains("InvalidRequest");
    assertThat(all.batches.get(1).end().writtenRecords()).isEmpty();
  }

  /** What the body calls is heard between the start and the end of the bulk load. */
  @Test
  void aBulkLoadIsOneCallAroundThoseOfItsBody() {
    pages.describe();
    heard.calls.clear();
    pages.bulkLoad(
        bulk -> {
          assertThat(heard.only().ends).isEmpty();
          bulk.upsertAll(records(25), WriteOptions.builder().batchRecords(10).build());
        });

    assertThat(heard.operations()).containsExactly("bulkLoad", "upsertAll");
    assertThat(heard.calls.get(0).end().requests()).isEqualTo(2);
    assertThat(heard.calls.get(0).end().attempts()).isEqualTo(1);
    assertThat(heard.calls.get(1).batches).hasSize(3);
  }

  @Test
  void aStreamThatCannotBeClosedIsHeardAsAFailure() {
    Stream<VectorRecord> broken =
        records(3)
            .onClose(
                () -> {
                  throw new IllegalStateException("not closed");
                });
    assertThatThrownBy(() -> pages.upsertAll(broken, WriteOptions.defaults()))
        .hasMessage("not closed");

    assertThat(heard.only().end().errorType()).contains("IllegalStateException");
  }

  /** Batches that were interrupted are waited for: one that is written yet must not come later. */
  @Test
  void anInterruptedBulkWriteEndsBehindItsBatches() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(2);
    AtomicInteger ended = new AtomicInteger();
    engine.beforeWrite =
        batch -> {
          started.countDown();
          long until = System.nanoTime() + 50_000_000;
          while (System.nanoTime() < until) {
            Thread.onSpinWait(); // as an engine that doesn't hear of interrupts
          }
          ended.incrementAndGet();
        };
    Thread caller =
        new Thread(
            () ->
                pages.upsertAll(
                    records(40), WriteOptions.builder().batchRecords(10).inFlight(2).build()));
    caller.setUncaughtExceptionHandler((thread, error) -> {});
    caller.start();
    started.await();
    caller.interrupt();
    caller.join();

    Heard all = heard.only();
    assertThat(all.end().errorType()).contains("PartialWrite");
    assertThat(all.batches).isNotEmpty().allMatch(batch -> batch.ends.size() == 1);
    assertThat(ended.get()).isEqualTo(all.batches.size());
    assertThat(all.end().requests()).isEqualTo(1 + all.batches.size());
  }

  @Test
  void anErrorOfTheCallersOwnIsHeard() {
    assertThatThrownBy(
            () ->
                pages.bulkLoad(
                    bulk -> {
                      throw new IllegalArgumentException("mine");
                    }))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(heard.only().end().errorType()).contains("IllegalArgumentException");
  }
}
