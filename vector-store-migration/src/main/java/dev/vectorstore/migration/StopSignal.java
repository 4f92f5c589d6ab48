package dev.vectorstore.migration;

import java.util.function.BooleanSupplier;

/** Whether the work shall end early: somebody asked, or the thread was interrupted. */
final class StopSignal {
  private final BooleanSupplier asked;

  StopSignal(BooleanSupplier asked) {
    this.asked = asked;
  }

  /** True from the moment of the request on; the thread's interrupt flag stays set. */
  boolean requested() {
    return Thread.currentThread().isInterrupted() || asked.getAsBoolean();
  }
}
