package dev.vectorstore.support;

import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStoreException.Throttled;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Says how long to wait before the next attempt. Where the engine asks for a wait, that one is
 * kept, to the letter. Else the wait is doubled with every attempt up to a bound, and spread by a
 * quarter so that clients don't come back together.
 */
final class Backoff {
  private static final double JITTER = 0.25;

  private final Duration first;
  private final Duration longest;
  private final DoubleSupplier random;

  /**
   * Waits of a policy.
   *
   * @param random numbers from 0 to 1
   */
  Backoff(RetryPolicy policy, Effect kind, DoubleSupplier random) {
    boolean read = kind == Effect.READ;
    first = read ? policy.readDelay() : policy.writeDelay();
    longest = read ? policy.readMaxDelay() : policy.writeMaxDelay();
    this.random = random;
  }

  Duration after(Throwable failure, int failedAttempts) {
    Optional<Duration> asked =
        failure instanceof Throttled throttled ? throttled.retryAfter() : AskedToWait.in(failure);
    return asked.orElseGet(() -> spread(failedAttempts));
  }

  private Duration spread(int failedAttempts) {
    // As doubles, which saturate where a shifted long would overflow.
    double doubled = (double) first.toNanos() * Math.pow(2, failedAttempts - 1);
    double bounded = Math.min(doubled, (double) longest.toNanos());
    return Duration.ofNanos((long) (bounded * (1 - JITTER + 2 * JITTER * random.getAsDouble())));
  }
}
