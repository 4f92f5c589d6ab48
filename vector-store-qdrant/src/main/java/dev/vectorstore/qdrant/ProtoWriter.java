package dev.vectorstore.qdrant;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.WireFormat;
import dev.vectorstore.Embedding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes a protocol buffers message field by field into one array, without making an object of each
 * part. The length of a nested message stands before it, but is known only once it is written: one
 * byte is left free for it, and the message is moved up where the length needs more. Not safe for
 * threads.
 */
final class ProtoWriter {
  private static final int MAX_VARINT_SIZE = 10;
  private static final int ENTRY_KEY = 1;
  private static final int ENTRY_VALUE = 2;

  private byte[] array;
  private ByteBuffer bytes;

  /**
   * An empty message.
   *
   * @param capacity about how many bytes it will have
   */
  ProtoWriter(int capacity) {
    this.array = new byte[capacity];
    this.bytes = wrapped(array);
  }

  private static ByteBuffer wrapped(byte[] array) {
    return ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What is written, from its start; may be longer than {@link #length()}. */
  byte[] array() {
    return array;
  }

  int length() {
    return bytes.position();
  }

  /** What is written, as an object. */
  <T> T parsed(Parser<T> parser) {
    try {
      return parser.parseFrom(array, 0, length());
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException("what was just written can't be read", impossible);
    }
  }

  /** A nested message. */
  void writeMessage(int field, Runnable fields) {
    tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    room(1).put((byte) 0);
    int begin = length();
    fields.run();
    int size = length() - begin;
    int more = CodedOutputStream.computeUInt32SizeNoTag(size) - 1;
    if (more > 0) {
      room(more);
      System.arraycopy(array, begin, array, begin + more, size);
    }
    bytes.position(begin - 1);
    putVarint(size);
    bytes.position(begin + more + size);
  }

  /** An entry of a map from strings to messages. */
  void writeEntry(int map, String key, Runnable fields) {
    writeMessage(
        map,
        () -> {
          writeString(ENTRY_KEY, key);
          writeMessage(ENTRY_VALUE, fields);
        });
  }

  void writeString(int field, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    varint(utf8.length);
    room(utf8.length).put(utf8);
  }

  /** Also an enum's number. */
  void writeInt64(int field, long number) {
    tag(field, WireFormat.WIRETYPE_VARINT);
    varint(number);
  }

  void writeBool(int field, boolean value) {
    writeInt64(field, value ? 1 : 0);
  }

  void writeDouble(int field, double number) {
    tag(field, WireFormat.WIRETYPE_FIXED64);
    room(Double.BYTES).putDouble(number);
  }

  void writeFloats(int field, Embedding vector) {
    float[] components = vector.toArray();
    int size = components.length * Float.BYTES;
    tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    varint(size);
    room(size).asFloatBuffer().put(components);
    bytes.position(length() + size);
  }

  void writeMessage(int field, MessageLite message) {
    tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    varint(message.getSerializedSize());
    writeFields(message);
  }

  /** The fields of a message, as if they were written here one by one. */
  void writeFields(MessageLite message) {
    int size = message.getSerializedSize();
    room(size);
    try {
      message.writeTo(CodedOutputStream.newInstance(array, length(), size));
    } catch (IOException impossible) {
      throw new IllegalStateException("a message is longer than it says", impossible);
    }
    bytes.position(length() + size);
  }

  private void tag(int field, int type) {
    varint((long) field << 3 | type);
  }

  private void varint(long value) {
    room(MAX_VARINT_SIZE);
    putVarint(value);
  }

  private void putVarint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    bytes.put((byte) rest);
  }

  /** The bytes, with room for so many more. */
  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      int length = length();
      array = Arrays.copyOf(array, Math.max(Math.addExact(length, more), 2 * length));
      bytes = wrapped(array).position(length);
    }
    return bytes;
  }
}
