package dev.vectorstore.supabase;

/** Time that only goes forward; the one place where this module reads it. */
final class Ticker {
  private Ticker() {}

  /** Nanoseconds since some fixed moment. */
  static long nanos() {
    return System.nanoTime();
  }
}
