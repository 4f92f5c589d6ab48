package dev.vectorstore;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** How a call went. Immutable. */
public final class CallEnd {
  private final Duration duration;
  private final int attempts;
  private final int requests;
  private final @Nullable Long returnedRows;
  private final @Nullable Long writtenRecords;
  private final @Nullable Throwable failure;

  private CallEnd(Builder builder) {
    duration = builder.duration;
    attempts = builder.attempts;
    requests = builder.requests;
    returnedRows = builder.returnedRows;
    writtenRecords = builder.writtenRecords;
    failure = builder.failure;
  }

  /**
   * A builder for a call that sent nothing and returned nothing; used by engines.
   *
   * @param duration from start to end, waits included
   * @return a new builder
   */
  public static Builder builder(Duration duration) {
    return new Builder(duration);
  }

  /**
   * How long it took, waits between attempts included: {@code db.client.operation.duration}.
   *
   * @return the time
   */
  public Duration duration() {
    return duration;
  }

  /**
   * How often the call was tried: 1 + the number of retries.
   *
   * @return 0 if the call was refused before anything was sent, else 1 or more
   */
  public int attempts() {
    return attempts;
  }

  /**
   * How many requests were sent to the engine, retries included. A call needs several where it
   * reads the collection's description first, cuts its input, or asks again for what a filter left
   * out.
   *
   * @return 0 or more
   */
  public int requests() {
    return requests;
  }

  /**
   * How many hits, records or names were returned: {@code db.response.returned_rows}.
   *
   * @return the number, or empty if the call failed or its operation returns none
   */
  public OptionalLong returnedRows() {
    return returnedRows == null ? OptionalLong.empty() : OptionalLong.of(returnedRows);
  }

  /**
   * How many records an upsert or a batch of it wrote, as far as is known.
   *
   * @return the number of acknowledged records, or empty for another operation or if a failure left
   *     it unknown
   */
  public OptionalLong writtenRecords() {
    return writtenRecords == null ? OptionalLong.empty() : OptionalLong.of(writtenRecords);
  }

  /**
   * Why it failed: mostly a {@link VectorStoreException}, else what the caller's own stream or body
   * threw.
   *
   * @return the error, or empty if the call succeeded
   */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * The kind of failure, of which there are few: {@code error.type}.
   *
   * @return the simple name of the error's class, such as "Unavailable"; empty if the call
   *     succeeded
   */
  public Optional<String> errorType() {
    return failure().map(error -> error.getClass().getSimpleName());
  }

  @Override
  public String toString() {
    return "CallEnd["
        + errorType().orElse("ok")
        + ", "
        + duration
        + ", attempts="
        + attempts
        + ", requests="
        + requests
        + "]";
  }

  /** Builds a {@link CallEnd}. Not safe for threads. */
  public static final class Builder {
    private final Duration duration;
    private int attempts;
    private int requests;
    private @Nullable Long returnedRows;
    private @Nullable Long writtenRecords;
    private @Nullable Throwable failure;

    private Builder(Duration duration) {
      this.duration = Objects.requireNonNull(duration, "duration");
    }

    /**
     * Sets how often the call was tried and how many requests that took.
     *
     * @param attempts 0 if nothing was sent, else 1 + the number of retries
     * @param requests the number of requests
     * @return this builder
     */
    public Builder sent(int attempts, int requests) {
      this.attempts = attempts;
      this.requests = requests;
      return this;
    }

    /**
     * Sets how many hits, records or names were returned.
     *
     * @param rows the number
     * @return this builder
     */
    public Builder returnedRows(long rows) {
      returnedRows = rows;
      return this;
    }

    /**
     * Sets how many records were written.
     *
     * @param records the number
     * @return this builder
     */
    public Builder writtenRecords(long records) {
      writtenRecords = records;
      return this;
    }

    /**
     * Sets why the call failed.
     *
     * @param error the error
     * @return this builder
     */
    public Builder failure(Throwable error) {
      failure = Objects.requireNonNull(error, "error");
      return this;
    }

    /**
     * How the call went.
     *
     * @return a new end
     */
    public CallEnd build() {
      return new CallEnd(this);
    }
  }
}
