package dev.vectorstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private final AtomicLong nanos = new AtomicLong();
  private final StopSignal never = new StopSignal(() -> false);

  private void sleep(long millis) {
    nanos.addAndGet(millis * 1_000_000);
  }

  @Test
  void rowsAreSpreadOverTime() throws InterruptedException {
    RateLimit limit = new RateLimit(100, nanos::get, this::sleep);
    for (int page = 0; page < 10; page++) {
      limit.acquire(50, never);
    }
    // The last page waits for the nine before it: 450 rows at 100 a second.
    assertThat(nanos.get() / 1e9).isBetween(4.5, 4.6);
  }

  @Test
  void aStopIsHeardWithinASecond() throws InterruptedException {
    RateLimit limit = new RateLimit(1, nanos::get, this::sleep);
    limit.acquire(1000, never);
    limit.acquire(1, new StopSignal(() -> nanos.get() > 0));
    assertThat(nanos.get() / 1e9).isLessThanOrEqualTo(1);
  }

  @Test
  void withoutALimitNothingWaits() throws InterruptedException {
    RateLimit limit = new RateLimit(Double.POSITIVE_INFINITY, nanos::get, this::sleep);
    limit.acquire(1_000_000, never);
    limit.acquire(1, never);
    assertThat(nanos.get()).isZero();
  }
}
