package dev.vectorstore.migration;

import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;

/**
 * A vector made ready for many scores. Every row is scored for every query, and most rows are far
 * from most queries: {@link #surelyBelow} tells that in a fraction of the time that {@link
 * Metric#score} takes, which then decides about the rest. Immutable.
 */
final class PreparedVector {
  /** The estimate sums up in another order than the reference does, and differs in last digits. */
  private static final double SLACK = 1e-11;

  private final Embedding vector;
  private final float[] components;
  private final double norm;

  PreparedVector(Embedding vector) {
    this.vector = vector;
    this.components = vector.toArray();
    this.norm = Math.sqrt(dot(components, components));
  }

  Embedding vector() {
    return vector;
  }

  /** Whether the score is surely below a bound. */
  boolean surelyBelow(double bound, PreparedVector other, Metric metric) {
    return switch (metric) {
      case COSINE -> estimate(other) / (norm * other.norm) < bound - SLACK;
      case DOT -> estimate(other) < bound - SLACK * norm * other.norm;
      // The distance from norms and product loses digits where it matters, so it isn't estimated.
      case EUCLIDEAN -> false;
    };
  }

  private double estimate(PreparedVector other) {
    return dot(components, other.components);
  }

  /** Four sums at once, since one would wait for itself at each step. */
  private static double dot(float[] a, float[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 3 < a.length; i += 4) {
      s0 += (double) a[i] * b[i];
      s1 += (double) a[i + 1] * b[i + 1];
      s2 += (double) a[i + 2] * b[i + 2];
      s3 += (double) a[i + 3] * b[i + 3];
    }
    for (; i < a.length; i++) {
      s0 += (double) a[i] * b[i];
    }
    return s0 + s1 + s2 + s3;
  }
}
