package dev.vectorstore.support;

import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.Unavailable;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the caller's supplier of a key, on threads of its own: a supplier that hangs holds up nobody
 * beyond the deadline, nor the end of the store. Where no supplier is set, no thread is asked. Safe
 * for threads if the supplier is.
 */
public final class KeySource implements AutoCloseable {
  /** A supplier that hangs for ever takes no more threads than these. */
  private static final int MOST = 64;

  /** For a supplier that heeds interrupts; one that doesn't is left behind. */
  private static final Duration FAREWELL = Duration.ofMillis(500);

  private final String what;
  private final Supplier<? extends @Nullable String> supplier;
  private final boolean given;
  private final Semaphore permits = new Semaphore(MOST);
  private final Set<FutureTask<?>> asked = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final ExecutorService executor = Executors.newCachedThreadPool(this::thread);

  /**
   * The key of an engine.
   *
   * @param what how errors call the key, such as "API key"
   * @param options where the key comes from
   * @param scheme the scheme of the engine's URLs
   */
  public KeySource(String what, StoreOptions options, String scheme) {
    this(what, () -> options.key(scheme).orElse(null), options.hasKeySupplier());
  }

  /**
   * The key of a supplier.
   *
   * @param what how errors call the key, such as "API key"
   * @param supplier asked each time
   */
  public KeySource(String what, Supplier<? extends @Nullable String> supplier) {
    this(what, supplier, true);
  }

  private KeySource(String what, Supplier<? extends @Nullable String> supplier, boolean given) {
    this.what = what;
    this.supplier = supplier;
    this.given = given;
  }

  private Thread thread(Runnable task) {
    threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
    Thread thread = new Thread(task, "vector-store-key");
    thread.setDaemon(true);
    threads.add(thread);
    return thread;
  }

  /**
   * Asks the supplier, and waits for its answer.
   *
   * @param attempt the deadline
   * @return the key as the supplier gave it, or null for none
   * @throws InvalidRequest if the supplier threw an exception, which is the cause; an {@link Error}
   *     is thrown as it is
   * @throws Unavailable if it didn't answer in time, or the thread was interrupted; nothing was
   *     sent
   */
  public @Nullable String ask(Attempt attempt) {
    if (!given) {
      return null;
    }
    Duration most = attempt.remaining();
    try {
      return answer(most);
    } catch (TimeoutException late) {
      throw late(most);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Unavailable(
          "the thread was interrupted while it waited for the supplier of the " + what,
          interrupted);
    } catch (ExecutionException thrown) {
      throw broken(thrown.getCause());
    } catch (CancellationException | RejectedExecutionException closed) {
      throw new Unavailable(
          "the store was closed while the supplier of the " + what + " was asked", closed);
    }
  }

  private @Nullable String answer(Duration most)
      throws InterruptedException, ExecutionException, TimeoutException {
    long end = Ticker.SYSTEM.nanos() + most.toNanos();
    if (!permits.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new TimeoutException();
    }
    FutureTask<@Nullable String> task = new Asking();
    asked.add(task);
    try {
      executor.execute(task);
      return task.get(Math.max(1, end - Ticker.SYSTEM.nanos()), TimeUnit.NANOSECONDS);
    } finally {
      asked.remove(task);
      task.cancel(true);
    }
  }

  private Unavailable late(Duration waited) {
    return new Unavailable(
        "the supplier of the "
            + what
            + " didn't answer within "
            + waited.toMillis()
            + " ms, so the request wasn't sent; let it answer sooner, from a cache for instance, or"
            + " give the call more time");
  }

  private VectorStoreException broken(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return new InvalidRequest(
        "the supplier of the " + what + " threw an exception; mend it", cause);
  }

  /** What is asked now is interrupted; what doesn't heed that is left behind. */
  @Override
  public void close() {
    executor.shutdownNow();
    asked.forEach(task -> task.cancel(true));
    long end = Ticker.SYSTEM.nanos() + FAREWELL.toNanos();
    try {
      for (Thread thread : threads) {
        TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, end - Ticker.SYSTEM.nanos()));
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }

  /** Holds its permit for as long as the supplier runs, also where nobody waits any more. */
  private final class Asking extends FutureTask<@Nullable String> {
    Asking() {
      super(supplier::get);
    }

    @Override
    public void run() {
      try {
        super.run();
      } finally {
        permits.release();
      }
    }
  }
}
