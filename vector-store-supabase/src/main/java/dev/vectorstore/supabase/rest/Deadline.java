package dev.vectorstore.supabase.rest;

import dev.vectorstore.support.Attempt;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how long a thread waits for what a client brings: to the end of the attempt, or to the end
 * of the client's own threads.
 *
 * @param attempt the time
 * @param client what is waited for
 */
record Deadline(Attempt attempt, LiveClient client) {
  /** After how long a thread that waits looks whether the client still works. */
  private static final long GLANCE = TimeUnit.SECONDS.toNanos(1);

  /**
   * Waits.
   *
   * @return what came, or null if the time is over
   * @throws IOException if the client works no more
   */
  <T> @Nullable T await(Source<T> source) throws IOException, InterruptedException {
    while (true) {
      long left = attempt.remaining().toNanos();
      T came = source.poll(Math.min(left, GLANCE));
      if (came != null || left <= GLANCE) {
        return came;
      }
      requireWorking();
    }
  }

  private void requireWorking() throws IOException {
    if (!client.works()) {
      Error known = client.failure();
      if (known != null) {
        throw known;
      }
      throw new IOException("the HTTP client's threads ended, as they do without memory");
    }
  }

  /** Where something comes from. */
  @FunctionalInterface
  interface Source<T> {
    /** What came within the time, or null. */
    @Nullable T poll(long nanos) throws InterruptedException;
  }
}
