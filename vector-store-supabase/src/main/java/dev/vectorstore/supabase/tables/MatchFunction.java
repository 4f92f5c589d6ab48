package dev.vectorstore.supabase.tables;

import java.util.Set;

/**
 * A function {@code match_TABLE} that answers searches.
 *
 * @param name its name
 * @param arguments the names of all its arguments
 */
public record MatchFunction(String name, Set<String> arguments) {
  public static final String EMBEDDING = "query_embedding";
  public static final String COUNT = "match_count";
  public static final String FILTER = "filter";
  public static final String SOURCE_FILTER = "source_filter";

  /** A bound that some of these functions ask for; we pass one that lets every row through. */
  public static final String THRESHOLD = "match_threshold";

  private static final Set<String> KNOWN =
      Set.of(EMBEDDING, COUNT, FILTER, SOURCE_FILTER, THRESHOLD);

  /** Whether a function of these arguments can be called without guessing. */
  public static boolean fits(Set<String> arguments, Set<String> required) {
    return arguments.contains(EMBEDDING)
        && arguments.contains(COUNT)
        && KNOWN.containsAll(required);
  }

  public boolean takes(String argument) {
    return arguments.contains(argument);
  }
}
