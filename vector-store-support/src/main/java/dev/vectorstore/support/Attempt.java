package dev.vectorstore.support;

import java.time.Duration;

/**
 * One attempt of a call. The engine passes what is left of its time to its client and to the
 * server.
 */
public interface Attempt {
  /**
   * How long this attempt may still take, response body included.
   *
   * @return a positive time
   */
  Duration remaining();
}
