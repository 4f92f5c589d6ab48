package dev.vectorstore.migration;

/** A clock for durations, so that tests can hold it. */
@FunctionalInterface
interface Ticker {
  Ticker SYSTEM = System::nanoTime;

  /** Nanoseconds since some fixed moment. */
  long nanos();

  /** Seconds since a moment of this clock. */
  default double secondsSince(long start) {
    return (nanos() - start) / 1e9;
  }
}
