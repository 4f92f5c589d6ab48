package dev.vectorstore.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Polls for a condition of another process, which nothing in this one could notify us of. Safe to
 * use from several threads.
 */
public final class Await {
  private static final long PAUSE_MILLIS = 15;

  private Await() {}

  /**
   * Waits until the condition holds.
   *
   * @param limit how long at most
   * @param condition what is asked for again and again
   * @return whether it held before the limit; false at once when the thread is interrupted, whose
   *     flag stays set
   */
  public static boolean until(Duration limit, BooleanSupplier condition) {
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
