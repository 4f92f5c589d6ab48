package dev.vectorstore.support;

import dev.vectorstore.Embedding;
import dev.vectorstore.Projection;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A native search by vector.
 *
 * @param using the name of the vectors that are searched, one of the collection's
 * @param vector the query's vector, checked, not normalised
 * @param filter the native filter, or null for all records
 * @param limit the most hits
 * @param exact whether the index is to be passed by
 * @param effort how many candidates an approximate index considers, if asked for
 * @param projection what to return
 * @param <N> the engine's native filter
 */
public record NearestQuery<N>(
    String using,
    Embedding vector,
    @Nullable N filter,
    int limit,
    boolean exact,
    OptionalInt effort,
    Projection projection) {

  /** The same for another number of hits. */
  public NearestQuery<N> withLimit(int other) {
    return new NearestQuery<>(using, vector, filter, other, exact, effort, projection);
  }
}
