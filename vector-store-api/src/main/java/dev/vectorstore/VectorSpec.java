package dev.vectorstore;

import java.util.Objects;

/**
 * The vectors of one name in a collection: how many dimensions they have, and how they are
 * compared. Immutable, with value equality.
 *
 * <p>It grows with the engines, so it isn't a record.
 */
public final class VectorSpec {
  /** The name of the plain vector, which has none. */
  public static final String PLAIN = "";

  private static final int MAX_DIMENSION = 65_535;

  private final int dimension;
  private final Metric metric;

  private VectorSpec(int dimension, Metric metric) {
    this.dimension = dimension;
    this.metric = metric;
  }

  /**
   * Vectors of a dimension and a metric.
   *
   * @param dimension 1 to 65,535; an engine may take fewer, all take 3,072
   * @param metric how nearness is measured
   * @return the specification
   * @throws VectorStoreException.InvalidRequest if the dimension is out of range
   */
  public static VectorSpec of(int dimension, Metric metric) {
    if (dimension < 1 || dimension > MAX_DIMENSION) {
      throw new VectorStoreException.InvalidRequest(
          "a dimension of " + dimension + " isn't in 1 to " + MAX_DIMENSION);
    }
    return new VectorSpec(dimension, Objects.requireNonNull(metric, "metric"));
  }

  /**
   * The dimension.
   *
   * @return how many components each vector has
   */
  public int dimension() {
    return dimension;
  }

  /**
   * The metric.
   *
   * @return how nearness is measured
   */
  public Metric metric() {
    return metric;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VectorSpec spec && dimension == spec.dimension && metric == spec.metric;
  }

  @Override
  public int hashCode() {
    return Objects.hash(dimension, metric);
  }

  @Override
  public String toString() {
    return metric + " of " + dimension + " dimensions";
  }
}
