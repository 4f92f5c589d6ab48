package dev.vectorstore.testservers;

import java.util.function.BooleanSupplier;

/** Where a server of the tests comes from. */
enum ServerSource {
  /** It runs already, at an address that the environment names. */
  URL,

  /** A program of this machine. */
  PROGRAM,

  /** A container, of an image that this project names. */
  CONTAINER,

  /** This machine has none. */
  NOWHERE;

  /**
   * The first that there is: what was named, what is installed, what can be fetched.
   *
   * @param named whether the environment names an address
   * @param installed whether the programs are there
   * @param docker whether containers run here; asked last, since the question takes a while
   */
  static ServerSource choose(boolean named, boolean installed, BooleanSupplier docker) {
    if (named) {
      return URL;
    }
    if (installed) {
      return PROGRAM;
    }
    return docker.getAsBoolean() ? CONTAINER : NOWHERE;
  }

  /**
   * Returns if there is one.
   *
   * @param program what would have to be installed
   * @throws IllegalStateException if there is none
   */
  void require(String program) {
    if (this == NOWHERE) {
      throw new IllegalStateException(
          "There is no " + program + " on this machine; install it or start Docker");
    }
  }
}
