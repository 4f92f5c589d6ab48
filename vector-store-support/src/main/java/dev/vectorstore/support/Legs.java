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
 * @param lacking the records with all terms and without the vector, the first by id up to the
 *     limit; null if not asked, or if there may be others before these
 */
public record Legs(
    @Nullable List<SearchHit> nearest,
    @Nullable List<SearchHit> matching,
    @Nullable List<VectorRecord> lacking) {
  /** Nothing is asked yet. */
  static final Legs NONE = new Legs(null, null, null);

  /** Copies the lists. */
  public Legs {
    nearest = nearest == null ? null : List.copyOf(nearest);
    matching = matching == null ? null : List.copyOf(matching);
    lacking = lacking == null ? null : List.copyOf(lacking);
  }
}
