package dev.vectorstore.support;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.VectorStoreException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the calls of one store: names errors, tells the listener, refuses after close. */
final class Calls {
  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

  private final String engine;
  private final CallOptions options;
  private final CallListener listener;
  private final AtomicBoolean closed;

  Calls(String engine, CallOptions options, CallListener listener, AtomicBoolean closed) {
    this.engine = engine;
    this.options = options;
    this.listener = listener;
    this.closed = closed;
  }

  String engine() {
    return engine;
  }

  /** These calls, but a read ends in this time at the latest. */
  Calls within(Duration time) {
    return time.compareTo(options.readTimeout()) < 0
        ? with(options.toBuilder().readTimeout(time).build())
        : this;
  }

  Calls with(CallOptions other) {
    return new Calls(engine, other, listener, closed);
  }

  <T> T read(String operation, @Nullable String collection, Function<Call, T> body) {
    return run(operation, collection, Call.Kind.READ, body);
  }

  <T> T write(String operation, @Nullable String collection, Function<Call, T> body) {
    return run(operation, collection, Call.Kind.WRITE, body);
  }

  private <T> T run(
      String operation, @Nullable String collection, Call.Kind kind, Function<Call, T> body) {
    requireOpen();
    CallListener.Call.Name name = new CallListener.Call.Name(engine, operation, collection);
    Call call = new Call(name, kind, options, closed::get);
    try {
      T result = body.apply(call);
      tell(name, call, null);
      return result;
    } catch (VectorStoreException failure) {
      VectorStoreException named = named(name, failure);
      tell(name, call, named);
      throw named;
    }
  }

  /** Names the errors of something that makes calls of its own. */
  <T> T named(String operation, String collection, Supplier<T> body) {
    try {
      return body.get();
    } catch (VectorStoreException failure) {
      throw named(new CallListener.Call.Name(engine, operation, collection), failure);
    }
  }

  private static VectorStoreException named(
      CallListener.Call.Name name, VectorStoreException failure) {
    return failure.withMessage(name + ": " + failure.getMessage());
  }

  void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the " + engine + " store is closed; open a new one");
    }
  }

  private void tell(
      CallListener.Call.Name name, Call call, @Nullable VectorStoreException failure) {
    try {
      listener.onCall(CallListener.Call.of(name, call.elapsed(), call.attempts(), failure));
    } catch (RuntimeException fault) {
      LOG.warn("a call listener threw an exception at the end of {}", name, fault);
    }
  }
}
