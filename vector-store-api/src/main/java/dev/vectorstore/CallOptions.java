package dev.vectorstore;

import java.time.Duration;
import java.util.Objects;

/** The deadlines and retries of calls. Every attempt and every call has a deadline. Immutable. */
public final class CallOptions {
  private static final CallOptions DEFAULTS = builder().build();

  private final Duration attemptTimeout;
  private final Duration readTimeout;
  private final Duration writeTimeout;
  private final RetryPolicy retry;

  private CallOptions(Builder builder) {
    attemptTimeout = builder.attemptTimeout;
    readTimeout = builder.readTimeout;
    writeTimeout = builder.writeTimeout;
    retry = builder.retry;
  }

  /**
   * 30 s an attempt, 60 s a read call, 120 s a write call, {@link RetryPolicy#defaults()}.
   *
   * @return the defaults
   */
  public static CallOptions defaults() {
    return DEFAULTS;
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
   * A builder that starts with these options.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    return builder()
        .attemptTimeout(attemptTimeout)
        .readTimeout(readTimeout)
        .writeTimeout(writeTimeout)
        .retry(retry);
  }

  /**
   * The deadline of one attempt, its response body included.
   *
   * @return the time
   */
  public Duration attemptTimeout() {
    return attemptTimeout;
  }

  /**
   * The deadline of a read, its retries and waits included.
   *
   * @return the time
   */
  public Duration readTimeout() {
    return readTimeout;
  }

  /**
   * The deadline of a write, its retries and waits included.
   *
   * @return the time
   */
  public Duration writeTimeout() {
    return writeTimeout;
  }

  /**
   * How failed attempts are tried again.
   *
   * @return the policy
   */
  public RetryPolicy retry() {
    return retry;
  }

  @Override
  public String toString() {
    return "CallOptions[attempt "
        + attemptTimeout
        + ", read "
        + readTimeout
        + ", write "
        + writeTimeout
        + ", "
        + retry
        + "]";
  }

  /** Builds {@link CallOptions}. Not safe for threads. */
  public static final class Builder {
    private Duration attemptTimeout = Duration.ofSeconds(30);
    private Duration readTimeout = Duration.ofSeconds(60);
    private Duration writeTimeout = Duration.ofMinutes(2);
    private RetryPolicy retry = RetryPolicy.defaults();

    private Builder() {}

    /**
     * Sets the deadline of one attempt.
     *
     * @param timeout a positive time
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if it isn't positive
     */
    public Builder attemptTimeout(Duration timeout) {
      attemptTimeout = requirePositive(timeout);
      return this;
    }

    /**
     * Sets the deadline of a read call.
     *
     * @param timeout a positive time
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if it isn't positive
     */
    public Builder readTimeout(Duration timeout) {
      readTimeout = requirePositive(timeout);
      return this;
    }

    /**
     * Sets the deadline of a write call.
     *
     * @param timeout a positive time
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if it isn't positive
     */
    public Builder writeTimeout(Duration timeout) {
      writeTimeout = requirePositive(timeout);
      return this;
    }

    /**
     * Sets how failed attempts are tried again.
     *
     * @param policy the policy
     * @return this builder
     */
    public Builder retry(RetryPolicy policy) {
      retry = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * The options.
     *
     * @return new options
     */
    public CallOptions build() {
      return new CallOptions(this);
    }

    private static Duration requirePositive(Duration timeout) {
      if (Objects.requireNonNull(timeout, "timeout").isNegative() || timeout.isZero()) {
        throw new VectorStoreException.InvalidRequest(
            "a timeout of " + timeout + " isn't positive");
      }
      return timeout;
    }
  }
}
