package dev.vectorstore.support;

import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import java.util.List;

/**
 * The answers to the two searches of a hybrid one.
 *
 * @param nearest the hits by vector, in any order
 * @param text the first records in the order of a scan
 */
public record Legs(List<SearchHit> nearest, List<VectorRecord> text) {
  /** Copies the lists. */
  public Legs {
    nearest = List.copyOf(nearest);
    text = List.copyOf(text);
  }
}
