package dev.vectorstore.embedded;

import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.support.Attempt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/** Keeps an attempt within its time: long loops ask now and then. For one thread. */
final class Deadline {
  private static final int STEPS = 512;

  private final Attempt attempt;
  private int steps;

  Deadline(Attempt attempt) {
    this.attempt = attempt;
  }

  /** A step of a read. */
  void step() {
    if (++steps % STEPS == 0 && isOver()) {
      throw new Unavailable(
          "the deadline ran out before the collection was read; narrow the filter, search"
              + " approximately, or allow more time",
          null);
    }
  }

  /** Before a write of which nothing was written yet. */
  void beforeWrite() {
    if (isOver()) {
      throw new Unavailable("the deadline ran out before anything was written", null);
    }
  }

  /** Between the records of a write. */
  void withinWrite() {
    if (isOver()) {
      throw new OutcomeUnknown(
          "the deadline ran out when part of the records was written; write them again", null);
    }
  }

  private boolean isOver() {
    // An attempt never says that nothing is left, but one nanosecond at least.
    return attempt.remaining().toNanos() <= 1;
  }

  /** Waits for a lock; nothing was written when this fails. */
  void lock(Lock lock) {
    boolean locked;
    try {
      locked = lock.tryLock(attempt.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Unavailable("the thread was interrupted; nothing was written", interrupted);
    }
    if (!locked) {
      throw new Unavailable(
          "another write held the collection until the deadline; nothing was written", null);
    }
  }
}
