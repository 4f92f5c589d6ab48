package dev.vectorstore.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Polls for a condition of another process, which nothing in this one could notify us of. */
final class Await {
  private static final long PAUSE_MILLIS = 15;

  private Await() {}

  /**
   * Waits until the condition holds.
   *
   * @return whether it held before the limit; false at once when the thread is interrupted, whose
   *     flag stays set
   */
  static boolean until(Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline >= 0 || !pause()) {
        return condition.getAsBoolean();
      }
    }
    return true;
  }

  private static boolean pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
