package dev.vectorstore.qdrant;

import dev.vectorstore.VectorRecord;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.Points.PointStruct;

/**
 * Writes records as points: each with its payload, what we keep beside it, and vectors. Immutable.
 */
final class PointWriter {
  private final Layout layout;
  private final PointVectors vectors;

  PointWriter(Layout layout) {
    this.layout = layout;
    this.vectors = new PointVectors(layout);
  }

  /** The fields of a point. */
  void write(VectorRecord record, ProtoWriter out) {
    int payload = PointStruct.PAYLOAD_FIELD_NUMBER;
    out.writeMessage(PointStruct.ID_FIELD_NUMBER, PointIds.of(record.id()));
    record
        .payload()
        .toValue()
        .entries()
        .forEach(
            (key, value) -> out.writeEntry(payload, key, () -> PayloadWriter.write(value, out)));
    Struct reserved = ReservedWriter.reserved(record.id(), record.payload(), layout.slots());
    if (reserved.getFieldsCount() > 0) {
      Struct tokened = Writes.withToken(reserved, Writes.newToken());
      out.writeEntry(payload, Reserved.KEY, () -> out.writeFields(JsonValues.struct(tokened)));
    }
    out.writeMessage(
        PointStruct.VECTORS_FIELD_NUMBER,
        () -> vectors.write(record.vector().orElse(null), reserved, out));
  }
}
