package dev.vectorstore.support;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import org.jspecify.annotations.Nullable;

/** Whether a request whose answer doesn't come leaves something in doubt. */
public enum Effect {
  /** It changes nothing, and can be made again. */
  READ,
  /** It may have been done. */
  WRITE;

  /**
   * Makes the error of a request that was sent and whose answer didn't come.
   *
   * @param message what happened, and what to do next
   * @param cause what showed it, or null
   * @return {@code Unavailable} of a read, {@code OutcomeUnknown} of a write
   */
  public VectorStoreException lost(String message, @Nullable Throwable cause) {
    return this == WRITE ? new OutcomeUnknown(message, cause) : new Unavailable(message, cause);
  }
}
