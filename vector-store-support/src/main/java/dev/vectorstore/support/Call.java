package dev.vectorstore.support;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.vectorstore.CallOptions;
import dev.vectorstore.CallStart;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of the port: a deadline over all its attempts, and the retries. Used by one thread.
 *
 * <p>A call may make several requests (pages of a scan, over-fetching, chunks of ids); each is
 * retried by itself and all share the deadline. It remembers what its writes left behind, so that
 * an error never says "nothing was written" of a call that wrote something.
 */
final class Call {
  private static final Logger LOG = LoggerFactory.getLogger(Call.class);

  private final CallStart name;
  private final CallOptions options;
  private final Backoff backoff;
  private final Ticker ticker;
  private final BooleanSupplier closed;
  private final long deadline;
  private final Tally tally;
  private int failures;
  private boolean written;
  private Duration wait = Duration.ZERO;
  private @Nullable VectorStoreException inDoubt;
  private @Nullable VectorStoreException last;

  Call(CallStart name, Effect effect, CallOptions options, BooleanSupplier closed, Tally tally) {
    this.name = name;
    this.options = options;
    this.closed = closed;
    this.tally = tally;
    ticker = tally.ticker();
    backoff = new Backoff(options.retry(), effect, () -> ThreadLocalRandom.current().nextDouble());
    Duration timeout = effect == Effect.READ ? options.readTimeout() : options.writeTimeout();
    deadline = ticker.nanos() + saturatedNanos(timeout);
  }

  /** The call returns these hits, records or names. */
  <C extends Collection<?>> C returned(C rows) {
    returned(rows.size());
    return rows;
  }

  /** The call returns so many hits, records or names. */
  void returned(long rows) {
    tally.returned(rows);
  }

  /** Runs one request, again and again as the policy says. */
  <T> T attempt(Function<Attempt, T> request) {
    failures = 0;
    inDoubt = null;
    last = null;
    try {
      return once(request);
    } catch (VectorStoreException failure) {
      return again(request, failure);
    }
  }

  /** What failed counts as the first attempt; Failsafe is made only where there is a second. */
  private <T> T again(Function<Attempt, T> request, VectorStoreException first) {
    Deque<VectorStoreException> failed = new ArrayDeque<>(List.of(first));
    try {
      return Failsafe.with(policy())
          .get(
              () -> {
                if (failed.isEmpty()) {
                  return once(request);
                }
                throw failed.remove();
              });
    } catch (FailsafeException interrupted) {
      // The wait between two attempts was interrupted; Failsafe restores the flag, and so do we.
      Thread.currentThread().interrupt();
      throw settle(
          new Unavailable("the thread was interrupted while waiting to try again", interrupted));
    } catch (VectorStoreException failure) {
      throw settle(failure);
    }
  }

  /** Begins something that the call doesn't depend on, within its time; it isn't an attempt. */
  <T> T aside(Function<Attempt, T> begin) {
    long end = ticker.nanos() + Math.min(saturatedNanos(options.attemptTimeout()), left());
    return begin.apply(() -> Duration.ofNanos(Math.max(1, end - ticker.nanos())));
  }

  /** As {@link #attempt}, for a request that writes. */
  <T> T write(Function<Attempt, T> request) {
    T answer = attempt(request);
    written = true;
    return answer;
  }

  /** As {@link #write}, for requests without an answer. */
  void run(Consumer<Attempt> request) {
    write(
        attempt -> {
          request.accept(attempt);
          return true;
        });
  }

  private <T> T once(Function<Attempt, T> request) {
    if (Thread.currentThread().isInterrupted()) {
      throw new Unavailable("the thread was interrupted before the request was sent");
    }
    long left = left();
    if (left <= 0) {
      throw last != null
          ? last
          : new Unavailable("the deadline ran out before the request was sent");
    }
    tally.request(failures > 0);
    long end = ticker.nanos() + Math.min(saturatedNanos(options.attemptTimeout()), left);
    try {
      return request.apply(() -> Duration.ofNanos(Math.max(1, end - ticker.nanos())));
    } catch (VectorStoreException failure) {
      last = failure;
      inDoubt = failure instanceof OutcomeUnknown ? failure : inDoubt;
      wait = backoff.after(failure, ++failures);
      throw failure;
    }
  }

  /**
   * What an earlier attempt left in doubt, or an earlier request of this call wrote, a later
   * refusal doesn't undo. Only writes throw OutcomeUnknown, so reads pass here as they are.
   */
  private VectorStoreException settle(VectorStoreException failure) {
    boolean says = failure instanceof OutcomeUnknown;
    if (says || (inDoubt == null && !written)) {
      return failure;
    }
    return new OutcomeUnknown(
        (inDoubt != null
                ? "an attempt was sent and its answer didn't come; the last one failed: "
                : "a first part is written; the next one failed: ")
            + failure.getMessage(),
        failure);
  }

  private dev.failsafe.RetryPolicy<Object> policy() {
    return dev.failsafe.RetryPolicy.builder()
        .handleIf(e -> e instanceof VectorStoreException failure && failure.isRetryable())
        .abortIf((result, e) -> giveUp())
        .withMaxAttempts(options.retry().attempts())
        .withDelayFn(context -> wait)
        .onRetryScheduled(
            event ->
                LOG.warn(
                    "{} failed at attempt {} and is tried again in {} ms: {}",
                    name,
                    event.getAttemptCount(),
                    event.getDelay().toMillis(),
                    event.getLastException().getMessage()))
        .build();
  }

  /** No wait while interrupted, after close, or one that outlasts the call. */
  private boolean giveUp() {
    return Thread.currentThread().isInterrupted()
        || closed.getAsBoolean()
        || left() <= wait.toNanos();
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
