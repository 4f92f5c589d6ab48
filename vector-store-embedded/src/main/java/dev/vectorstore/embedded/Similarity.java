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

  /**
   * As {@link #of}, and no further from the order of the reference score than {@link #slack} says.
   */
  double near(float[] stored) {
    return metric == Metric.DOT ? referenceDot(stored) : of(stored);
  }

  /**
   * How far below a similarity another may lie whose reference score is higher. A cosine is
   * computed of a query of length 1, rounded to floats. Squares are summed up in another order than
   * the reference does, of at most 65,536 components. A dot product of long vectors can lose all
   * its digits in that, so {@link #near} sums it up as the reference does.
   */
  double slack(double similarity) {
    return switch (metric) {
      case COSINE -> 1e-6;
      case DOT -> 0;
      case EUCLIDEAN -> 1e-9 * Math.abs(similarity);
    };
  }

  private double referenceDot(float[] stored) {
    double dot = 0;
    for (int i = 0; i < stored.length; i++) {
      dot += (double) query[i] * stored[i];
    }
    return dot;
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
