package dev.vectorstore.support;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicyBuilder;
import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Throttled;
import dev.vectorstore.VectorStoreException.Unavailable;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of the port: a deadline over all its attempts, and the retries. Used by one thread.
 *
 * <p>A call may make several requests (pages of a scan, over-fetching); each is retried by itself
 * and all share the deadline.
 */
final class Call {
  private static final Logger LOG = LoggerFactory.getLogger(Call.class);
  private static final double JITTER = 0.25;

  /** Whether a lost answer leaves something in doubt. */
  enum Kind {
    READ,
    WRITE
  }

  private final CallListener.Call.Name name;
  private final Kind kind;
  private final CallOptions options;
  private final Ticker ticker;
  private final long started;
  private final long deadline;
  private int attempts;
  private @Nullable VectorStoreException inDoubt;
  private @Nullable VectorStoreException last;

  Call(CallListener.Call.Name name, Kind kind, CallOptions options, Ticker ticker) {
    this.name = name;
    this.kind = kind;
    this.options = options;
    this.ticker = ticker;
    started = ticker.nanos();
    Duration timeout = kind == Kind.READ ? options.readTimeout() : options.writeTimeout();
    deadline = started + saturatedNanos(timeout);
  }

  int attempts() {
    return attempts;
  }

  Duration elapsed() {
    return Duration.ofNanos(ticker.nanos() - started);
  }

  /** Runs one request, again and again as the policy says. */
  <T> T attempt(Function<Attempt, T> request) {
    inDoubt = null;
    last = null;
    Duration firstWait =
        kind == Kind.READ ? options.retry().readDelay() : options.retry().writeDelay();
    // Where the first wait would outlast the call, there is nothing to wait for.
    if (options.retry().attempts() == 1 || left() <= firstWait.toNanos()) {
      return once(request);
    }
    try {
      return Failsafe.with(policy()).get(() -> once(request));
    } catch (FailsafeException interrupted) {
      // The wait between two attempts was interrupted; Failsafe restores the flag, and so do we.
      Thread.currentThread().interrupt();
      throw interruptedWait(interrupted);
    } catch (Unavailable | Throttled last) {
      throw settle(last);
    }
  }

  /** As {@link #attempt}, for requests without an answer. */
  void run(Consumer<Attempt> request) {
    attempt(
        a -> {
          request.accept(a);
          return true;
        });
  }

  private <T> T once(Function<Attempt, T> request) {
    if (Thread.currentThread().isInterrupted()) {
      throw new Unavailable("the thread was interrupted before the request was sent", null);
    }
    if (left() <= 0) {
      throw last != null
          ? last
          : new Unavailable("the deadline ran out before the request was sent", null);
    }
    long left = Math.min(saturatedNanos(options.attemptTimeout()), left());
    attempts++;
    long attemptDeadline = ticker.nanos() + left;
    try {
      return request.apply(() -> Duration.ofNanos(Math.max(1, attemptDeadline - ticker.nanos())));
    } catch (VectorStoreException failure) {
      last = failure;
      inDoubt = failure instanceof OutcomeUnknown ? failure : inDoubt;
      throw failure;
    }
  }

  /** What an earlier attempt left in doubt, a later refusal doesn't settle. */
  private VectorStoreException settle(VectorStoreException last) {
    if (kind == Kind.READ || inDoubt == null) {
      return last;
    }
    return new OutcomeUnknown(
        "an attempt was sent and its answer didn't come; the last one failed: " + last.getMessage(),
        last);
  }

  private VectorStoreException interruptedWait(FailsafeException interrupted) {
    if (inDoubt != null) {
      return inDoubt;
    }
    return new Unavailable(
        "the thread was interrupted while waiting to try again; nothing was written", interrupted);
  }

  private dev.failsafe.RetryPolicy<Object> policy() {
    boolean read = kind == Kind.READ;
    Duration first = read ? options.retry().readDelay() : options.retry().writeDelay();
    Duration longest = read ? options.retry().readMaxDelay() : options.retry().writeMaxDelay();
    RetryPolicyBuilder<Object> policy =
        dev.failsafe.RetryPolicy.builder()
            .handleIf(e -> e instanceof VectorStoreException failure && failure.isRetryable())
            .abortIf((result, e) -> giveUp(e))
            .withMaxAttempts(options.retry().attempts())
            .withMaxDuration(Duration.ofNanos(left()))
            .withDelayFnOn(
                context -> retryAfter(context.getLastException(), first), Throttled.class)
            .onRetryScheduled(
                event ->
                    LOG.warn(
                        "{} failed at attempt {} and is tried again in {} ms: {}",
                        name,
                        event.getAttemptCount(),
                        event.getDelay().toMillis(),
                        event.getLastException().getMessage()));
    return (first.compareTo(longest) < 0
            ? policy.withBackoff(first, longest)
            : policy.withDelay(first))
        .withJitter(JITTER)
        .build();
  }

  private static Duration retryAfter(@Nullable Throwable failure, Duration otherwise) {
    return failure instanceof Throttled throttled
        ? throttled.retryAfter().orElse(otherwise)
        : otherwise;
  }

  /** No wait while interrupted, nor one that outlasts the call. */
  private boolean giveUp(@Nullable Throwable failure) {
    return Thread.currentThread().isInterrupted()
        || left() <= retryAfter(failure, Duration.ZERO).toNanos();
  }

  private long left() {
    return deadline - ticker.nanos();
  }

  private static long saturatedNanos(Duration duration) {
    // Half of the range, so that adding it to the ticker can't overflow.
    return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE / 2)) > 0
        ? Long.MAX_VALUE / 2
        : duration.toNanos();
  }
}
