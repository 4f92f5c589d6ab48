package dev.vectorstore.cli;

/** A clock for durations, so that tests can hold it. */
@FunctionalInterface
interface Ticker {
  Ticker SYSTEM = System::nanoTime;

  /** Nanoseconds since some fixed moment. */
  long nanos();
}
