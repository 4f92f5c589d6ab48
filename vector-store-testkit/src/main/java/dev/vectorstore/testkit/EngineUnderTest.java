package dev.vectorstore.testkit;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The engine that the contract is tried on: where it is, which keys it takes, how to kill it. An
 * engine with the capability REMOTE has an address and asks for a key; one that is DURABLE can be
 * killed and started again.
 *
 * <pre>{@code
 * EngineUnderTest.remote(
 *         Endpoint.of(server.host(), server.grpcPort()),
 *         Credentials.key("good"),
 *         Credentials.key("bad"))
 *     .killedBy(server::kill9)
 *     .restartedBy(server::restart);
 * }</pre>
 */
public final class EngineUnderTest {
  private static final EngineUnderTest IN_PROCESS =
      new EngineUnderTest(Endpoint.inProcess(), Credentials.none(), Credentials.none());

  private final Endpoint endpoint;
  private final Credentials credentials;
  private final Credentials wrongCredentials;
  private @Nullable Runnable kill;
  private @Nullable Runnable restart;

  private EngineUnderTest(Endpoint endpoint, Credentials credentials, Credentials wrong) {
    this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    this.wrongCredentials = Objects.requireNonNull(wrong, "wrong");
  }

  /** An engine in the test's own process, without network, keys and durability. */
  public static EngineUnderTest inProcess() {
    return IN_PROCESS;
  }

  /**
   * An engine across a network, which must ask for a key.
   *
   * @param endpoint where it is
   * @param credentials the right key
   * @param wrong a key that it refuses
   */
  public static EngineUnderTest remote(
      Endpoint endpoint, Credentials credentials, Credentials wrong) {
    return new EngineUnderTest(endpoint, credentials, wrong);
  }

  /** Sets what kills the engine as {@code kill -9} does. */
  public EngineUnderTest killedBy(Runnable kill) {
    EngineUnderTest copy = copy();
    copy.kill = Objects.requireNonNull(kill, "kill");
    return copy;
  }

  /** Sets what starts the killed engine again, with the same address and data. */
  public EngineUnderTest restartedBy(Runnable restart) {
    EngineUnderTest copy = copy();
    copy.restart = Objects.requireNonNull(restart, "restart");
    return copy;
  }

  /** Where the engine is. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** The key that the engine takes. */
  public Credentials credentials() {
    return credentials;
  }

  /** A key that the engine refuses. */
  public Credentials wrongCredentials() {
    return wrongCredentials;
  }

  Optional<Runnable> kill() {
    return Optional.ofNullable(kill);
  }

  Optional<Runnable> restart() {
    return Optional.ofNullable(restart);
  }

  private EngineUnderTest copy() {
    EngineUnderTest copy = new EngineUnderTest(endpoint, credentials, wrongCredentials);
    copy.kill = kill;
    copy.restart = restart;
    return copy;
  }
}
