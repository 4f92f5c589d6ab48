package dev.vectorstore.support;

import dev.vectorstore.CallEnd;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a listener is told at the end of a call, gathered from its start on. Its counters are safe
 * for threads: batches of one call are sent by several.
 */
final class Tally {
  private final Ticker ticker;
  private final long began;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger retries = new AtomicInteger();
  private volatile @Nullable Long returned;
  private volatile @Nullable Long written;

  /**
   * Starts with the call.
   *
   * @param ticker the clock of the call
   */
  Tally(Ticker ticker) {
    this.ticker = ticker;
    began = ticker.nanos();
  }

  /** The clock of the call. */
  Ticker ticker() {
    return ticker;
  }

  /** A request is about to be sent. */
  void request(boolean retry) {
    requests.incrementAndGet();
    if (retry) {
      retries.incrementAndGet();
    }
  }

  /** The call returns so many hits, records or names. */
  void returned(long rows) {
    returned = rows;
  }

  /** The call wrote so many records. */
  void written(long records) {
    written = records;
  }

  /** What a part of the call has sent. */
  void add(Tally part) {
    requests.addAndGet(part.requests.get());
    retries.addAndGet(part.retries.get());
  }

  /** How often the call was tried. */
  int attempts() {
    return requests.get() == 0 ? 0 : 1 + retries.get();
  }

  CallEnd end(@Nullable Throwable failure) {
    Duration duration = Duration.ofNanos(ticker.nanos() - began);
    CallEnd.Builder end = CallEnd.builder(duration).sent(attempts(), requests.get());
    Long rows = returned;
    Long records = written;
    if (rows != null && failure == null) {
      end.returnedRows(rows);
    }
    if (records != null) {
      end.writtenRecords(records);
    }
    if (failure != null) {
      end.failure(failure);
    }
    return end.build();
  }
}
