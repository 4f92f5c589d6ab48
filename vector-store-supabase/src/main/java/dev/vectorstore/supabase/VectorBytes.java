package dev.vectorstore.supabase;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Vectors as pgvector sends them in binary: two short numbers, the first the length, and floats.
 */
final class VectorBytes {
  private static final int HEADER = 4;

  private VectorBytes() {}

  /** The components, or null if there is no vector. */
  static float @Nullable [] read(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    float[] components = new float[(bytes.length - HEADER) / Float.BYTES];
    ByteBuffer.wrap(bytes, HEADER, bytes.length - HEADER).asFloatBuffer().get(components);
    return components;
  }
}
