package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.KeySource;
import dev.vectorstore.support.Loopback;
import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Adds the API key to every call, asked for anew each time, and never over a connection on which
 * others can read it. Safe for threads if the supplier is.
 */
final class ApiKey implements AutoCloseable {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER);
  private static final String REFUSAL =
      "an API key would go over plain text; use https, or allowPlainTextKey() on the builder where"
          + " the network is safe";

  private final KeySource source;
  private final boolean plainTextAllowed;
  private final boolean knownUnsafe;

  /** Of the last call; another one's would only word an error otherwise. */
  private volatile boolean given;

  /**
   * A key.
   *
   * @param source asked at each call; null or blank for none
   * @param plainTextAllowed whether the key may go over any connection
   * @param knownUnsafe whether a connection is known to be plain text to another machine
   */
  ApiKey(KeySource source, boolean plainTextAllowed, boolean knownUnsafe) {
    this.source = source;
    this.plainTextAllowed = plainTextAllowed;
    this.knownUnsafe = knownUnsafe;
  }

  /**
   * Refuses before any I/O.
   *
   * @throws InvalidRequest if there is a key and it would be readable, or it isn't one
   */
  void check(Attempt attempt) {
    if (knownUnsafe && !plainTextAllowed) {
      String unused = current(attempt);
    }
  }

  /**
   * A stub whose calls have the key, if there is one. It is asked for before anything is sent.
   *
   * @throws InvalidRequest if the key may not be sent, or its supplier threw an exception
   * @throws VectorStoreException.Unavailable if the supplier didn't answer in time
   */
  <S extends AbstractStub<S>> S on(S stub, Attempt attempt) {
    String key = current(attempt);
    return key == null ? stub : stub.withCallCredentials(new Sent(key));
  }

  /** The same for a call that nobody waits for: the key is asked for beside the caller. */
  <S extends AbstractStub<S>> S beside(S stub, Attempt attempt) {
    return stub.withCallCredentials(new Asked(attempt));
  }

  /** Our refusal, if that is why a call failed. */
  @Nullable InvalidRequest refusal(StatusRuntimeException error) {
    return error.getStatus().getCause() instanceof InvalidRequest refusal ? refusal : null;
  }

  /** Whether the last call had a key. */
  boolean isGiven() {
    return given;
  }

  private @Nullable String current(Attempt attempt) {
    String current = source.ask(attempt);
    given = current != null && !current.isBlank();
    if (current == null || !given) {
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
    if (knownUnsafe && !plainTextAllowed) {
      throw new InvalidRequest(REFUSAL);
    }
    return current;
  }

  @Override
  public void close() {
    source.close();
  }

  private boolean mayGo(CallCredentials.RequestInfo request) {
    return plainTextAllowed
        || request.getSecurityLevel() == SecurityLevel.PRIVACY_AND_INTEGRITY
        || Loopback.is(request.getAuthority().replaceAll(":\\d+$", ""));
  }

  private void apply(
      @Nullable String key,
      CallCredentials.RequestInfo request,
      CallCredentials.MetadataApplier applier) {
    Metadata headers = new Metadata();
    if (key != null) {
      if (!mayGo(request)) {
        applier.fail(Status.FAILED_PRECONDITION.withCause(new InvalidRequest(REFUSAL)));
        return;
      }
      headers.put(HEADER, key);
    }
    applier.apply(headers);
  }

  /** A key that is known. */
  private final class Sent extends CallCredentials {
    private final String key;

    Sent(String key) {
      this.key = key;
    }

    @Override
    public void applyRequestMetadata(
        RequestInfo request, Executor executor, MetadataApplier applier) {
      apply(key, request, applier);
    }
  }

  /** A key that is still to be asked for, on a thread that may wait. */
  private final class Asked extends CallCredentials {
    private final Attempt attempt;

    Asked(Attempt attempt) {
      this.attempt = attempt;
    }

    @Override
    public void applyRequestMetadata(
        RequestInfo request, Executor executor, MetadataApplier applier) {
      executor.execute(
          () -> {
            try {
              apply(current(attempt), request, applier);
            } catch (VectorStoreException unknown) {
              applier.fail(Status.UNAVAILABLE.withCause(unknown));
            }
          });
    }
  }
}
