package dev.vectorstore.qdrant;

import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.Points;
import io.qdrant.client.grpc.Points.DenseVector;
import io.qdrant.client.grpc.Points.NamedVectors;
import io.qdrant.client.grpc.Points.VectorOutput;
import io.qdrant.client.grpc.Points.Vectors;
import io.qdrant.client.grpc.Points.VectorsOutput;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The vectors of a point: the record's own, and those of its ranked texts. Immutable. */
final class PointVectors {
  private final Layout layout;

  /** The names of the vectors that are stored with a length of 1. */
  private final Set<String> normalised;

  PointVectors(Layout layout) {
    this.layout = layout;
    this.normalised =
        layout.spec().vectors().entrySet().stream()
            .filter(vector -> vector.getValue().metric() == Metric.COSINE)
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The fields of a message of vectors, of a record that is written. All by their names, also where
   * there is the plain one alone or none: once it is dropped, a server that reads its log after a
   * crash passes by a vector that was written by its name, and not the other way.
   */
  void write(VectorRecord record, Struct reserved, ProtoWriter out) {
    out.writeMessage(Vectors.VECTORS_FIELD_NUMBER, () -> writeNamed(record, reserved, out));
  }

  private void writeNamed(VectorRecord record, Struct reserved, ProtoWriter out) {
    int map = NamedVectors.VECTORS_FIELD_NUMBER;
    record
        .vectors()
        .forEach((name, vector) -> out.writeEntry(map, name, () -> writeDense(name, vector, out)));
    for (TextSlot slot : layout.rankedSlots()) {
      if (reserved.containsFields(slot.key())) {
        out.writeEntry(map, slot.key(), () -> out.writeFields(sparse(slot, reserved)));
      }
    }
  }

  private void writeDense(String name, Embedding vector, ProtoWriter out) {
    DenseVectors.write(normalised.contains(name) ? vector.normalized() : vector, out);
  }

  /**
   * Of a point that was read: its vectors stay to the last bit, also those that were added since
   * the collection was opened, and those of its ranked texts are made anew.
   */
  Vectors stored(VectorsOutput read, Struct reserved) {
    NamedVectors.Builder vectors = NamedVectors.newBuilder();
    if (read.hasVector()) {
      vectors.putVectors(VectorSpec.PLAIN, stored(read.getVector()));
    }
    read.getVectors()
        .getVectorsMap()
        .forEach((name, vector) -> vectors.putVectors(name, stored(vector)));
    for (TextSlot slot : layout.rankedSlots()) {
      if (reserved.containsFields(slot.key())) {
        vectors.putVectors(slot.key(), sparse(slot, reserved));
      } else {
        vectors.removeVectors(slot.key());
      }
    }
    return Vectors.newBuilder().setVectors(vectors).build();
  }

  /** Older servers answer in the field that has been replaced by {@code dense}. */
  @SuppressWarnings("deprecation")
  private static Points.Vector stored(VectorOutput read) {
    Points.Vector.Builder vector = Points.Vector.newBuilder();
    switch (read.getVectorCase()) {
      case DENSE -> vector.setDense(read.getDense());
      case SPARSE -> vector.setSparse(read.getSparse());
      case MULTI_DENSE -> vector.setMultiDense(read.getMultiDense());
      case VECTOR_NOT_SET ->
          vector.setDense(DenseVector.newBuilder().addAllData(read.getDataList()));
    }
    return vector.build();
  }

  private static Points.Vector sparse(TextSlot slot, Struct reserved) {
    return Points.Vector.newBuilder()
        .setSparse(
            RankedTerms.weights(
                reserved.getFieldsOrThrow(slot.key()).getListValue().getValuesList()))
        .build();
  }
}
