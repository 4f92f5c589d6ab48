package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Throttled;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.support.Effect;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;

/** What a gRPC status means, by the effect of the operation: one table. Stateless. */
final class GrpcErrors {
  private static final Pattern FOREIGN =
      Pattern.compile(
          "invalid content-type|missing content-type|http2 exception|frame was not SETTINGS"
              + "|Protocol error|Unexpected HTTP/1|http/1|Failed ALPN negotiation");

  private static final Pattern SCHEMA_CHANGED =
      Pattern.compile(
          "[Vv]ector dimension|Not existing vector name|Wrong input: Vector|Conversion between"
              + "|requires specified vector name|vector name");

  /**
   * The server takes no such name, so that nothing has it: with a slash, or beyond 255 characters.
   */
  private static final String NO_NAME = "collection_name: ";

  /** Names come back in what the server says. */
  private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Cf}\\x{2028}\\x{2029}]");

  private static final String UNKNOWN_VECTOR = "Not existing vector name";
  private static final String TOO_LARGE = "exceeds maximum size";
  private static final String NEVER_FITS = "request larger than rate limiter";
  private static final int LONGEST_QUOTE = 300;

  private GrpcErrors() {}

  /**
   * What a failed call means.
   *
   * @param failure the status of the call
   * @param effect what the call may have done
   * @param server where it went, for the message
   */
  static VectorStoreException of(StatusRuntimeException failure, Effect effect, String server) {
    StatusRuntimeException error = withoutControls(failure);
    Status status = error.getStatus();
    String said = said(status);
    if (isTooLarge(error)) {
      return tooLarge(said, error, effect);
    }
    VectorStoreException unencrypted = GrpcTls.exception(error, server);
    if (unencrypted != null) {
      return unencrypted;
    }
    return switch (status.getCode()) {
      case UNAUTHENTICATED, PERMISSION_DENIED ->
          new AccessDenied(
              "the server " + server + " refused the key (" + said + "); " + KeyRights.lack(said),
              error);
      case NOT_FOUND -> new NotFound("not there: " + said, error);
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> refused(said, error);
      case ALREADY_EXISTS -> new Conflict("already there: " + said, error);
      case RESOURCE_EXHAUSTED -> exhausted(said, error);
      case UNIMPLEMENTED -> unimplemented(said, error, server);
      case CANCELLED -> cutOff("was cancelled" + because(), error, effect);
      case UNAVAILABLE, UNKNOWN, INTERNAL -> broken(said, error, effect, server);
      case DEADLINE_EXCEEDED -> cutOff("got no answer in time", error, effect);
      case ABORTED, DATA_LOSS, OK -> cutOff("failed (" + said + ")", error, effect);
    };
  }

  /** Whether an answer was larger than this client takes; a smaller page helps. */
  static boolean isTooLarge(StatusRuntimeException error) {
    // Where the limit is the channel's, a cancelled call is what one sees first.
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof StatusRuntimeException status
          && status.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED
          && said(status.getStatus()).contains(TOO_LARGE)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the server refused a call since it doesn't know a vector. */
  static boolean isUnknownVector(VectorStoreException refused) {
    return refused.getCause() instanceof StatusRuntimeException error
        && said(error.getStatus()).contains(UNKNOWN_VECTOR);
  }

  private static VectorStoreException tooLarge(
      String said, StatusRuntimeException error, Effect effect) {
    return effect == Effect.READ
        ? new InvalidRequest(
            "one answer is larger than the channel takes ("
                + said
                + "); raise its maxInboundMessageSize or ask for fewer fields",
            error)
        : new InvalidRequest("one request is too large (" + said + "); send less", error);
  }

  /** The error becomes a cause, whose message is logged as it is. */
  private static StatusRuntimeException withoutControls(StatusRuntimeException error) {
    String said = error.getStatus().getDescription();
    if (said == null || !CONTROLS.matcher(said).find()) {
      return error;
    }
    StatusRuntimeException clean =
        error
            .getStatus()
            .withDescription(CONTROLS.matcher(said).replaceAll("?"))
            .asRuntimeException(error.getTrailers());
    clean.setStackTrace(error.getStackTrace());
    return clean;
  }

  private static VectorStoreException refused(String said, StatusRuntimeException error) {
    if (said.contains(NO_NAME)) {
      return new NotFound(
          "there is no such collection, since the server takes names of 1 to 255 characters without"
              + " a slash",
          error);
    }
    if (SCHEMA_CHANGED.matcher(said).find()) {
      return new Conflict(
          "the collection isn't what it was when it was opened (" + said + "); open it again",
          error);
    }
    return new InvalidRequest("the server refused the request: " + said, error);
  }

  private static VectorStoreException exhausted(String said, StatusRuntimeException error) {
    if (said.contains(NEVER_FITS)) {
      return new InvalidRequest(
          "the request alone is beyond the collection's rate limit (" + said + ")", error);
    }
    return new Throttled(
        "the server asks to slow down: " + said, ProxyAnswers.retryAfter(error), error);
  }

  private static VectorStoreException unimplemented(
      String said, StatusRuntimeException error, String server) {
    return FOREIGN.matcher(said).find() || ProxyAnswers.status(error.getStatus()).isPresent()
        ? notGrpc(said, error, server)
        : new UnsupportedFeature(
            "the server doesn't know this request (" + said + "); it needs Qdrant 1.18 or newer");
  }

  private static VectorStoreException broken(
      String said, StatusRuntimeException error, Effect effect, String server) {
    OptionalInt http = ProxyAnswers.status(error.getStatus());
    if (http.isPresent()) {
      VectorStoreException refusal = ProxyAnswers.refusal(http.getAsInt(), error, effect);
      return refusal == null ? notGrpc(said, error, server) : refusal;
    }
    String all = said + " " + causes(error);
    if (FOREIGN.matcher(all).find()) {
      return notGrpc(said, error, server);
    }
    if (wasNotSent(error)) {
      return new Unavailable(
          "the server "
              + server
              + " can't be reached ("
              + said
              + "); check host and port, and that it runs",
          error);
    }
    if (GrpcTls.isHandshake(error)) {
      return new Unavailable(
          "the connection to " + server + " ended while it was being encrypted", error);
    }
    return cutOff("was cut off (" + said + ")", error, effect);
  }

  private static VectorStoreException notGrpc(
      String said, StatusRuntimeException error, String server) {
    return new MalformedResponse(
        "what answers at "
            + server
            + " doesn't speak gRPC ("
            + said
            + "); is this the REST port? gRPC is usually 6334",
        error);
  }

  private static VectorStoreException cutOff(
      String what, StatusRuntimeException error, Effect effect) {
    return effect == Effect.WRITE
        ? new OutcomeUnknown(
            "the write " + what + " and may have been done; repeating it settles it", error)
        : new Unavailable("the read " + what, error);
  }

  private static String because() {
    return Thread.currentThread().isInterrupted() ? ": the thread was interrupted" : "";
  }

  /** Certain only where no connection came about, or none that both sides agree on. */
  static boolean wasNotSent(StatusRuntimeException error) {
    if (GrpcTls.fault(error).isPresent()) {
      return true;
    }
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof NoRouteToHostException
          || cause instanceof UnknownHostException
          || cause instanceof UnresolvedAddressException
          || cause instanceof SSLHandshakeException) {
        return true;
      }
    }
    return false;
  }

  private static String causes(Throwable error) {
    StringBuilder causes = new StringBuilder();
    for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
      causes.append(cause).append(' ');
    }
    return causes.toString();
  }

  private static String said(Status status) {
    String description = status.getDescription();
    String said =
        description == null ? status.getCode().name() : status.getCode() + ": " + description;
    said = said.strip();
    return said.length() > LONGEST_QUOTE ? said.substring(0, LONGEST_QUOTE) + "..." : said;
  }
}
