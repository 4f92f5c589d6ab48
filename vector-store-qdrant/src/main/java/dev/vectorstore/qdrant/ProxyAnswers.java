package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.Throttled;
import dev.vectorstore.support.AskedToWait;
import dev.vectorstore.support.Effect;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers of HTTP that aren't gRPC's: those of a proxy before the server. Stateless. */
final class ProxyAnswers {
  private static final Metadata.Key<String> RETRY_AFTER =
      Metadata.Key.of("retry-after", Metadata.ASCII_STRING_MARSHALLER);

  private static final Pattern HTTP_STATUS = Pattern.compile("HTTP status code:? ?(\\d{3})");

  /**
   * "HTTP/", where HTTP/2 was awaited; of the rest, the status too, nothing is told. On a
   * connection that is open, "HTT" is the length of a frame.
   */
  private static final Pattern HTTP_1 =
      Pattern.compile(
          "not SETTINGS\\. Hex dump for first 5 bytes: 485454502f|Frame length: 4740180 exceeds");

  private ProxyAnswers() {}

  /** The status of HTTP, where gRPC tells one. */
  static OptionalInt status(Status status) {
    Matcher http = HTTP_STATUS.matcher(String.valueOf(status.getDescription()));
    return http.find() ? OptionalInt.of(Integer.parseInt(http.group(1))) : OptionalInt.empty();
  }

  /** Whether HTTP/1 was answered, as by a port of something else, or a proxy in trouble. */
  static boolean isHttp1(StatusRuntimeException error) {
    Throwable cause = error.getCause();
    return cause != null && HTTP_1.matcher(String.valueOf(cause.getMessage())).find();
  }

  /** What it means that a proxy refuses, or null if its status says that no gRPC is there. */
  static @Nullable VectorStoreException refusal(
      int http, StatusRuntimeException error, Effect effect) {
    if (http == 429) {
      return new Throttled("a proxy asks to slow down (HTTP 429)", retryAfter(error), error);
    }
    return http < 500
        ? null
        : effect.lost(
            "what is before the server answered HTTP "
                + http
                + " in its place"
                + doubt(effect)
                + "; check that the server runs",
            AskedToWait.around(retryAfter(error), error));
  }

  /** What HTTP/1 means from where gRPC was spoken before. */
  static VectorStoreException http1(StatusRuntimeException error, Effect effect, String server) {
    return effect.lost(
        "what answers at "
            + server
            + " spoke gRPC before and now HTTP/1, as a proxy whose server is away"
            + doubt(effect)
            + "; check that the server runs",
        error);
  }

  private static String doubt(Effect effect) {
    return effect == Effect.WRITE
        ? ", and the write may have been done (repeating it settles it)"
        : "";
  }

  static @Nullable Duration retryAfter(StatusRuntimeException error) {
    Metadata trailers = error.getTrailers();
    return trailers == null ? null : AskedToWait.parse(trailers.get(RETRY_AFTER));
  }
}
