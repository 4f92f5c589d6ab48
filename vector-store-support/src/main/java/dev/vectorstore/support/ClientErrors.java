package dev.vectorstore.support;

import org.jspecify.annotations.Nullable;

/**
 * Finds an {@link Error} of this program below what a driver or a client made of it, such as an
 * {@link OutOfMemoryError} within an exception that looks like one of the server.
 */
public final class ClientErrors {
  private static final int DEEPEST = 20;

  private ClientErrors() {}

  /**
   * Throws the error that is at the bottom of a failure, if there is one.
   *
   * @param failure what a driver or a client threw, or null
   * @throws Error if the failure is one, or has one among its causes
   */
  public static void rethrow(@Nullable Throwable failure) {
    Throwable next = failure;
    for (int depth = 0; next != null && depth < DEEPEST; depth++) {
      if (next instanceof Error error) {
        throw error;
      }
      next = next.getCause();
    }
  }
}
