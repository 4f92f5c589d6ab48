package dev.vectorstore.qdrant;

import dev.vectorstore.Embedding;
import io.qdrant.client.grpc.Points;
import io.qdrant.client.grpc.Points.DenseVector;

/**
 * Makes messages of vectors, by writing their bytes and parsing them. A builder would take the
 * components one by one, perhaps boxed, and would copy its array each time that it grows; a parser
 * makes an array of the right size at once. Stateless.
 */
final class DenseVectors {
  /** Of the tags and lengths around the components. */
  static final int OVERHEAD = 32;

  private DenseVectors() {}

  static DenseVector of(Embedding vector) {
    ProtoWriter written = new ProtoWriter(OVERHEAD + vector.dimension() * Float.BYTES);
    written.writeFloats(DenseVector.DATA_FIELD_NUMBER, vector);
    return written.parsed(DenseVector.parser());
  }

  /** The fields of a message of one dense vector. */
  static void write(Embedding vector, ProtoWriter out) {
    out.writeMessage(
        Points.Vector.DENSE_FIELD_NUMBER,
        () -> out.writeFloats(DenseVector.DATA_FIELD_NUMBER, vector));
  }
}
