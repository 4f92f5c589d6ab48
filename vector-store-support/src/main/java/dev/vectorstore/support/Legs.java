package dev.vectorstore.support;

import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the answers to the single searches that make a hybrid search where text isn't ranked.
 *
 * @param nearest the hits by vector, in any order; null if not asked
 * @param matching the hits by vector among the records with all terms, in any order; null if not
 *     asked
 * @param matches the ids of the first records with all terms; null if not asked
 */
public record Legs(
    @Nullable List<SearchHit> nearest,
    @Nullable List<SearchHit> matching,
    @Nullable List<VectorRecord> matches) {
  /** Nothing is asked yet. */
  static final Legs NONE = new Legs(null, null, null);

  /** Copies the lists. */
  public Legs {
    nearest = nearest == null ? null : List.copyOf(nearest);
    matching = matching == null ? null : List.copyOf(matching);
    matches = matches == null ? null : List.copyOf(matches);
  }
}
