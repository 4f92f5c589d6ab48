package dev.vectorstore.migration;

/** Waits, so that tests needn't. */
@FunctionalInterface
interface Sleeper {
  Sleeper SYSTEM = Thread::sleep;

  /** Waits for a time. */
  void sleep(long millis) throws InterruptedException;
}
