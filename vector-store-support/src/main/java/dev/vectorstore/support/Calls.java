package dev.vectorstore.support;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.CallStart;
import dev.vectorstore.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Runs the calls of one store: tells the listener, and refuses after close. */
final class Calls {
  private static final Duration PING = Duration.ofSeconds(5);

  private final StoreEngine engine;
  private final CallOptions options;
  private final CallListener listener;
  private final AtomicBoolean closed;

  Calls(StoreEngine engine, CallOptions options, CallListener listener, AtomicBoolean closed) {
    this.engine = engine;
    this.options = options;
    this.listener = listener;
    this.closed = closed;
  }

  String engine() {
    return engine.name();
  }

  /** What a listener is told of a call of the store. */
  CallStart.Builder start(String operation) {
    return CallStart.builder(engine.name(), engine.server(), operation);
  }

  /** What a listener is told of a call on a collection. */
  CallStart.Builder start(String operation, String collection) {
    return start(operation).collection(collection);
  }

  /** These calls, but a read ends in this time at the latest. */
  Calls within(Duration time) {
    return time.compareTo(options.readTimeout()) < 0
        ? with(options.toBuilder().readTimeout(time).build())
        : this;
  }

  /** These calls, made once and answered soon or not at all. */
  Calls once() {
    Duration attempt = options.attemptTimeout();
    return with(options.toBuilder()
            .attemptTimeout(attempt.compareTo(PING) < 0 ? attempt : PING)
            .retry(RetryPolicy.none())
            .build())
        .within(PING);
  }

  Calls with(CallOptions other) {
    return new Calls(engine, other, listener, closed);
  }

  <T> T read(CallStart.Builder start, Function<Call, T> body) {
    return observed(start, call -> call.read(body));
  }

  <T> T write(CallStart.Builder start, Function<Call, T> body) {
    return observed(start, call -> call.write(body));
  }

  /** A call that isn't one read or write: it makes several, or waits in between. */
  <T> T observed(CallStart.Builder start, Function<Observed, T> body) {
    requireOpen();
    return Observed.call(start.build(), this, listener, body);
  }

  Call call(CallStart start, Effect kind, Tally tally) {
    requireOpen();
    return new Call(start, kind, options, closed::get, tally);
  }

  void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the " + engine.name() + " store is closed; open a new one");
    }
  }
}
