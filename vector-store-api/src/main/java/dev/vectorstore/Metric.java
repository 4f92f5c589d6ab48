package dev.vectorstore;

import java.util.Objects;

/**
 * How the nearness of two vectors is measured. In every metric a <b>higher score is nearer</b>.
 *
 * <p>The scores computed here, in double precision, are the reference: an engine's score differs
 * from it by at most {@code 1e-5 * max(1, |score|)}.
 */
public enum Metric {
  /** The cosine of the angle between the vectors, clamped to [-1, 1]. Zero vectors are refused. */
  COSINE {
    @Override
    double raw(Embedding a, Embedding b) {
      double dot = 0;
      double normA = 0;
      double normB = 0;
      for (int i = 0; i < a.dimension(); i++) {
        double x = a.at(i);
        double y = b.at(i);
        dot += x * y;
        normA += x * x;
        normB += y * y;
      }
      // One square root per norm: their product can overflow where the roots don't.
      double cosine = dot / (Math.sqrt(normA) * Math.sqrt(normB));
      return Math.max(-1, Math.min(1, cosine));
    }
  },

  /** The dot product, unbounded. */
  DOT {
    @Override
    double raw(Embedding a, Embedding b) {
      double dot = 0;
      for (int i = 0; i < a.dimension(); i++) {
        dot += (double) a.at(i) * b.at(i);
      }
      return dot;
    }
  },

  /** Minus the Euclidean distance: 0 for equal vectors, negative otherwise. */
  EUCLIDEAN {
    @Override
    double raw(Embedding a, Embedding b) {
      double squares = 0;
      for (int i = 0; i < a.dimension(); i++) {
        double difference = (double) a.at(i) - b.at(i);
        squares += difference * difference;
      }
      return squares == 0 ? 0 : -Math.sqrt(squares);
    }
  };

  abstract double raw(Embedding a, Embedding b);

  /**
   * The reference score of two vectors; higher is nearer.
   *
   * @param a a vector
   * @param b a vector of the same dimension
   * @return the score: a cosine, a dot product, or minus a distance; NaN for the cosine of a zero
   *     vector
   * @throws VectorStoreException.InvalidRequest if the dimensions differ
   */
  public double score(Embedding a, Embedding b) {
    Objects.requireNonNull(a, "a");
    if (a.dimension() != Objects.requireNonNull(b, "b").dimension()) {
      throw new VectorStoreException.InvalidRequest(
          "vectors of " + a.dimension() + " and " + b.dimension() + " dimensions have no score");
    }
    return raw(a, b);
  }

  /**
   * The reference score of two vectors, as {@link #score(Embedding, Embedding)}.
   *
   * @param a the components of a vector
   * @param b the components of a vector of the same dimension
   * @return the score
   * @throws VectorStoreException.InvalidRequest if the dimensions differ, or there are no
   *     components
   */
  public double score(float[] a, float[] b) {
    return score(
        Embedding.of(Objects.requireNonNull(a, "a")), Embedding.of(Objects.requireNonNull(b, "b")));
  }
}
