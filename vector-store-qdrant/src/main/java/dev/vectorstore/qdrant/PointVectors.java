package dev.vectorstore.qdrant;

import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.Points;
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

  /** The fields of a message of vectors, of a record that is written. */
  void write(@Nullable Embedding vector, Struct reserved, ProtoWriter out) {
    writeStored(vector != null && normalises ? vector.normalized() : vector, reserved, out);
  }

  /** Of a record whose vector was read, and stays to the last bit. */
  Vectors stored(@Nullable Embedding vector, Struct reserved) {
    ProtoWriter written = new ProtoWriter(DenseVectors.OVERHEAD);
    writeStored(vector, reserved, written);
    return written.parsed(Vectors.parser());
  }

  private void writeStored(@Nullable Embedding vector, Struct reserved, ProtoWriter out) {
    if (vector != null && layout.vectorName().isEmpty() && layout.rankedSlots().isEmpty()) {
      out.writeMessage(Vectors.VECTOR_FIELD_NUMBER, () -> DenseVectors.write(vector, out));
    } else {
      // Points without vectors must say so: leaving it out is an error.
      out.writeMessage(Vectors.VECTORS_FIELD_NUMBER, () -> writeNamed(vector, reserved, out));
    }
  }

  private void writeNamed(@Nullable Embedding vector, Struct reserved, ProtoWriter out) {
    int map = NamedVectors.VECTORS_FIELD_NUMBER;
    if (vector != null) {
      out.writeEntry(map, layout.vectorName(), () -> DenseVectors.write(vector, out));
    }
    for (TextSlot slot : layout.rankedSlots()) {
      if (reserved.containsFields(slot.key())) {
        out.writeEntry(map, slot.key(), () -> out.writeFields(sparse(slot, reserved)));
      }
    }
  }

  private static Points.Vector sparse(TextSlot slot, Struct reserved) {
    return Points.Vector.newBuilder()
        .setSparse(
            RankedTerms.weights(
                reserved.getFieldsOrThrow(slot.key()).getListValue().getValuesList()))
        .build();
  }
}
