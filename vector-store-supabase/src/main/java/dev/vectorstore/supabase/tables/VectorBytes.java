package dev.vectorstore.supabase.tables;

import dev.vectorstore.Embedding;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Vectors as pgvector sends them in binary: two short numbers, the first the length, and floats.
 */
public final class VectorBytes {
  private static final int HEADER = 4;

  private VectorBytes() {}

  /** The vector. */
  public static Embedding vector(byte[] bytes) {
    float[] components = bytes.length <= HEADER ? null : read(bytes);
    if (components == null) {
      throw new MalformedResponse("the function's answer has a vector that isn't one");
    }
    return Embedding.of(components);
  }

  /** The components, or null if there is no vector. */
  public static float @Nullable [] read(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    float[] components = new float[(bytes.length - HEADER) / Float.BYTES];
    ByteBuffer.wrap(bytes, HEADER, bytes.length - HEADER).asFloatBuffer().get(components);
    return components;
  }
}
