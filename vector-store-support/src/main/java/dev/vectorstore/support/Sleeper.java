package dev.vectorstore.support;

import dev.vectorstore.VectorStoreException.Unavailable;
import java.util.concurrent.TimeUnit;

/** Waits between two looks at an engine. */
final class Sleeper {
  private Sleeper() {}

  /** Always true, so that it can stand in a condition; an interrupt is the port's error. */
  static boolean sleep(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Unavailable("the thread was interrupted while waiting", interrupted);
    }
  }
}
