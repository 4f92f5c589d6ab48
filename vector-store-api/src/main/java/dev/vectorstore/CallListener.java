package dev.vectorstore;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hears of every call to an engine when it has ended: the seam for metrics and traces. Called on
 * the calling thread, from several threads at once; what it throws is logged and ignored.
 */
@FunctionalInterface
public interface CallListener {
  /**
   * A call has ended.
   *
   * @param call what was called and how it went
   */
  void onCall(Call call);

  /** A call that has ended. Immutable. */
  final class Call {
    private final String engine;
    private final String operation;
    private final @Nullable String collection;
    private final Duration duration;
    private final int attempts;
    private final @Nullable VectorStoreException failure;

    private Call(
        Name name, Duration duration, int attempts, @Nullable VectorStoreException failure) {
      this.engine = name.engine();
      this.operation = name.operation();
      this.collection = name.collection();
      this.duration = Objects.requireNonNull(duration, "duration");
      this.attempts = attempts;
      this.failure = failure;
    }

    /**
     * What is called.
     *
     * @param engine the engine's name, such as "qdrant"
     * @param operation the port's verb, such as "upsert"
     * @param collection the collection, or null for an operation of the store
     */
    public record Name(String engine, String operation, @Nullable String collection) {
      @Override
      public String toString() {
        return operation + (collection == null ? "" : " on " + collection) + " (" + engine + ")";
      }
    }

    /**
     * A call; made by engines.
     *
     * @param name what was called
     * @param duration from start to end, waits included
     * @param attempts how many attempts were made
     * @param failure why it failed, or null
     * @return the call
     */
    public static Call of(
        Name name, Duration duration, int attempts, @Nullable VectorStoreException failure) {
      return new Call(name, duration, attempts, failure);
    }

    /**
     * The engine.
     *
     * @return its name, such as "qdrant"
     */
    public String engine() {
      return engine;
    }

    /**
     * The operation.
     *
     * @return the port's verb, such as "upsert"
     */
    public String operation() {
      return operation;
    }

    /**
     * The collection.
     *
     * @return its name, or empty for an operation of the store
     */
    public Optional<String> collection() {
      return Optional.ofNullable(collection);
    }

    /**
     * How long it took, waits included.
     *
     * @return the time
     */
    public Duration duration() {
      return duration;
    }

    /**
     * How many attempts were made.
     *
     * @return 0 if the call was refused before anything was sent, else 1 or more
     */
    public int attempts() {
      return attempts;
    }

    /**
     * Why it failed.
     *
     * @return the error, or empty if it succeeded
     */
    public Optional<VectorStoreException> failure() {
      return Optional.ofNullable(failure);
    }

    @Override
    public String toString() {
      return "Call["
          + new Name(engine, operation, collection)
          + ", "
          + duration
          + ", attempts="
          + attempts
          + ", "
          + (failure == null ? "ok" : failure.getClass().getSimpleName())
          + "]";
    }
  }
}
