package dev.vectorstore.supabase;

import java.util.Set;

/**
 * A function {@code match_TABLE} that answers searches.
 *
 * @param name its name
 * @param arguments the names of all its arguments
 */
record MatchFunction(String name, Set<String> arguments) {
  static final String EMBEDDING = "query_embedding";
  static final String COUNT = "match_count";
  static final String FILTER = "filter";
  static final String SOURCE_FILTER = "source_filter";

  /** A bound that some of these functions ask for; we pass one that lets every row through. */
  static final String THRESHOLD = "match_threshold";

  private static final Set<String> KNOWN =
      Set.of(EMBEDDING, COUNT, FILTER, SOURCE_FILTER, THRESHOLD);

  /** Whether a function of these arguments can be called without guessing. */
  static boolean fits(Set<String> arguments, Set<String> required) {
    return arguments.contains(EMBEDDING)
        && arguments.contains(COUNT)
        && KNOWN.containsAll(required);
  }

  boolean takes(String argument) {
    return arguments.contains(argument);
  }
}
