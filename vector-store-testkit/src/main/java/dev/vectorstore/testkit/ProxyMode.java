package dev.vectorstore.testkit;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a {@link TcpProxy} does to its connections.
 *
 * <p>A mode that counts (resets, lost answers) starts counting when it is set. Make a new one each
 * time; a mode belongs to one proxy.
 */
public final class ProxyMode {
  private static final int ALWAYS = Integer.MAX_VALUE;

  private final Kind kind;
  private final Direction direction;
  private final long amount;
  private final AtomicInteger left;

  private ProxyMode(Kind kind, Direction direction, long amount, int times) {
    this.kind = kind;
    this.direction = direction;
    this.amount = amount;
    this.left = new AtomicInteger(times);
  }

  /** Forwards everything, at once. */
  public static ProxyMode pass() {
    return new ProxyMode(Kind.PASS, Direction.TO_TARGET, 0, ALWAYS);
  }

  /** Resets the open connections and refuses new ones, as a server that isn't there. */
  public static ProxyMode refuse() {
    return new ProxyMode(Kind.REFUSE, Direction.TO_TARGET, 0, ALWAYS);
  }

  /**
   * Accepts connections and forwards nothing in either direction. What was held back goes on when
   * another mode is set, as after a network that froze for a while.
   */
  public static ProxyMode stall() {
    return new ProxyMode(Kind.STALL, Direction.TO_TARGET, 0, ALWAYS);
  }

  /**
   * The target is gone without telling the client: what the client sends is swallowed, nothing
   * answers, and no connection ends.
   */
  public static ProxyMode halfOpen() {
    return new ProxyMode(Kind.HALF_OPEN, Direction.TO_TARGET, 0, ALWAYS);
  }

  /**
   * Resets a connection on both sides once it has forwarded so many bytes in this direction.
   *
   * @param bytes how many still get through; 0 resets at the first one
   * @throws IllegalArgumentException when that is negative
   */
  public static ProxyMode resetAfter(Direction direction, long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("A number of bytes can't be negative: " + bytes);
    }
    return new ProxyMode(Kind.RESET_AFTER, direction, bytes, ALWAYS);
  }

  /**
   * Lets requests through and resets the connection in place of the answer: the target did what it
   * was asked, and the client can't know.
   *
   * <p>Under HTTP/2 the answer begins with its first HEADERS or DATA frame (settings, window
   * updates and pings pass), else with the first byte from the target.
   */
  public static ProxyMode loseAnswers() {
    return new ProxyMode(Kind.LOSE_ANSWERS, Direction.TO_CLIENT, 0, ALWAYS);
  }

  /**
   * Forwards slowly, each direction of each connection by itself.
   *
   * @param bytesPerSecond the speed
   * @throws IllegalArgumentException when it isn't positive
   */
  public static ProxyMode slow(long bytesPerSecond) {
    if (bytesPerSecond <= 0) {
      throw new IllegalArgumentException("The speed must be positive, not " + bytesPerSecond);
    }
    return new ProxyMode(Kind.SLOW, Direction.TO_TARGET, bytesPerSecond, ALWAYS);
  }

  /**
   * This mode for so many connections only; then the proxy passes everything again.
   *
   * @throws IllegalArgumentException when the number isn't positive
   * @throws IllegalStateException for a mode that resets nothing
   */
  public ProxyMode times(int connections) {
    if (connections <= 0) {
      throw new IllegalArgumentException("The number must be positive, not " + connections);
    }
    if (kind != Kind.RESET_AFTER && kind != Kind.LOSE_ANSWERS) {
      throw new IllegalStateException("Only resets and lost answers can be counted");
    }
    return new ProxyMode(kind, direction, amount, connections);
  }

  Kind kind() {
    return kind;
  }

  Direction direction() {
    return direction;
  }

  long amount() {
    return amount;
  }

  /** Takes one of the connections that this mode is for; false when there is none left. */
  boolean takeOne() {
    return left.getAndUpdate(n -> n == ALWAYS ? n : Math.max(0, n - 1)) > 0;
  }

  boolean isSpent() {
    return left.get() == 0;
  }

  @Override
  public String toString() {
    return kind + "(" + direction + ", " + amount + ")";
  }

  /** A direction of a connection. */
  public enum Direction {
    /** From the client to the target: requests. */
    TO_TARGET,
    /** From the target to the client: answers. */
    TO_CLIENT
  }

  /** The kinds of faults. */
  enum Kind {
    PASS,
    REFUSE,
    STALL,
    HALF_OPEN,
    RESET_AFTER,
    LOSE_ANSWERS,
    SLOW
  }
}
