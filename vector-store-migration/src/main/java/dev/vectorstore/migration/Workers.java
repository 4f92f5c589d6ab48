package dev.vectorstore.migration;

import dev.vectorstore.VectorStoreException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A few named daemon threads that end with this object. Safe for threads. */
final class Workers implements AutoCloseable {
  private final ExecutorService executor;

  Workers(String name, int threads) {
    AtomicInteger number = new AtomicInteger();
    executor =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  <T> Future<T> submit(Callable<T> task) {
    return executor.submit(task);
  }

  /**
   * Waits for a result, also through interrupts: what is in flight ends by its own deadline, and
   * knowing how it ended is worth the wait. The interrupt flag is set again afterwards.
   *
   * @throws VectorStoreException as the task threw it
   */
  static <T> T settled(Future<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The error of a task as its own type; anything unexpected stays visible as what it is. */
  static VectorStoreException unwrapped(ExecutionException e) {
    if (e.getCause() instanceof VectorStoreException known) {
      return known;
    }
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    if (e.getCause() instanceof RuntimeException unexpected) {
      throw unexpected;
    }
    throw new IllegalStateException("a task failed: " + e.getCause(), e);
  }

  /** Waits for what was submitted. An attempt has a deadline of its own, so this ends. */
  @Override
  public void close() {
    executor.shutdown();
    boolean interrupted = Thread.interrupted();
    for (boolean ended = false; !ended; ) {
      try {
        ended = executor.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
