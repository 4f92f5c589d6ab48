package dev.vectorstore.support;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallStart;
import dev.vectorstore.VectorStoreException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listener of one call, or of one batch of a call: once at its start and once at its end,
 * on the thread that runs it. What is done meanwhile is made of {@link Call}s, each with a deadline
 * of its own.
 */
final class Observed {
  private static final Logger LOG = LoggerFactory.getLogger(Observed.class);

  private final CallStart start;
  private final Calls calls;
  private final CallListener.Observer observer;
  private final Tally tally;

  private Observed(CallStart start, Calls calls, CallListener.Observer observer, Tally tally) {
    this.start = start;
    this.calls = calls;
    this.observer = observer;
    this.tally = tally;
  }

  /** Runs a call of the port. */
  static <T> T call(
      CallStart start, Calls calls, CallListener listener, Function<Observed, T> body) {
    CallListener.Observer observer = told(start, () -> listener.started(start));
    return new Observed(start, calls, observer, new Tally(Ticker.SYSTEM)).run(body);
  }

  /** Runs a batch of this call, on any thread. */
  <T> T batch(CallStart batch, Function<Observed, T> body) {
    CallListener.Observer heard = told(batch, () -> observer.batchStarted(batch));
    Observed part = new Observed(batch, calls, heard, new Tally(Ticker.SYSTEM));
    try {
      return part.run(body);
    } finally {
      tally.add(part.tally);
    }
  }

  private <T> T run(Function<Observed, T> body) {
    Throwable failure = null;
    try {
      return body.apply(this);
    } catch (Throwable thrown) {
      // Whatever it is: a caller's stream or body can throw checked ones in disguise.
      failure = thrown;
      throw thrown;
    } finally {
      end(failure);
    }
  }

  /** This call, but a read of it ends in this time at the latest. */
  Observed within(Duration time) {
    return new Observed(start, calls.within(time), observer, tally);
  }

  <T> T read(Function<Call, T> body) {
    return run(Effect.READ, body);
  }

  <T> T write(Function<Call, T> body) {
    return run(Effect.WRITE, body);
  }

  private <T> T run(Effect kind, Function<Call, T> body) {
    return named(() -> body.apply(calls.call(start, kind, tally)));
  }

  /** Names the errors of a body. */
  <T> T named(Supplier<T> body) {
    try {
      return body.get();
    } catch (VectorStoreException failure) {
      throw failure.withMessage(start + ": " + failure.getMessage());
    }
  }

  /** The call wrote so many records. */
  void written(long records) {
    tally.written(records);
  }

  private void end(@Nullable Throwable failure) {
    try {
      observer.ended(tally.end(failure));
    } catch (Throwable fault) {
      // Errors as well: a tracing library that isn't there must not make a written call a failed
      // one.
      LOG.warn("a call listener threw an exception at the end of {}", start, fault);
    }
  }

  private static CallListener.Observer told(
      CallStart start, Supplier<CallListener.Observer> listener) {
    try {
      return listener.get();
    } catch (Throwable fault) {
      LOG.warn("a call listener threw an exception at the start of {}", start, fault);
      return end -> {};
    }
  }
}
