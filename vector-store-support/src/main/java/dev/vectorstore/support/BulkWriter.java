package dev.vectorstore.support;

import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.PartialWrite;
import dev.vectorstore.VectorStoreException.PartialWrite.Outcome;
import dev.vectorstore.VectorStoreException.PartialWrite.Range;
import dev.vectorstore.WriteMode;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.WriteReport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Writes a stream of records in batches, several at once. The calling thread reads and checks the
 * records; the store's threads send them. Used once.
 *
 * <p>Batches are waited for in their order, so that the acknowledged prefix is known. A batch with
 * an id that is in flight waits for it: two requests can overtake each other on the way.
 */
final class BulkWriter {
  private final ExecutorService threads;
  private final WriteOptions options;
  private final UnaryOperator<VectorRecord> check;
  private final Consumer<Batch> send;
  private final Deque<Sent> inFlight = new ArrayDeque<>();
  private final List<Range> behind = new ArrayList<>();
  private long read;
  private long dispatched;
  private long acknowledged;
  private long batches;
  private @Nullable Throwable failure;

  BulkWriter(
      ExecutorService threads,
      WriteOptions options,
      UnaryOperator<VectorRecord> check,
      Consumer<Batch> send) {
    this.threads = threads;
    this.options = options;
    this.check = check;
    this.send = send;
  }

  /**
   * A batch on its way.
   *
   * @param from the first position of the input
   * @param to behind the last position
   * @param ids of its records
   * @param sending ends with it
   */
  private record Sent(long from, long to, Set<RecordId> ids, Sending sending) {}

  /** A batch on its way; cancelled, it is still waited for, since it may be written yet. */
  private static final class Sending extends FutureTask<Boolean> {
    private final CountDownLatch ended = new CountDownLatch(1);

    Sending(Runnable send) {
      super(send, true);
    }

    @Override
    public void run() {
      try {
        super.run();
      } finally {
        ended.countDown();
      }
    }

    /** Interrupts don't end the wait: what is sent was interrupted already, and has a deadline. */
    void awaitEnd() {
      boolean waiting = true;
      while (waiting) {
        try {
          ended.await();
          waiting = false;
        } catch (InterruptedException again) {
          // Remembered by the caller, who is interrupted.
        }
      }
    }
  }

  WriteReport write(Iterator<VectorRecord> records, int maxBatchRecords) {
    long started = Ticker.SYSTEM.nanos();
    try {
      send(records, Math.min(options.batchRecords(), maxBatchRecords));
    } finally {
      // Also behind an error of the input, so that nothing is on its way when the caller hears it.
      drain();
    }
    if (failure != null) {
      throw partial(failure);
    }
    return WriteReport.of(acknowledged, batches, Duration.ofNanos(Ticker.SYSTEM.nanos() - started));
  }

  private void send(Iterator<VectorRecord> records, int most) {
    Batcher<VectorRecord> batcher = new Batcher<>(most, options.batchBytes(), RecordSize::estimate);
    while (failure == null && hasNext(records)) {
      VectorRecord record = next(records);
      if (record != null) {
        read++;
        batcher.add(record).ifPresent(this::dispatch);
      }
    }
    if (failure == null) {
      batcher.rest().ifPresent(this::dispatch);
    }
  }

  private boolean hasNext(Iterator<VectorRecord> records) {
    try {
      return records.hasNext();
    } catch (RuntimeException broken) {
      failure = broken;
      return false;
    }
  }

  /** The next record, or null if the input ended by an error, its own or ours. */
  private @Nullable VectorRecord next(Iterator<VectorRecord> records) {
    try {
      VectorRecord record = records.next();
      if (record == null) {
        throw new NullPointerException("record " + read + " of the input is null");
      }
      return check.apply(record);
    } catch (VectorStoreException.InvalidRequest invalid) {
      failure = invalid.withMessage("record " + read + " of the input: " + invalid.getMessage());
    } catch (RuntimeException broken) {
      failure = broken;
    }
    return null;
  }

  /** Sends a batch once there is room and none of its ids is in flight. */
  private void dispatch(Batcher.Cut<VectorRecord> cut) {
    Map<RecordId, VectorRecord> records = ofEachId(cut.items());
    while (failure == null
        && (inFlight.size() >= options.inFlight() || isInFlight(records.keySet()))) {
      awaitFirst();
    }
    if (failure != null) {
      return;
    }
    Batch batch = new Batch(List.copyOf(records.values()), cut.bytes());
    Sending sending = new Sending(() -> send.accept(batch));
    try {
      threads.execute(sending);
    } catch (RejectedExecutionException closed) {
      failure = new IllegalStateException("the store was closed during the write", closed);
      return;
    }
    long end = dispatched + cut.items().size();
    inFlight.add(new Sent(dispatched, end, records.keySet(), sending));
    dispatched = end;
    batches++;
  }

  /** Of an id's records the last stays, or the first where none may be overwritten. */
  private Map<RecordId, VectorRecord> ofEachId(List<VectorRecord> records) {
    Map<RecordId, VectorRecord> kept = new LinkedHashMap<>();
    for (VectorRecord record : records) {
      if (options.mode() == WriteMode.REPLACE) {
        kept.remove(record.id());
      }
      kept.putIfAbsent(record.id(), record);
    }
    return kept;
  }

  private boolean isInFlight(Set<RecordId> ids) {
    return inFlight.stream().anyMatch(sent -> !Collections.disjoint(sent.ids(), ids));
  }

  private void drain() {
    while (!inFlight.isEmpty()) {
      awaitFirst();
    }
  }

  private void awaitFirst() {
    Sent first = inFlight.remove();
    Throwable error = await(first.sending());
    if (error == null && behind.isEmpty()) {
      acknowledged = first.to();
    } else {
      behind.add(new Range(first.from(), first.to(), outcome(error)));
    }
    if (error != null && failure == null) {
      failure = error;
    }
  }

  private static @Nullable Throwable await(Sending sent) {
    try {
      sent.get();
      return null;
    } catch (InterruptedException interrupted) {
      sent.cancel(true);
      sent.awaitEnd();
      // The flag is set again: the batches behind end the same way.
      Thread.currentThread().interrupt();
      return new OutcomeUnknown(
          "the thread was interrupted while a batch was in flight", interrupted);
    } catch (ExecutionException failed) {
      return failed.getCause();
    }
  }

  /** Only the errors that say so are known not to have written anything. */
  private static Outcome outcome(@Nullable Throwable error) {
    if (error == null) {
      return Outcome.WRITTEN;
    }
    boolean unknown =
        !(error instanceof VectorStoreException)
            || error instanceof OutcomeUnknown
            || error instanceof VectorStoreException.MalformedResponse;
    return unknown ? Outcome.UNKNOWN : Outcome.NOT_WRITTEN;
  }

  private PartialWrite partial(Throwable cause) {
    if (read > dispatched) {
      behind.add(new Range(dispatched, read, Outcome.NOT_WRITTEN));
    }
    return new PartialWrite(
        acknowledged
            + " records from the start of the input are written; then: "
            + cause.getMessage(),
        acknowledged,
        behind,
        cause);
  }
}
