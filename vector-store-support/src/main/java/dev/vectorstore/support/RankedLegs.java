package dev.vectorstore.support;

import dev.vectorstore.SearchHit;
import java.util.List;

/**
 * Holds the answers to the single searches that make a hybrid search where text is ranked.
 *
 * @param nearest the hits by vector, in any order
 * @param fields the hits by text of each field, in any order
 */
public record RankedLegs(List<SearchHit> nearest, List<List<SearchHit>> fields) {
  /** Copies the lists. */
  public RankedLegs {
    nearest = List.copyOf(nearest);
    fields = List.copyOf(fields);
  }
}
