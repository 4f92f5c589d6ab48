package dev.vectorstore.support;

import dev.vectorstore.Embedding;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;

/** Estimates how many bytes a record has on the wire. Stateless. */
public final class RecordSize {
  private static final int OVERHEAD = 32;

  private RecordSize() {}

  /**
   * About how many bytes a record has on the wire.
   *
   * @param record the record
   * @return bytes
   */
  public static long estimate(VectorRecord record) {
    long vectors = 0;
    for (Embedding vector : record.vectors().values()) {
      vectors += 4L * vector.dimension();
    }
    return OVERHEAD + vectors + estimate(record.payload().toValue());
  }

  private static long estimate(Value value) {
    if (value instanceof Value.StringValue string) {
      return utf8(string.value());
    }
    long bytes = 10;
    if (value instanceof Value.ListValue list) {
      for (Value element : list.elements()) {
        bytes += estimate(element);
      }
    } else if (value instanceof Value.ObjectValue object) {
      for (var entry : object.entries().entrySet()) {
        bytes += utf8(entry.getKey()) + estimate(entry.getValue());
      }
    }
    return bytes;
  }

  /** Not above three bytes a char in UTF-8; counted without encoding. */
  private static long utf8(String text) {
    long bytes = 6L + text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 0 : c < 0x800 ? 1 : 2;
    }
    return bytes;
  }
}
