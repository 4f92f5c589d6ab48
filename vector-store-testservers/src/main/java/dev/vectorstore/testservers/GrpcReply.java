package dev.vectorstore.testservers;

import static java.util.Objects.requireNonNull;

import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One answer of a {@link ScriptedGrpcServer}. Immutable: each method gives a changed copy.
 *
 * <pre>{@code
 * GrpcReply.status(Status.RESOURCE_EXHAUSTED).trailer("retry-after", "7")
 * GrpcReply.message(UpdateResponse.getDefaultInstance().toByteArray())
 * }</pre>
 */
public final class GrpcReply {
  private final Status status;
  private final byte @Nullable [] message;
  private final Metadata trailers;
  private final @Nullable Duration delay;

  private GrpcReply(
      Status status, byte @Nullable [] message, Metadata trailers, @Nullable Duration delay) {
    this.status = status;
    this.message = message;
    this.trailers = trailers;
    this.delay = delay;
  }

  /** An answer of this status and no message. */
  public static GrpcReply status(Status status) {
    return new GrpcReply(requireNonNull(status, "status"), null, new Metadata(), Duration.ZERO);
  }

  /** Status OK with this message: the bytes of a protobuf, or of none at all. */
  public static GrpcReply message(byte[] bytes) {
    return new GrpcReply(Status.OK, bytes.clone(), new Metadata(), Duration.ZERO);
  }

  /** Status OK, and yet no message. */
  public static GrpcReply nothing() {
    return status(Status.OK);
  }

  /** No answer until the server is closed. */
  public static GrpcReply silence() {
    return new GrpcReply(Status.OK, null, new Metadata(), null);
  }

  /** With one more trailer. */
  public GrpcReply trailer(String name, String value) {
    Metadata more = new Metadata();
    more.merge(trailers);
    more.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    return new GrpcReply(status, message, more, delay);
  }

  /** Answers only after this time. */
  public GrpcReply after(Duration time) {
    return new GrpcReply(status, message, trailers, requireNonNull(time, "time"));
  }

  Status status() {
    return status;
  }

  byte @Nullable [] message() {
    return message == null ? null : message.clone();
  }

  Metadata trailers() {
    Metadata copy = new Metadata();
    copy.merge(trailers);
    return copy;
  }

  /** How long to wait; null for ever. */
  @Nullable Duration delay() {
    return delay;
  }
}
