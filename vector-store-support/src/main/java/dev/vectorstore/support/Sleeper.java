package dev.vectorstore.support;

import dev.vectorstore.VectorStoreException.Unavailable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits between two looks at an engine. */
final class Sleeper {
  private Sleeper() {}

  /** An interrupt is the port's error for a read. */
  static void sleep(Duration duration) {
    try {
      TimeUnit.NANOSECONDS.sleep(Math.max(0, duration.toNanos()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Unavailable("the thread was interrupted while waiting", interrupted);
    }
  }
}
