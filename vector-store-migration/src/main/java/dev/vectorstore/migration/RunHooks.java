package dev.vectorstore.migration;

import dev.vectorstore.support.Ticker;
import java.util.function.BooleanSupplier;

/**
 * What a caller hears of a run, and how he ends it.
 *
 * @param progress hears how far it has come
 * @param stopWhen says that it shall end early
 */
record RunHooks(Progress progress, BooleanSupplier stopWhen) {
  /** A meter for one run. */
  ProgressMeter meter(String activity) {
    return new ProgressMeter(progress, activity, Ticker.SYSTEM);
  }

  StopSignal stopSignal() {
    return new StopSignal(stopWhen);
  }
}
