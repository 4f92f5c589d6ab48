package dev.vectorstore.migration;

import dev.vectorstore.RecordId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The best of all rows that were offered, in bounded memory. Not safe for threads. */
final class ExactOrder {
  /**
   * A row and its score.
   *
   * @param id the row
   * @param score higher is nearer
   */
  record Scored(RecordId id, double score) {}

  private static final Comparator<Scored> BEST_FIRST =
      Comparator.comparingDouble(Scored::score).reversed().thenComparing(Scored::id);

  private final int capacity;
  private final PriorityQueue<Scored> worstFirst = new PriorityQueue<>(BEST_FIRST.reversed());

  ExactOrder(int capacity) {
    this.capacity = capacity;
  }

  void offer(RecordId id, double score) {
    if (worstFirst.size() < capacity) {
      worstFirst.add(new Scored(id, score));
      return;
    }
    Scored worst = worstFirst.element();
    if (score > worst.score() || (score == worst.score() && id.compareTo(worst.id()) < 0)) {
      worstFirst.remove();
      worstFirst.add(new Scored(id, score));
    }
  }

  /** The score below which a row has no place. */
  double bound() {
    return worstFirst.size() < capacity ? Double.NEGATIVE_INFINITY : worstFirst.element().score();
  }

  /** The best rows, best first, equal scores by id. */
  List<Scored> best(int count) {
    List<Scored> all = new ArrayList<>(worstFirst);
    all.sort(BEST_FIRST);
    return List.copyOf(all.subList(0, Math.min(count, all.size())));
  }
}
