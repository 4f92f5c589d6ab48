package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CallStart;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Throttled;
import dev.vectorstore.VectorStoreException.Unavailable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CallTest {
  private static final RetryPolicy FAST =
      RetryPolicy.builder()
          .attempts(3)
          .readDelays(Duration.ofMillis(1), Duration.ofMillis(2))
          .writeDelays(Duration.ofMillis(1), Duration.ofMillis(2))
          .build();

  private static final CallStart NAME =
      CallStart.builder("list", CallStart.Server.of("list"), "op").collection("pages").build();

  private final AtomicLong now = new AtomicLong();
  private final Tally tally = new Tally(now::get);

  private Call call(Effect kind, CallOptions options) {
    return new Call(NAME, kind, options, () -> false, tally);
  }

  private static CallOptions options() {
    return CallOptions.builder().retry(FAST).build();
  }

  /** Fails with these in turn, then succeeds. */
  private static String attempt(Call call, VectorStoreException... failures) {
    Deque<VectorStoreException> left = new ArrayDeque<>(Arrays.asList(failures));
    return call.attempt(
        a -> {
          if (left.isEmpty()) {
            return "done";
          }
          throw left.remove();
        });
  }

  @Test
  void whatIsRetryableIsTriedAgain() {
    Call call = call(Effect.READ, options());

    assertThat(attempt(call, new Unavailable("one"), new Throttled("two"))).isEqualTo("done");
    assertThat(tally.attempts()).isEqualTo(3);
  }

  @Test
  void whatIsNotRetryableIsThrownAtOnce() {
    Call call = call(Effect.WRITE, options());

    assertThatThrownBy(() -> attempt(call, new Conflict("no"))).isInstanceOf(Conflict.class);
    assertThat(tally.attempts()).isEqualTo(1);
  }

  @Test
  void attemptsEnd() {
    Unavailable failure = new Unavailable("down");
    Call call = call(Effect.READ, options());

    assertThatThrownBy(() -> attempt(call, failure, failure, failure, failure)).isSameAs(failure);
    assertThat(tally.attempts()).isEqualTo(3);
  }

  @Test
  void aWriteInDoubtStaysInDoubtWhenLaterAttemptsAreRefused() {
    OutcomeUnknown lost = new OutcomeUnknown("answer lost");
    Unavailable refused = new Unavailable("refused");

    assertThatThrownBy(() -> attempt(call(Effect.WRITE, options()), lost, refused, refused))
        .isInstanceOf(OutcomeUnknown.class)
        .hasCause(refused);
    assertThatThrownBy(() -> attempt(call(Effect.WRITE, options()), refused, refused, refused))
        .isSameAs(refused);
  }

  @Test
  void anInterruptKeepsTheFlagAndStopsRetries() {
    Call call = call(Effect.WRITE, options());
    try {
      assertThatThrownBy(
              () ->
                  call.attempt(
                      a -> {
                        Thread.currentThread().interrupt();
                        throw new OutcomeUnknown("interrupted in flight");
                      }))
          .isInstanceOf(OutcomeUnknown.class);
      assertThat(tally.attempts()).isEqualTo(1);
      assertThatThrownBy(() -> call.attempt(a -> "sent"))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("before the request was sent");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void anInterruptDuringTheWaitEndsItAndKeepsTheFlag() throws InterruptedException {
    CallOptions patient =
        CallOptions.builder()
            .readTimeout(Duration.ofHours(3))
            .retry(
                RetryPolicy.builder().readDelays(Duration.ofHours(1), Duration.ofHours(1)).build())
            .build();
    Thread caller = Thread.currentThread();
    Thread interrupting =
        new Thread(
            () -> {
              while (caller.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
              }
              caller.interrupt();
            });
    interrupting.start();
    try {
      assertThatThrownBy(() -> attempt(call(Effect.READ, patient), new Unavailable("down")))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("interrupted while waiting");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
      interrupting.join();
    }
  }

  @Test
  void noRetryOutlastsTheDeadline() {
    CallOptions slow =
        CallOptions.builder()
            .readTimeout(Duration.ofSeconds(5))
            .retry(
                RetryPolicy.builder()
                    .readDelays(Duration.ofSeconds(10), Duration.ofSeconds(20))
                    .build())
            .build();
    Call call = call(Effect.READ, slow);

    assertThatThrownBy(() -> attempt(call, new Unavailable("down"))).hasMessage("down");
    assertThat(tally.attempts()).isEqualTo(1);
  }

  @Test
  void aRetryAfterBeyondTheDeadlineIsNotWaitedFor() {
    Call call = call(Effect.READ, options());
    Throttled throttled = new Throttled("later", Duration.ofHours(1), null);

    assertThatThrownBy(() -> attempt(call, throttled)).isSameAs(throttled);
  }

  @Test
  void anAttemptHasWhatIsLeftOfTheCall() {
    Call call =
        call(
            Effect.READ,
            options().toBuilder()
                .attemptTimeout(Duration.ofSeconds(30))
                .readTimeout(Duration.ofSeconds(40))
                .build());

    assertThat(call.attempt(Attempt::remaining)).isEqualTo(Duration.ofSeconds(30));
    now.addAndGet(Duration.ofSeconds(35).toNanos());
    assertThat(call.attempt(Attempt::remaining)).isEqualTo(Duration.ofSeconds(5));
    now.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThatThrownBy(() -> call.attempt(Attempt::remaining))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("deadline");
  }

  @Test
  void readsAndWritesHaveATimeEach() {
    CallOptions options =
        options().toBuilder()
            .attemptTimeout(Duration.ofMinutes(3))
            .readTimeout(Duration.ofMinutes(1))
            .writeTimeout(Duration.ofMinutes(2))
            .build();

    assertThat(call(Effect.READ, options).attempt(Attempt::remaining))
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(call(Effect.WRITE, options).attempt(Attempt::remaining))
        .isEqualTo(Duration.ofMinutes(2));
  }

  /** With a spread of a quarter, the fifth wait is the first that can't be within the time. */
  @Test
  void theWaitsOfACallDoubleUntilOneOutlastsIt() {
    CallOptions options =
        CallOptions.builder()
            .readTimeout(Duration.ofNanos(9_000_000))
            .retry(
                RetryPolicy.builder()
                    .attempts(10)
                    .readDelays(Duration.ofNanos(800_000), Duration.ofSeconds(1))
                    .build())
            .build();
    Unavailable[] down = new Unavailable[10];
    Arrays.fill(down, new Unavailable("down"));
    Call call = call(Effect.READ, options);

    assertThatThrownBy(() -> attempt(call, down)).isSameAs(down[0]);
    assertThat(tally.attempts()).isEqualTo(5);
  }

  @Test
  void anyLaterRefusalLeavesTheDoubt() {
    OutcomeUnknown lost = new OutcomeUnknown("answer lost");
    Conflict refused = new Conflict("the key was revoked meanwhile");

    assertThatThrownBy(() -> attempt(call(Effect.WRITE, options()), lost, refused))
        .isInstanceOf(OutcomeUnknown.class)
        .hasCause(refused);
  }

  @Test
  void aFailureBehindAWrittenPartSaysSo() {
    Call call = call(Effect.WRITE, options());
    call.run(a -> {});
    Unavailable down = new Unavailable("down");

    assertThatThrownBy(() -> attempt(call, down, down, down))
        .isInstanceOf(OutcomeUnknown.class)
        .hasMessageContaining("a first part is written")
        .hasCause(down);
  }

  @Test
  void aRetryAfterIsKeptToTheLetter() {
    Backoff backoff = new Backoff(FAST, Effect.READ, () -> 0);

    assertThat(backoff.after(new Throttled("later", Duration.ofSeconds(8), null), 1))
        .isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void waitsDoubleToTheirBoundAndSpreadByAQuarter() {
    RetryPolicy policy = RetryPolicy.defaults();
    Backoff low = new Backoff(policy, Effect.WRITE, () -> 0);
    Backoff high = new Backoff(policy, Effect.WRITE, () -> 1);
    Unavailable down = new Unavailable("down");

    assertThat(low.after(down, 1)).isEqualTo(Duration.ofSeconds(3));
    assertThat(high.after(down, 1)).isEqualTo(Duration.ofSeconds(5));
    assertThat(low.after(down, 2)).isEqualTo(Duration.ofSeconds(6));
    assertThat(high.after(down, 60)).isEqualTo(Duration.ofMillis(12_500));
    assertThat(new Backoff(policy, Effect.READ, () -> 0.5).after(down, 2))
        .isEqualTo(Duration.ofMillis(400));
  }

  @Test
  void aClosedStoreWaitsForNothing() {
    Call call = new Call(NAME, Effect.READ, options(), () -> true, tally);

    assertThatThrownBy(() -> attempt(call, new Unavailable("down"))).hasMessage("down");
    assertThat(tally.attempts()).isEqualTo(1);
  }

  @Test
  void aShortDeadlineIsNoIllegalState() {
    CallOptions tight = CallOptions.builder().readTimeout(Duration.ofMillis(201)).build();
    Call call = call(Effect.READ, tight);

    assertThatThrownBy(
            () ->
                attempt(call, new Unavailable("down"), new Unavailable("b"), new Unavailable("c")))
        .isInstanceOf(Unavailable.class);
  }
}
