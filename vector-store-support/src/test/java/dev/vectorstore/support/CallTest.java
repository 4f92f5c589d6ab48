package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
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

  private final AtomicLong now = new AtomicLong();

  private Call call(Call.Kind kind, CallOptions options) {
    return new Call(
        new CallListener.Call.Name("list", "op", "pages"), kind, options, () -> false, now::get);
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
    Call call = call(Call.Kind.READ, options());

    assertThat(attempt(call, new Unavailable("one", null), new Throttled("two", null, null)))
        .isEqualTo("done");
    assertThat(call.attempts()).isEqualTo(3);
  }

  @Test
  void whatIsNotRetryableIsThrownAtOnce() {
    Call call = call(Call.Kind.WRITE, options());

    assertThatThrownBy(() -> attempt(call, new Conflict("no", null))).isInstanceOf(Conflict.class);
    assertThat(call.attempts()).isEqualTo(1);
  }

  @Test
  void attemptsEnd() {
    Unavailable failure = new Unavailable("down", null);
    Call call = call(Call.Kind.READ, options());

    assertThatThrownBy(() -> attempt(call, failure, failure, failure, failure)).isSameAs(failure);
    assertThat(call.attempts()).isEqualTo(3);
  }

  @Test
  void aWriteInDoubtStaysInDoubtWhenLaterAttemptsAreRefused() {
    OutcomeUnknown lost = new OutcomeUnknown("answer lost", null);
    Unavailable refused = new Unavailable("refused", null);

    assertThatThrownBy(() -> attempt(call(Call.Kind.WRITE, options()), lost, refused, refused))
        .isInstanceOf(OutcomeUnknown.class)
        .hasCause(refused);
    assertThatThrownBy(() -> attempt(call(Call.Kind.WRITE, options()), refused, refused, refused))
        .isSameAs(refused);
  }

  @Test
  void anInterruptKeepsTheFlagAndStopsRetries() {
    Call call = call(Call.Kind.WRITE, options());
    try {
      assertThatThrownBy(
              () ->
                  call.attempt(
                      a -> {
                        Thread.currentThread().interrupt();
                        throw new OutcomeUnknown("interrupted in flight", null);
                      }))
          .isInstanceOf(OutcomeUnknown.class);
      assertThat(call.attempts()).isEqualTo(1);
      assertThatThrownBy(() -> call.attempt(a -> "sent"))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("before the request was sent");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
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
    Call call = call(Call.Kind.READ, slow);

    assertThatThrownBy(() -> attempt(call, new Unavailable("down", null))).hasMessage("down");
    assertThat(call.attempts()).isEqualTo(1);
  }

  @Test
  void aRetryAfterBeyondTheDeadlineIsNotWaitedFor() {
    Call call = call(Call.Kind.READ, options());
    Throttled throttled = new Throttled("later", Duration.ofHours(1), null);

    assertThatThrownBy(() -> attempt(call, throttled)).isSameAs(throttled);
  }

  @Test
  void anAttemptHasWhatIsLeftOfTheCall() {
    Call call =
        call(
            Call.Kind.READ,
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
  void anyLaterRefusalLeavesTheDoubt() {
    OutcomeUnknown lost = new OutcomeUnknown("answer lost", null);
    Conflict refused = new Conflict("the key was revoked meanwhile", null);

    assertThatThrownBy(() -> attempt(call(Call.Kind.WRITE, options()), lost, refused))
        .isInstanceOf(OutcomeUnknown.class)
        .hasCause(refused);
  }

  @Test
  void aFailureBehindAWrittenPartSaysSo() {
    Call call = call(Call.Kind.WRITE, options());
    call.run(a -> {});
    Unavailable down = new Unavailable("down", null);

    assertThatThrownBy(() -> attempt(call, down, down, down))
        .isInstanceOf(OutcomeUnknown.class)
        .hasMessageContaining("a first part is written")
        .hasCause(down);
  }

  @Test
  void aRetryAfterIsKeptToTheLetter() {
    Backoff backoff = new Backoff(FAST, Call.Kind.READ, () -> 0);

    assertThat(backoff.after(new Throttled("later", Duration.ofSeconds(8), null), 1))
        .isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void waitsDoubleToTheirBoundAndSpreadByAQuarter() {
    RetryPolicy policy = RetryPolicy.defaults();
    Backoff low = new Backoff(policy, Call.Kind.WRITE, () -> 0);
    Backoff high = new Backoff(policy, Call.Kind.WRITE, () -> 1);
    Unavailable down = new Unavailable("down", null);

    assertThat(low.after(down, 1)).isEqualTo(Duration.ofSeconds(3));
    assertThat(high.after(down, 1)).isEqualTo(Duration.ofSeconds(5));
    assertThat(low.after(down, 2)).isEqualTo(Duration.ofSeconds(6));
    assertThat(high.after(down, 60)).isEqualTo(Duration.ofMillis(12_500));
    assertThat(new Backoff(policy, Call.Kind.READ, () -> 0.5).after(down, 2))
        .isEqualTo(Duration.ofMillis(400));
  }

  @Test
  void aClosedStoreWaitsForNothing() {
    Call call =
        new Call(
            new CallListener.Call.Name("list", "op", "pages"),
            Call.Kind.READ,
            options(),
            () -> true,
            now::get);

    assertThatThrownBy(() -> attempt(call, new Unavailable("down", null))).hasMessage("down");
    assertThat(call.attempts()).isEqualTo(1);
  }

  @Test
  void aShortDeadlineIsNoIllegalState() {
    CallOptions tight = CallOptions.builder().readTimeout(Duration.ofMillis(201)).build();
    Call call = call(Call.Kind.READ, tight);

    assertThatThrownBy(
            () ->
                attempt(
                    call,
                    new Unavailable("down", null),
                    new Unavailable("b", null),
                    new Unavailable("c", null)))
        .isInstanceOf(Unavailable.class);
  }
}
