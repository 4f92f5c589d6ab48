package dev.vectorstore.supabase.postgres;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Looks after idle connections from time to time, as long as there are any. Its thread ends when
 * there are none. Safe for threads.
 */
final class IdleSweep implements AutoCloseable {
  private static final long RARELY = Duration.ofSeconds(30).toNanos();
  private static final long OFTEN = Duration.ofMillis(50).toNanos();

  private final long pause;
  private final BooleanSupplier sweep;
  private final AtomicBoolean awaited = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor thread;

  /**
   * A sweep.
   *
   * @param limits by which time connections are closed
   * @param sweep closes them, and says whether others are left
   */
  IdleSweep(PoolLimits limits, BooleanSupplier sweep) {
    Duration shorter =
        limits.idle().compareTo(limits.lifetime()) < 0 ? limits.idle() : limits.lifetime();
    this.sweep = sweep;
    pause =
        shorter.compareTo(Duration.ofNanos(2 * RARELY)) > 0
            ? RARELY
            : Math.max(OFTEN, shorter.toNanos() / 2);
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, "vector-store-sql-idle");
              made.setDaemon(true);
              return made;
            });
    thread.setKeepAliveTime(1, TimeUnit.SECONDS);
    thread.allowCoreThreadTimeOut(true);
  }

  /** There is an idle connection. */
  void await() {
    if (awaited.compareAndSet(false, true)) {
      try {
        ScheduledFuture<?> unused = thread.schedule(this::run, pause, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException closed) {
        awaited.set(false);
      }
    }
  }

  private void run() {
    awaited.set(false);
    if (sweep.getAsBoolean()) {
      await();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
