package dev.vectorstore.qdrant;

import dev.vectorstore.Metric;
import dev.vectorstore.Vector;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.Points.NamedVectors;
import io.qdrant.client.grpc.Points.Vectors;
import org.jspecify.annotations.Nullable;

/** The vectors of a point: the record's own, and those of its ranked texts. Immutable. */
final class PointVectors {
  private final Layout layout;
  private final boolean normalises;

  PointVectors(Layout layout) {
    this.layout = layout;
    this.normalises = layout.spec().metric().filter(Metric.COSINE::equals).isPresent();
  }

  /** Of a record that is written. */
  Vectors of(@Nullable Vector vector, Struct reserved) {
    return stored(vector != null && normalises ? vector.normalized() : vector, reserved);
  }

  /** Of a record whose vector was read, and stays to the last bit. */
  Vectors stored(@Nullable Vector vector, Struct reserved) {
    if (vector != null && layout.vectorName().isEmpty() && layout.rankedSlots().isEmpty()) {
      return Vectors.newBuilder().setVector(dense(vector)).build();
    }
    // Points without vectors must say so: leaving it out is an error.
    NamedVectors.Builder named = NamedVectors.newBuilder();
    if (vector != null) {
      named.putVectors(layout.vectorName(), dense(vector));
    }
    for (TextSlot slot : layout.rankedSlots()) {
      if (reserved.containsFields(slot.key())) {
        named.putVectors(slot.key(), sparse(slot, reserved));
      }
    }
    return Vectors.newBuilder().setVectors(named).build();
  }

  private static io.qdrant.client.grpc.Points.Vector dense(Vector vector) {
    return io.qdrant.client.grpc.Points.Vector.newBuilder()
        .setDense(DenseVectors.of(vector))
        .build();
  }

  private static io.qdrant.client.grpc.Points.Vector sparse(TextSlot slot, Struct reserved) {
    return io.qdrant.client.grpc.Points.Vector.newBuilder()
        .setSparse(
            RankedTerms.weights(
                reserved.getFieldsOrThrow(slot.key()).getListValue().getValuesList()))
        .build();
  }
}
