package dev.vectorstore.testservers;

import java.util.Map;
import java.util.Optional;

/**
 * A call that a {@link ScriptedGrpcServer} got. Immutable.
 *
 * <p>Equality is identity: two calls with the same bytes are still two calls.
 */
public final class GrpcCallSeen {
  private final String method;
  private final Map<String, String> headers;
  private final byte[] request;

  GrpcCallSeen(String method, Map<String, String> headers, byte[] request) {
    this.method = method;
    this.headers = Map.copyOf(headers);
    this.request = request.clone();
  }

  /** The full name, such as {@code qdrant.Points/Upsert}. */
  public String method() {
    return method;
  }

  /** The bytes of the request message. */
  public byte[] request() {
    return request.clone();
  }

  /** The value of a text header, by lower-case name. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  @Override
  public String toString() {
    return method + " (" + request.length + " bytes)";
  }
}
