package dev.vectorstore.testservers;

/**
 * A real server that a test started and may kill.
 *
 * <p>Servers are safe to use from several threads.
 */
public interface KillableServer extends AutoCloseable {
  /**
   * Kills the server the way {@code kill -9} does: nothing is flushed, no client is told. Its
   * folder and ports stay its own. Does nothing when it is already dead.
   *
   * @throws IllegalStateException when the server isn't ours (a test only attached to it)
   */
  void kill9();

  /**
   * Kills the server if it still runs, starts it again on the same ports and folder, and returns
   * when it answers.
   *
   * @throws IllegalStateException when the server isn't ours, or doesn't answer in time; the
   *     message then ends with the tail of its log
   */
  void restart();

  /** The last lines that the server wrote. */
  String log();

  /** Stops the server and deletes its folder; a server that we only attached to is left alone. */
  @Override
  void close();
}
