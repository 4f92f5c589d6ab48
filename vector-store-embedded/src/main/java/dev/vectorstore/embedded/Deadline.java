package dev.vectorstore.embedded;

import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.support.Attempt;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import org.apache.lucene.store.AlreadyClosedException;

/**
 * Keeps an attempt within its time: long loops ask now and then, and end by an interrupt too. For
 * one thread.
 */
final class Deadline {
  private static final int STEPS = 512;

  private final Attempt attempt;
  private int steps;

  Deadline(Attempt attempt) {
    this.attempt = attempt;
  }

  /** A step of a read. */
  void step() {
    step(1);
  }

  /**
   * A long step of a read.
   *
   * @param weight how many steps it takes as long as
   */
  void step(int weight) {
    steps += weight;
    if (steps >= STEPS) {
      steps = 0;
      withinRead();
    }
  }

  private void withinRead() {
    if (Thread.currentThread().isInterrupted()) {
      throw new Unavailable("the thread was interrupted before the collection was read");
    }
    if (isOver()) {
      throw new Unavailable(
          "the deadline ran out before the collection was read; narrow the filter, search"
              + " approximately, or allow more time");
    }
  }

  /** Before a write of which nothing was written yet. */
  void beforeWrite() {
    if (isOver()) {
      throw new Unavailable("the deadline ran out before anything was written");
    }
  }

  /** Between the records of a write. */
  void withinWrite() {
    if (Thread.currentThread().isInterrupted()) {
      throw new OutcomeUnknown(
          "the thread was interrupted when part of the records was written; write them again");
    }
    if (isOver()) {
      throw new OutcomeUnknown(
          "the deadline ran out when part of the records was written; write them again");
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
          "another write held the collection until the deadline; nothing was written");
    }
  }

  /** Waits for what another thread does for a read. */
  void await(Future<?> task) throws IOException {
    try {
      task.get(attempt.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Unavailable("the thread was interrupted before it read", interrupted);
    } catch (TimeoutException late) {
      throw new Unavailable(
          "the deadline ran out before what was written could be read; allow more time, or write"
              + " less at once",
          late);
    } catch (ExecutionException failed) {
      throw failure(Objects.requireNonNullElse(failed.getCause(), failed));
    }
  }

  /** As if the task had failed in this thread. */
  private static IOException failure(Throwable cause) {
    if (cause instanceof AlreadyClosedException closed) {
      throw closed;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof IOException failure ? failure : new IOException(cause);
  }
}
