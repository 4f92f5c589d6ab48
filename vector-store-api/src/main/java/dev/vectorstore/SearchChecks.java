package dev.vectorstore;

import org.jspecify.annotations.Nullable;

/** What must be true of the settings of a {@link SearchRequest}. */
final class SearchChecks {
  private static final int MAX_EFFORT = 100_000;

  private SearchChecks() {}

  static void requireLimit(int limit) {
    if (limit < 1 || limit > SearchRequest.MAX_LIMIT) {
      throw new VectorStoreException.InvalidRequest(
          "a limit of " + limit + " isn't in 1 to " + SearchRequest.MAX_LIMIT + "; scan for more");
    }
  }

  static void requireEffort(int candidates) {
    if (candidates < 1 || candidates > MAX_EFFORT) {
      throw new VectorStoreException.InvalidRequest(
          "a search effort of " + candidates + " isn't in 1 to " + MAX_EFFORT);
    }
  }

  static void requireNumber(double minScore) {
    if (Double.isNaN(minScore)) {
      throw new VectorStoreException.InvalidRequest("a least score of NaN has no meaning");
    }
  }

  static void requireVector(@Nullable Embedding vector, String option) {
    if (vector == null) {
      throw new VectorStoreException.InvalidRequest(
          option + " is for searches by vector: use nearest(...) or hybrid(...)");
    }
  }
}
