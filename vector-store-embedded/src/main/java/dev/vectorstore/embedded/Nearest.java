package dev.vectorstore.embedded;

import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.Collectors;

/** The best of many documents, in bounded memory. For one thread. */
final class Nearest {
  private final PriorityQueue<Scored> best;
  private final int limit;

  Nearest(int limit) {
    this.limit = limit;
    best = new PriorityQueue<>();
  }

  void offer(int doc, double score) {
    if (best.size() < limit) {
      best.add(new Scored(doc, score));
    } else if (score > best.element().score()) {
      best.remove();
      best.add(new Scored(doc, score));
    }
  }

  int size() {
    return best.size();
  }

  /** The documents, in their order. */
  int[] docs() {
    return best.stream().mapToInt(Scored::doc).sorted().toArray();
  }

  /** The scores of the documents. */
  Map<Integer, Double> scores() {
    return best.stream().collect(Collectors.toMap(Scored::doc, Scored::score));
  }

  /** Worst first. */
  private record Scored(int doc, double score) implements Comparable<Scored> {
    @Override
    public int compareTo(Scored other) {
      return Double.compare(score, other.score);
    }
  }
}
