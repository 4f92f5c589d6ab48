package dev.vectorstore.embedded;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * The documents that can be among the best by the reference score, found by a similarity that is
 * computed faster and differs from it in last digits: the best by that, and those that come so near
 * to the worst of these that the reference may order them otherwise. In memory in proportion to
 * these. For one thread.
 */
final class Contenders {
  private final int limit;
  private final Similarity similarity;

  /** The best similarities, the worst first. */
  private final PriorityQueue<Double> best = new PriorityQueue<>();

  private int[] docs = new int[64];
  private double[] similarities = new double[64];
  private int count;

  Contenders(int limit, Similarity similarity) {
    this.limit = limit;
    this.similarity = similarity;
  }

  void offer(int doc, double candidate) {
    if (best.size() < limit) {
      best.add(candidate);
    } else if (candidate < bound()) {
      return;
    } else if (candidate > best.element()) {
      best.remove();
      best.add(candidate);
    }
    if (count == docs.length) {
      dropThoseBelow(bound());
    }
    docs[count] = doc;
    similarities[count++] = candidate;
  }

  /** Behind this, no document has a better reference score than the worst of the best. */
  private double bound() {
    return best.size() < limit
        ? Double.NEGATIVE_INFINITY
        : best.element() - similarity.slack(best.element());
  }

  private void dropThoseBelow(double bound) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (similarities[i] >= bound) {
        docs[kept] = docs[i];
        similarities[kept++] = similarities[i];
      }
    }
    count = kept;
    if (2 * kept > docs.length) {
      docs = Arrays.copyOf(docs, 2 * docs.length);
      similarities = Arrays.copyOf(similarities, docs.length);
    }
  }

  /** The documents, in their order. */
  int[] docs() {
    dropThoseBelow(bound());
    int[] left = Arrays.copyOf(docs, count);
    Arrays.sort(left);
    return left;
  }
}
