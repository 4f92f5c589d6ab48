package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.support.Loopback;
import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Adds the API key to every call, asked for anew each time, and never over a connection on which
 * others can read it. Safe for threads if the supplier is.
 */
final class ApiKey extends CallCredentials {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER);
  private static final String REFUSAL =
      "an API key would go over plain text; use https, or allowPlainTextKey() on the builder where"
          + " the network is safe";

  private final Supplier<? extends @Nullable String> key;
  private final boolean plainTextAllowed;
  private final boolean knownUnsafe;

  /**
   * A key.
   *
   * @param key asked at each call; null or blank for none
   * @param plainTextAllowed whether the key may go over any connection
   * @param knownUnsafe whether a connection is known to be plain text to another machine
   */
  ApiKey(Supplier<? extends @Nullable String> key, boolean plainTextAllowed, boolean knownUnsafe) {
    this.key = key;
    this.plainTextAllowed = plainTextAllowed;
    this.knownUnsafe = knownUnsafe;
  }

  /**
   * Refuses before any I/O.
   *
   * @throws InvalidRequest if there is a key and it would be readable, or it isn't one
   */
  void check() {
    if (knownUnsafe && !plainTextAllowed && current() != null) {
      throw new InvalidRequest(REFUSAL);
    }
  }

  @Override
  public void applyRequestMetadata(
      RequestInfo request, Executor executor, MetadataApplier applier) {
    String current;
    try {
      current = current();
    } catch (InvalidRequest malformed) {
      applier.fail(Status.FAILED_PRECONDITION.withCause(malformed));
      return;
    }
    Metadata headers = new Metadata();
    if (current != null) {
      if (!mayGo(request)) {
        applier.fail(Status.FAILED_PRECONDITION.withCause(new InvalidRequest(REFUSAL)));
        return;
      }
      headers.put(HEADER, current);
    }
    applier.apply(headers);
  }

  /** Our refusal, if that is why a call failed. */
  @Nullable InvalidRequest refusal(StatusRuntimeException error) {
    return error.getStatus().getCause() instanceof InvalidRequest refusal ? refusal : null;
  }

  boolean isGiven() {
    return current() != null;
  }

  private boolean mayGo(RequestInfo request) {
    return plainTextAllowed
        || request.getSecurityLevel() == SecurityLevel.PRIVACY_AND_INTEGRITY
        || Loopback.is(request.getAuthority().replaceAll(":\\d+$", ""));
  }

  private @Nullable String current() {
    String current;
    try {
      current = key.get();
    } catch (RuntimeException broken) {
      throw new InvalidRequest("the supplier of the API key threw an exception; mend it", broken);
    }
    if (current == null || current.isBlank()) {
      return null;
    }
    for (int i = 0; i < current.length(); i++) {
      if (current.charAt(i) <= ' ' || current.charAt(i) > '~') {
        throw new InvalidRequest(
            "the API key has a character at index "
                + i
                + " that no key has; was it read with a line break or a quote?");
      }
    }
    return current;
  }
}
