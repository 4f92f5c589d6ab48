package dev.vectorstore.testservers;

import java.util.function.BooleanSupplier;

/** How a server of the tests runs: as a program of this machine, or in a container. */
interface ServerRun {
  /**
   * Starts the server, anew after a kill, and waits until it is ready.
   *
   * @throws IllegalStateException when it isn't in time; the message ends with the tail of its log
   */
  void start(BooleanSupplier ready);

  /** Kills the server and its children at once, and returns when they are gone. */
  void kill9();

  /** Ends the server by this signal, named without SIG, or by force; it isn't started again. */
  void stop(String signal);

  /** Sends a signal, named without SIG. */
  void signal(String signal);

  /** Everything that the server wrote, over all of its starts. */
  String output();

  /** The end of what the server wrote. */
  default String tail() {
    String output = output();
    return output.substring(Math.max(0, output.length() - 4_000));
  }
}
