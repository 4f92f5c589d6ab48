package dev.vectorstore.supabase.tables;

import dev.vectorstore.RecordId;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Ids as our tables have them, in hexadecimal: bytes whose order is the order of the ids. The first
 * says the kind, then come the number's eight, the UUID's sixteen, or the text's UTF-8.
 */
public final class IdHex {
  private static final int NUMBER = 0;
  private static final int UUID_KIND = 1;
  private static final int TEXT = 2;

  private IdHex() {}

  public static String of(RecordId id) {
    return HexFormat.of().formatHex(bytes(id));
  }

  private static byte[] bytes(RecordId id) {
    if (id instanceof RecordId.NumberId number) {
      return ByteBuffer.allocate(9).put((byte) NUMBER).putLong(number.value()).array();
    }
    if (id instanceof RecordId.UuidId uuid) {
      return ByteBuffer.allocate(17)
          .put((byte) UUID_KIND)
          .putLong(uuid.value().getMostSignificantBits())
          .putLong(uuid.value().getLeastSignificantBits())
          .array();
    }
    byte[] text = id.toString().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + text.length).put((byte) TEXT).put(text).array();
  }

  /**
   * Reads what {@link #of} wrote.
   *
   * @throws MalformedResponse if it is something else
   */
  public static RecordId parse(String hex) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
      int kind = bytes.get();
      if (kind == NUMBER && bytes.remaining() == Long.BYTES) {
        return RecordId.of(bytes.getLong());
      }
      if (kind == UUID_KIND && bytes.remaining() == 2 * Long.BYTES) {
        return RecordId.of(new UUID(bytes.getLong(), bytes.getLong()));
      }
      if (kind == TEXT) {
        return RecordId.of(StandardCharsets.UTF_8.decode(bytes).toString());
      }
    } catch (IllegalArgumentException | java.nio.BufferUnderflowException notHex) {
      throw new MalformedResponse("the function's answer has an id that isn't one", notHex);
    }
    throw new MalformedResponse("the function's answer has an id of no known kind");
  }
}
