package dev.vectorstore.support;

/**
 * Time that only goes forward: the one place where it is read, so that tests can bring their own.
 */
@FunctionalInterface
public interface Ticker {
  /** The time of the JVM. */
  Ticker SYSTEM = System::nanoTime;

  /**
   * The time.
   *
   * @return nanoseconds since some fixed moment
   */
  long nanos();

  /**
   * The time since a moment of this clock.
   *
   * @param start the moment, of {@link #nanos}
   * @return seconds
   */
  default double secondsSince(long start) {
    return (nanos() - start) / 1e9;
  }
}
