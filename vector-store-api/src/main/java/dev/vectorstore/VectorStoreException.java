package dev.vectorstore;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why an operation failed. The type says whose fault it was, whether a write may have happened, and
 * whether trying again can help; the message names operation, collection and engine, and never a
 * key, a vector or a payload. Control characters in it, as a name may have, are escaped.
 *
 * <table>
 * <caption>What the types mean</caption>
 * <tr><th>type</th><th>written?</th><th>retry?</th></tr>
 * <tr><td>InvalidRequest, NotFound, Conflict, AccessDenied, UnsupportedFeature</td><td>no</td>
 *     <td>no</td></tr>
 * <tr><td>MalformedResponse</td><td>unknown</td><td>no</td></tr>
 * <tr><td>Throttled, Unavailable</td><td>no</td><td>yes</td></tr>
 * <tr><td>OutcomeUnknown</td><td>unknown</td><td>yes: writes are idempotent</td></tr>
 * <tr><td>PartialWrite</td><td>in part, see its report</td><td>what wasn't written</td></tr>
 * </table>
 */
public abstract sealed class VectorStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private VectorStoreException(String message, @Nullable Throwable cause) {
    super(Text.withoutControls(message, c -> false), cause);
  }

  /**
   * What happened, to what, and what to do next.
   *
   * @return the message; never null
   */
  @Override
  public final String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /**
   * Whether the same call can succeed later without a change.
   *
   * @return true for Throttled, Unavailable and OutcomeUnknown
   */
  public final boolean isRetryable() {
    return this instanceof Throttled
        || this instanceof Unavailable
        || this instanceof OutcomeUnknown;
  }

  /**
   * The same error with another message; engines use it to name the operation.
   *
   * @param message the new message
   * @return an error of the same type, with this error's cause and stack trace
   */
  public final VectorStoreException withMessage(String message) {
    VectorStoreException renamed = copy(message);
    renamed.setStackTrace(getStackTrace());
    for (Throwable suppressed : getSuppressed()) {
      renamed.addSuppressed(suppressed);
    }
    return renamed;
  }

  abstract VectorStoreException copy(String message);

  /** The request can't be carried out by any engine; nothing was sent. */
  public static final class InvalidRequest extends VectorStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error of this type.
     *
     * @param message what is wrong with the request and what to do
     */
    public InvalidRequest(String message) {
      this(message, null);
    }

    /**
     * An error of this type.
     *
     * @param message what is wrong with the request and what to do
     * @param cause the engine's error, if it was the engine that refused
     */
    public InvalidRequest(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    VectorStoreException copy(String message) {
      return new InvalidRequest(message, getCause());
    }
  }

  /** The collection isn't there. */
  public static final class NotFound extends VectorStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error of this type.
     *
     * @param message what wasn't found and what to do
     */
    public NotFound(String message) {
      this(message, null);
    }

    /**
     * An error of this type.
     *
     * @param message what wasn't found and what to do
     * @param cause the engine's error, if any
     */
    public NotFound(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    VectorStoreException copy(String message) {
      return new NotFound(message, getCause());
    }
  }

  /** What is there contradicts the request: another dimension, an alias, a colliding id. */
  public static final class Conflict extends VectorStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error of this type.
     *
     * @param message what contradicts what, and what to do
     */
    public Conflict(String message) {
      this(message, null);
    }

    /**
     * An error of this type.
     *
     * @param message what contradicts what, and what to do
     * @param cause the engine's error, if any
     */
    public Conflict(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    VectorStoreException copy(String message) {
      return new Conflict(message, getCause());
    }
  }

  /** The key is missing, wrong, expired or not allowed to do this. */
  public static final class AccessDenied extends VectorStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error of this type.
     *
     * @param message what was denied and where the key comes from
     */
    public AccessDenied(String message) {
      this(message, null);
    }

    /**
     * An error of this type.
     *
     * @param message what was denied and where the key comes from
     * @param cause the engine's error, if any
     */
    public AccessDenied(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    VectorStoreException copy(String message) {
      return new AccessDenied(message, getCause());
    }
  }

  /** The engine or the collection lacks a {@link Capability}; nothing was sent. */
  public static final class UnsupportedFeature extends VectorStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error of this type.
     *
     * @param message what isn't supported and what to do instead
     */
    public UnsupportedFeature(String message) {
      super(message, null);
    }

    @Override
    VectorStoreException copy(String message) {
      return new UnsupportedFeature(message);
    }
  }

  /** The engine answered something that isn't its protocol: another server, or data damaged. */
  public static final class MalformedResponse extends VectorStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error of this type.
     *
     * @param message what was expected and what came
     */
    public MalformedResponse(String message) {
      this(message, null);
    }

    /**
     * An error of this type.
     *
     * @param message what was expected and what came
     * @param cause the parser's error, if any
     */
    public MalformedResponse(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    VectorStoreException copy(String message) {
      return new MalformedResponse(message, getCause());
    }
  }

  /** The engine asks to come back later; nothing was done. */
  public static final class Throttled extends VectorStoreException {
    private static final long serialVersionUID = 1L;
    private final @Nullable Duration retryAfter;

    /**
     * An error of this type, without a time to wait.
     *
     * @param message what was refused
     */
    public Throttled(String message) {
      this(message, null, null);
    }

    /**
     * An error of this type.
     *
     * @param message what was refused
     * @param retryAfter how long the engine asks to wait, if it says
     * @param cause the engine's error, if any
     */
    public Throttled(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
      super(message, cause);
      this.retryAfter = retryAfter;
    }

    /**
     * How long the engine asks to wait.
     *
     * @return the time, or empty if it didn't say
     */
    public Optional<Duration> retryAfter() {
      return Optional.ofNullable(retryAfter);
    }

    @Override
    VectorStoreException copy(String message) {
      return new Throttled(message, retryAfter, getCause());
    }
  }

  /** The engine can't be reached, or a read failed on the way; nothing was written. */
  public static final class Unavailable extends VectorStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error of this type.
     *
     * @param message what can't be reached and what to check
     */
    public Unavailable(String message) {
      this(message, null);
    }

    /**
     * An error of this type.
     *
     * @param message what can't be reached and what to check
     * @param cause the network's error, if any
     */
    public Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    VectorStoreException copy(String message) {
      return new Unavailable(message, getCause());
    }
  }

  /** A write was sent and its answer didn't come; repeating it is safe and settles it. */
  public static final class OutcomeUnknown extends VectorStoreException {
    private static final long serialVersionUID = 1L;

    /**
     * An error of this type.
     *
     * @param message what was sent and how it was cut off
     */
    public OutcomeUnknown(String message) {
      this(message, null);
    }

    /**
     * An error of this type.
     *
     * @param message what was sent and how it was cut off
     * @param cause the network's error, if any
     */
    public OutcomeUnknown(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    VectorStoreException copy(String message) {
      return new OutcomeUnknown(message, getCause());
    }
  }

  /** {@link VectorCollection#upsertAll} stopped in the middle, by the error that is its cause. */
  public static final class PartialWrite extends VectorStoreException {
    private static final long serialVersionUID = 1L;
    private final long acknowledged;
    private final transient List<Range> inFlight;

    /** What became of records that were sent. */
    public enum Outcome {
      /** Acknowledged by the engine. */
      WRITTEN,
      /** Known not to be written. */
      NOT_WRITTEN,
      /** Sent, but the answer didn't come. */
      UNKNOWN
    }

    /**
     * Records of the input by their position.
     *
     * @param from the first position, from 0
     * @param to the position after the last
     * @param outcome what became of them
     */
    public record Range(long from, long to, Outcome outcome) {}

    /**
     * An error of this type.
     *
     * @param message what stopped the write
     * @param acknowledged the length of the prefix of the input that was written
     * @param inFlight what became of the records behind the prefix that were sent, in order
     * @param cause the error that stopped it
     */
    public PartialWrite(
        String message, long acknowledged, List<Range> inFlight, @Nullable Throwable cause) {
      super(message, cause);
      this.acknowledged = acknowledged;
      this.inFlight = List.copyOf(inFlight);
    }

    /**
     * How many records from the start of the input are written without a gap.
     *
     * @return the length of the prefix
     */
    public long acknowledged() {
      return acknowledged;
    }

    /**
     * What became of the records behind the prefix that had been taken from the input. Records
     * behind these were not sent.
     *
     * @return ranges of positions, in order; empty after deserialisation
     */
    public List<Range> inFlight() {
      return inFlight == null ? List.of() : inFlight;
    }

    @Override
    VectorStoreException copy(String message) {
      return new PartialWrite(message, acknowledged, inFlight(), getCause());
    }
  }
}
