package dev.vectorstore;

import java.util.Arrays;
import java.util.Objects;

/**
 * A dense vector of floats. Immutable and safe for threads: arrays are copied on the way in and on
 * the way out. Equality is by bits.
 *
 * <p>Any float can be held here; a collection refuses NaN, infinities, a wrong dimension and, under
 * {@link Metric#COSINE}, the zero vector, naming the record.
 */
public final class Embedding {
  private final float[] components;

  private Embedding(float[] components) {
    this.components = components;
  }

  /**
   * A vector of these components.
   *
   * @param components at least one number; copied
   * @return the vector
   * @throws VectorStoreException.InvalidRequest if there are no components
   */
  public static Embedding of(float... components) {
    if (Objects.requireNonNull(components, "components").length == 0) {
      throw new VectorStoreException.InvalidRequest(
          "a vector needs at least one component; leave the vector of a record out instead");
    }
    return new Embedding(components.clone());
  }

  /**
   * The number of components.
   *
   * @return at least 1
   */
  public int dimension() {
    return components.length;
  }

  /**
   * One component.
   *
   * @param index 0 to {@code dimension() - 1}
   * @return the component
   * @throws IndexOutOfBoundsException if there is no such component
   */
  public float at(int index) {
    return components[index];
  }

  /**
   * A copy of the components.
   *
   * @return a new array of {@link #dimension()} floats
   */
  public float[] toArray() {
    return components.clone();
  }

  /**
   * Whether every component is zero (of either sign).
   *
   * @return true for the zero vector
   */
  public boolean isZero() {
    for (float component : components) {
      if (component != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether no component is NaN or infinite.
   *
   * @return true if all components are finite
   */
  public boolean isFinite() {
    for (float component : components) {
      if (!Float.isFinite(component)) {
        return false;
      }
    }
    return true;
  }

  /**
   * This vector scaled to length 1, computed in double precision, so that tiny and huge vectors
   * keep their direction. A vector that has length 1 to float precision is returned as it is.
   *
   * @return a vector of the same direction and length 1; this vector if it is zero or not finite
   */
  public Embedding normalized() {
    double squares = 0;
    for (float component : components) {
      squares += (double) component * component;
    }
    if (squares == 0 || !Double.isFinite(squares) || Math.abs(squares - 1) <= 1e-7) {
      return this;
    }
    double norm = Math.sqrt(squares);
    float[] scaled = new float[components.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (components[i] / norm);
    }
    return new Embedding(scaled);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Embedding vector && Arrays.equals(components, vector.components);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(components);
  }

  /** The dimension alone: vectors are personal data where embeddings are. */
  @Override
  public String toString() {
    return "Embedding[dimension=" + components.length + "]";
  }
}
