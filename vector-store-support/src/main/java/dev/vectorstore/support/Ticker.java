package dev.vectorstore.support;

/** Time that only goes forward, in nanoseconds; tests bring their own. */
@FunctionalInterface
interface Ticker {
  Ticker SYSTEM = System::nanoTime;

  long nanos();
}
