package dev.vectorstore.cli;

/** Says what a copy leaves out. Stateless. */
final class LeftOut {
  private LeftOut() {}

  static String notice(String column) {
    return "the column "
        + column
        + " can't be moved; if that is meant, drop it by a --mapping, and this is silent";
  }
}
