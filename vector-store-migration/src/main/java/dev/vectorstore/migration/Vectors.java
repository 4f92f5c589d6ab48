package dev.vectorstore.migration;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.VectorRecord;
import java.util.Optional;

/** When two stored vectors are the same. Stateless. */
final class Vectors {
  /** What the contract promises of a cosine vector's direction. */
  private static final double DIRECTION = 1e-6;

  private Vectors() {}

  /** Whether two records have the same vectors, each by its metric in the collection. */
  static boolean same(VectorRecord a, VectorRecord b, CollectionSpec spec) {
    return a.vectors().keySet().equals(b.vectors().keySet())
        && a.vectors().keySet().stream()
            .allMatch(name -> same(a.vector(name), b.vector(name), spec.vector(name).metric()));
  }

  static boolean same(Optional<Embedding> a, Optional<Embedding> b, Metric metric) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isEmpty() && b.isEmpty();
    }
    if (metric != Metric.COSINE || a.get().equals(b.get())) {
      return a.get().equals(b.get());
    }
    return sameDirection(a.get(), b.get());
  }

  private static boolean sameDirection(Embedding a, Embedding b) {
    if (a.dimension() != b.dimension()) {
      return false;
    }
    double normA = norm(a);
    double normB = norm(b);
    for (int i = 0; i < a.dimension(); i++) {
      // Also false where a norm is zero or overflows and the quotient isn't a number.
      if (!(Math.abs(a.at(i) / normA - b.at(i) / normB) <= DIRECTION)) {
        return false;
      }
    }
    return true;
  }

  private static double norm(Embedding vector) {
    double squares = 0;
    for (int i = 0; i < vector.dimension(); i++) {
      squares += (double) vector.at(i) * vector.at(i);
    }
    return Math.sqrt(squares);
  }
}
