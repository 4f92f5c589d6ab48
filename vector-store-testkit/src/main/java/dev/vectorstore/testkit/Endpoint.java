package dev.vectorstore.testkit;

import java.util.Objects;

/** Where a store of the contract shall connect to: the engine itself, or a proxy before it. */
public final class Endpoint {
  private static final Endpoint IN_PROCESS = new Endpoint("", 0);

  private final String host;
  private final int port;

  private Endpoint(String host, int port) {
    this.host = Objects.requireNonNull(host, "host");
    this.port = port;
  }

  /** An address on the network. */
  public static Endpoint of(String host, int port) {
    return new Endpoint(host, port);
  }

  /** For an engine that runs in the test's own process: nothing to connect to. */
  public static Endpoint inProcess() {
    return IN_PROCESS;
  }

  /** Whether there is nothing to connect to. */
  public boolean isInProcess() {
    return port == 0;
  }

  /**
   * The host.
   *
   * @throws IllegalStateException for an engine in the test's own process
   */
  public String host() {
    requireAddress();
    return host;
  }

  /**
   * The port.
   *
   * @throws IllegalStateException for an engine in the test's own process
   */
  public int port() {
    requireAddress();
    return port;
  }

  @Override
  public String toString() {
    return isInProcess() ? "in process" : host + ":" + port;
  }

  private void requireAddress() {
    if (isInProcess()) {
      throw new IllegalStateException("An engine in this process has no address");
    }
  }
}
