package dev.vectorstore;

import java.time.Duration;
import java.util.Objects;

/**
 * How often and how soon a failed call is tried again. Only retryable errors are ({@link
 * VectorStoreException#isRetryable()}); waits grow exponentially with jitter, and a Retry-After of
 * the engine is obeyed. Immutable.
 */
public final class RetryPolicy {
  private static final RetryPolicy DEFAULTS = builder().build();
  private static final RetryPolicy NONE = builder().attempts(1).build();

  private final int attempts;
  private final Duration writeDelay;
  private final Duration writeMaxDelay;
  private final Duration readDelay;
  private final Duration readMaxDelay;

  private RetryPolicy(Builder builder) {
    attempts = builder.attempts;
    writeDelay = builder.writeDelay;
    writeMaxDelay = builder.writeMaxDelay;
    readDelay = builder.readDelay;
    readMaxDelay = builder.readMaxDelay;
  }

  /**
   * Three attempts; writes wait 4 s to 10 s, reads 200 ms to 2 s.
   *
   * @return the defaults
   */
  public static RetryPolicy defaults() {
    return DEFAULTS;
  }

  /**
   * One attempt.
   *
   * @return the policy that never retries
   */
  public static RetryPolicy none() {
    return NONE;
  }

  /**
   * A builder that starts with the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The most attempts, the first included.
   *
   * @return 1 or more
   */
  public int attempts() {
    return attempts;
  }

  /**
   * The first wait of a write.
   *
   * @return the wait before jitter
   */
  public Duration writeDelay() {
    return writeDelay;
  }

  /**
   * The longest wait of a write.
   *
   * @return the wait before jitter
   */
  public Duration writeMaxDelay() {
    return writeMaxDelay;
  }

  /**
   * The first wait of a read.
   *
   * @return the wait before jitter
   */
  public Duration readDelay() {
    return readDelay;
  }

  /**
   * The longest wait of a read.
   *
   * @return the wait before jitter
   */
  public Duration readMaxDelay() {
    return readMaxDelay;
  }

  /**
   * A builder that starts with this policy.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    return builder()
        .attempts(attempts)
        .writeDelays(writeDelay, writeMaxDelay)
        .readDelays(readDelay, readMaxDelay);
  }

  @Override
  public String toString() {
    return "RetryPolicy[attempts="
        + attempts
        + ", writes "
        + writeDelay
        + " to "
        + writeMaxDelay
        + ", reads "
        + readDelay
        + " to "
        + readMaxDelay
        + "]";
  }

  /** Builds a {@link RetryPolicy}. Not safe for threads. */
  public static final class Builder {
    private int attempts = 3;
    private Duration writeDelay = Duration.ofSeconds(4);
    private Duration writeMaxDelay = Duration.ofSeconds(10);
    private Duration readDelay = Duration.ofMillis(200);
    private Duration readMaxDelay = Duration.ofSeconds(2);

    private Builder() {}

    /**
     * Sets the most attempts.
     *
     * @param attempts 1 to 100, the first included
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if it is out of range
     */
    public Builder attempts(int attempts) {
      if (attempts < 1 || attempts > 100) {
        throw new VectorStoreException.InvalidRequest(attempts + " attempts isn't in 1 to 100");
      }
      this.attempts = attempts;
      return this;
    }

    /**
     * Sets how long writes wait.
     *
     * @param first the first wait
     * @param longest the longest wait
     * @return this builder
     * @throws VectorStoreException.InvalidRequest unless 0 &lt; first &lt;= longest
     */
    public Builder writeDelays(Duration first, Duration longest) {
      requireOrdered(first, longest);
      writeDelay = first;
      writeMaxDelay = longest;
      return this;
    }

    /**
     * Sets how long reads wait.
     *
     * @param first the first wait
     * @param longest the longest wait
     * @return this builder
     * @throws VectorStoreException.InvalidRequest unless 0 &lt; first &lt;= longest
     */
    public Builder readDelays(Duration first, Duration longest) {
      requireOrdered(first, longest);
      readDelay = first;
      readMaxDelay = longest;
      return this;
    }

    /**
     * The policy.
     *
     * @return a new policy
     */
    public RetryPolicy build() {
      return new RetryPolicy(this);
    }

    private static void requireOrdered(Duration first, Duration longest) {
      Objects.requireNonNull(first, "first");
      if (first.isNegative() || first.isZero() || first.compareTo(longest) > 0) {
        throw new VectorStoreException.InvalidRequest(
            "waits of " + first + " to " + longest + " aren't positive and growing");
      }
    }
  }
}
