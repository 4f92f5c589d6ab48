package dev.vectorstore.supabase.tables;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorSpec;

/**
 * A column that is read as vectors.
 *
 * @param name the vector's name in the collection
 * @param column the column
 * @param spec its dimension and metric
 */
public record VectorColumn(String name, Column column, VectorSpec spec) {
  public boolean isHalf() {
    return column.type().format().contains("halfvec");
  }

  /** Whether it takes vectors of other dimensions than that of its first one. */
  public boolean takesOthers() {
    return column.type().dimension() == 0;
  }

  /** Declares a vector, which may be the plain one. */
  public static void declare(CollectionSpec.Builder spec, String name, VectorSpec vector) {
    if (name.equals(VectorSpec.PLAIN)) {
      spec.vectors(vector.dimension(), vector.metric());
    } else {
      spec.vector(name, vector.dimension(), vector.metric());
    }
  }
}
