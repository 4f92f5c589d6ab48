package dev.vectorstore.embedded;

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
  private static final byte NUMBER_ID = 0;
  private static final byte UUID_ID = 1;
  private static final byte TEXT_ID = 2;

  private IdBytes() {}

  static BytesRef of(RecordId id) {
    if (id instanceof RecordId.NumberId number) {
      return new BytesRef(ByteBuffer.allocate(9).put(NUMBER_ID).putLong(number.value()).array());
    }
    if (id instanceof RecordId.UuidId uuid) {
      return new BytesRef(
          ByteBuffer.allocate(17)
              .put(UUID_ID)
              .putLong(uuid.value().getMostSignificantBits())
              .putLong(uuid.value().getLeastSignificantBits())
              .array());
    }
    byte[] text = id.toString().getBytes(StandardCharsets.UTF_8);
    return new BytesRef(ByteBuffer.allocate(1 + text.length).put(TEXT_ID).put(text).array());
  }

  static RecordId read(BytesRef bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes.bytes, bytes.offset, bytes.length);
    byte kind = buffer.get();
    if (kind == NUMBER_ID) {
      return RecordId.of(buffer.getLong());
    }
    if (kind == UUID_ID) {
      return RecordId.of(new UUID(buffer.getLong(), buffer.getLong()));
    }
    return RecordId.of(
        new String(bytes.bytes, bytes.offset + 1, bytes.length - 1, StandardCharsets.UTF_8));
  }
}
