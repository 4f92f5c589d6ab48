package dev.vectorstore.support;

import dev.vectorstore.SearchHit;
import java.util.List;

/**
 * The answers to the searches of a hybrid one whose text is ranked.
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
