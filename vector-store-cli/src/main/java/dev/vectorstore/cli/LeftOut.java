package dev.vectorstore.cli;

import dev.vectorstore.VectorStores;

/** Says what a copy leaves out. Stateless. */
final class LeftOut {
  private LeftOut() {}

  /** Of a collection that has no place in the target. */
  static String collection(String name) {
    return VectorStores.shownName(name)
        + ": left out, since the target has no collection of this name and makes none; copy it by"
        + " --collection NAME=TARGET";
  }

  static String notice(String column) {
    return "the column "
        + column
        + " can't be moved; if that is meant, drop it by a --mapping, and this is silent";
  }
}
