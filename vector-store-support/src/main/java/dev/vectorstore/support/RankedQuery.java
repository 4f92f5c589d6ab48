package dev.vectorstore.support;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Projection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A native search of one field by relevance.
 *
 * @param field a field declared as TEXT
 * @param terms the distinct terms of the query, at least one
 * @param filter the native filter, or null for all records
 * @param limit the most hits
 * @param projection what to return
 * @param <N> the engine's native filter
 */
public record RankedQuery<N>(
    FieldPath field, List<String> terms, @Nullable N filter, int limit, Projection projection) {
  /** Copies the terms. */
  public RankedQuery {
    terms = List.copyOf(terms);
  }
}
