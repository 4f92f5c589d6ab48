package dev.vectorstore.qdrant;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.vectorstore.Vector;
import io.qdrant.client.grpc.Points.DenseVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Vectors as messages. A builder takes components one by one, and grows and copies its array again
 * and again, or boxed; what is parsed gets an array of the right size at once. Stateless.
 */
final class DenseVectors {
  private static final byte TAG = DenseVector.DATA_FIELD_NUMBER << 3 | 2;

  private DenseVectors() {}

  static DenseVector of(Vector vector) {
    int dimension = vector.dimension();
    int length = dimension * Float.BYTES;
    ByteBuffer message =
        ByteBuffer.allocate(1 + CodedOutputStream.computeUInt32SizeNoTag(length) + length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(TAG);
    putVarint(message, length);
    for (int i = 0; i < dimension; i++) {
      message.putFloat(vector.at(i));
    }
    try {
      return DenseVector.parseFrom(message.array());
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException("what was just written can't be read", impossible);
    }
  }

  private static void putVarint(ByteBuffer message, int value) {
    int rest = value;
    while (rest > 0x7f) {
      message.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    message.put((byte) rest);
  }
}
