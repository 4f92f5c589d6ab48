package dev.vectorstore.embedded;

import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;

/**
 * How near stored vectors are to a query, in double precision: the order of the metric's reference
 * score, without its objects. Immutable.
 */
final class Similarity {
  private final Metric metric;
  private final float[] query;

  Similarity(Metric metric, Embedding query) {
    this.metric = metric;
    this.query = Documents.indexed(query, metric);
  }

  /** A number that grows with the score. */
  double of(float[] stored) {
    return metric == Metric.EUCLIDEAN ? -squaredDistance(stored) : dot(stored);
  }

  /** Four sums, so that the processor doesn't wait for one addition to start the next. */
  private double dot(float[] stored) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < stored.length; i += 4) {
      a += (double) query[i] * stored[i];
      b += (double) query[i + 1] * stored[i + 1];
      c += (double) query[i + 2] * stored[i + 2];
      d += (double) query[i + 3] * stored[i + 3];
    }
    for (; i < stored.length; i++) {
      a += (double) query[i] * stored[i];
    }
    return (a + b) + (c + d);
  }

  private double squaredDistance(float[] stored) {
    double a = 0;
    double b = 0;
    int i = 0;
    for (; i + 1 < stored.length; i += 2) {
      double x = (double) query[i] - stored[i];
      double y = (double) query[i + 1] - stored[i + 1];
      a += x * x;
      b += y * y;
    }
    if (i < stored.length) {
      double x = (double) query[i] - stored[i];
      a += x * x;
    }
    return a + b;
  }
}
