package dev.vectorstore.migration;

/** What an error says. Stateless. */
final class Reasons {
  private Reasons() {}

  static String of(Throwable error) {
    return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
  }
}
