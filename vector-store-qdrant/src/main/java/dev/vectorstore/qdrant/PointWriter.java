package dev.vectorstore.qdrant;

import dev.vectorstore.VectorRecord;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.Points.PointStruct;
import org.jspecify.annotations.Nullable;

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

  /**
   * The fields of a point.
   *
   * @param record the record
   * @param token the record's token; unless given, a new one where there is something to keep
   * @param out where to
   */
  void write(VectorRecord record, @Nullable Long token, ProtoWriter out) {
    int payload = PointStruct.PAYLOAD_FIELD_NUMBER;
    out.writeMessage(PointStruct.ID_FIELD_NUMBER, PointIds.of(record.id()));
    record
        .payload()
        .toValue()
        .entries()
        .forEach(
            (key, value) -> out.writeEntry(payload, key, () -> PayloadWriter.write(value, out)));
    Struct reserved = ReservedWriter.reserved(record.id(), record.payload(), layout.slots());
    if (token != null || reserved.getFieldsCount() > 0) {
      Struct tokened = Writes.withToken(reserved, token == null ? Writes.newToken() : token);
      out.writeEntry(payload, Reserved.KEY, () -> out.writeFields(JsonValues.struct(tokened)));
    }
    out.writeMessage(PointStruct.VECTORS_FIELD_NUMBER, () -> vectors.write(record, reserved, out));
  }
}
