package dev.vectorstore.supabase.postgres;

import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.time.Duration;

/**
 * How many connections there are, and how long they stay.
 *
 * @param most how many are open at once
 * @param idle how long one stays open that nobody uses
 * @param lifetime how long one is used after it was opened
 */
public record PoolLimits(int most, Duration idle, Duration lifetime) {
  /** Less than what most servers, poolers and firewalls bear. */
  public static final PoolLimits USUAL =
      new PoolLimits(10, Duration.ofMinutes(10), Duration.ofMinutes(30));

  public PoolLimits {
    if (most < 1) {
      throw new InvalidRequest(
          "there must be a connection at least, and " + most + " were asked for");
    }
    requirePositive(idle, "the time that an idle connection stays open");
    requirePositive(lifetime, "the lifetime of a connection");
  }

  private static void requirePositive(Duration time, String what) {
    if (time.isZero() || time.isNegative()) {
      throw new InvalidRequest(what + " must be positive, and is " + time);
    }
  }

  public PoolLimits most(int connections) {
    return new PoolLimits(connections, idle, lifetime);
  }

  public PoolLimits idle(Duration time) {
    return new PoolLimits(most, time, lifetime);
  }

  public PoolLimits lifetime(Duration time) {
    return new PoolLimits(most, idle, time);
  }
}
