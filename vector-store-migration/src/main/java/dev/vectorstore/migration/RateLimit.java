package dev.vectorstore.migration;

import dev.vectorstore.support.Ticker;

/**
 * Spreads rows over time: never more than the rate allows since the start. Not safe for threads.
 */
final class RateLimit {
  private static final long LONGEST_NAP_MILLIS = 1000;

  private final double rowsPerSecond;
  private final Ticker ticker;
  private final Sleeper sleeper;
  private final long start;
  private long rows;

  /** A limit; infinity means none. */
  RateLimit(double rowsPerSecond, Ticker ticker, Sleeper sleeper) {
    this.rowsPerSecond = rowsPerSecond;
    this.ticker = ticker;
    this.sleeper = sleeper;
    this.start = ticker.nanos();
  }

  /** Waits until these rows may go; in short naps, so that a stop is heard. */
  void acquire(int count, StopSignal stop) throws InterruptedException {
    if (Double.isInfinite(rowsPerSecond)) {
      return;
    }
    double due = rows / rowsPerSecond;
    rows += count;
    for (double left = due - ticker.secondsSince(start);
        left > 0 && !stop.requested();
        left = due - ticker.secondsSince(start)) {
      sleeper.sleep(Math.min(LONGEST_NAP_MILLIS, (long) Math.ceil(left * 1000)));
    }
  }
}
