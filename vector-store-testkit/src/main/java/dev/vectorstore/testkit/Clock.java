package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/** How long a call takes. */
final class Clock {
  private Clock() {}

  /** Asserts that a call ends in time, with much room for a busy machine. */
  static void within(Duration limit, Runnable call) {
    assertThat(time(call)).as("time of a call that has a deadline").isLessThan(limit);
  }

  /** The time that a call takes. */
  static Duration time(Runnable call) {
    long start = System.nanoTime();
    call.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
