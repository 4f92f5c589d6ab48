package dev.vectorstore.embedded;

import dev.vectorstore.IdKind;
import dev.vectorstore.RecordId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.lucene.util.BytesRef;

/**
 * Ids as bytes whose unsigned order is the order of the ids, so that a scan follows the dictionary
 * of terms: the kind, then a number or UUID from its highest byte, or a text in UTF-8, whose bytes
 * sort by code point.
 */
final class IdBytes {
  private IdBytes() {}

  static BytesRef of(RecordId id) {
    byte kind = (byte) id.kind().ordinal();
    if (id instanceof RecordId.NumberId number) {
      return new BytesRef(ByteBuffer.allocate(9).put(kind).putLong(number.value()).array());
    }
    if (id instanceof RecordId.UuidId uuid) {
      return new BytesRef(
          ByteBuffer.allocate(17)
              .put(kind)
              .putLong(uuid.value().getMostSignificantBits())
              .putLong(uuid.value().getLeastSignificantBits())
              .array());
    }
    byte[] text = id.toString().getBytes(StandardCharsets.UTF_8);
    return new BytesRef(ByteBuffer.allocate(1 + text.length).put(kind).put(text).array());
  }

  static RecordId read(BytesRef bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes.bytes, bytes.offset, bytes.length);
    byte kind = buffer.get();
    if (kind == IdKind.NUMBER.ordinal()) {
      return RecordId.of(buffer.getLong());
    }
    if (kind == IdKind.UUID.ordinal()) {
      return RecordId.of(new UUID(buffer.getLong(), buffer.getLong()));
    }
    return RecordId.of(
        new String(bytes.bytes, bytes.offset + 1, bytes.length - 1, StandardCharsets.UTF_8));
  }
}
