package dev.vectorstore.supabase.tables;

import java.util.Set;

/**
 * A function {@code match_TABLE} that answers searches.
 *
 * @param name its name
 * @param arguments the names of all its arguments
 * @param required those of the arguments that have no default
 */
public record MatchFunction(String name, Set<String> arguments, Set<String> required) {
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

  /** Whether a null must be said, or the function's own default means that. */
  public boolean requires(String argument) {
    return required.contains(argument);
  }

  public boolean takes(String argument) {
    return arguments.contains(argument);
  }
}
