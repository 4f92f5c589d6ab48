package dev.vectorstore.embedded;

import dev.vectorstore.Payload;
import dev.vectorstore.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.store.ByteArrayDataInput;
import org.apache.lucene.store.ByteBuffersDataOutput;
import org.apache.lucene.util.BytesRef;

/**
 * Payloads as bytes: a tag and the value. Smaller and faster to read than JSON, and every bit of a
 * double, the kind of each number and the order of the keys stay.
 */
final class PayloadBytes {
  private static final byte NULL = 0;
  private static final byte FALSE = 1;
  private static final byte TRUE = 2;
  private static final byte LONG = 3;
  private static final byte DOUBLE = 4;
  private static final byte STRING = 5;
  private static final byte LIST = 6;
  private static final byte OBJECT = 7;

  private PayloadBytes() {}

  static BytesRef of(Payload payload) throws IOException {
    ByteBuffersDataOutput out = new ByteBuffersDataOutput();
    writeEntries(out, payload.toValue());
    return new BytesRef(out.toArrayCopy());
  }

  static Payload read(BytesRef bytes) throws IOException {
    ByteArrayDataInput in = new ByteArrayDataInput(bytes.bytes, bytes.offset, bytes.length);
    return Payload.of(readEntries(in));
  }

  private static void write(ByteBuffersDataOutput out, Value value) throws IOException {
    if (value instanceof Value.StringValue string) {
      out.writeByte(STRING);
      out.writeString(string.value());
    } else if (value instanceof Value.LongValue number) {
      out.writeByte(LONG);
      out.writeZLong(number.value());
    } else if (value instanceof Value.DoubleValue number) {
      out.writeByte(DOUBLE);
      out.writeLong(Double.doubleToRawLongBits(number.value()));
    } else if (value instanceof Value.BooleanValue bool) {
      out.writeByte(bool.value() ? TRUE : FALSE);
    } else if (value instanceof Value.ListValue list) {
      out.writeByte(LIST);
      out.writeVInt(list.elements().size());
      for (Value element : list.elements()) {
        write(out, element);
      }
    } else if (value instanceof Value.ObjectValue object) {
      out.writeByte(OBJECT);
      writeEntries(out, object);
    } else {
      out.writeByte(NULL);
    }
  }

  private static void writeEntries(ByteBuffersDataOutput out, Value.ObjectValue object)
      throws IOException {
    out.writeVInt(object.entries().size());
    for (Map.Entry<String, Value> entry : object.entries().entrySet()) {
      out.writeString(entry.getKey());
      write(out, entry.getValue());
    }
  }

  private static Value read(ByteArrayDataInput in) throws IOException {
    byte tag = in.readByte();
    return switch (tag) {
      case NULL -> Value.NullValue.NULL;
      case FALSE -> new Value.BooleanValue(false);
      case TRUE -> new Value.BooleanValue(true);
      case LONG -> new Value.LongValue(in.readZLong());
      case DOUBLE -> new Value.DoubleValue(Double.longBitsToDouble(in.readLong()));
      case STRING -> new Value.StringValue(in.readString());
      case LIST -> readList(in);
      case OBJECT -> readEntries(in);
      default -> throw new IllegalStateException("a payload has the unknown tag " + tag);
    };
  }

  private static Value.ListValue readList(ByteArrayDataInput in) throws IOException {
    int size = in.readVInt();
    List<Value> elements = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      elements.add(read(in));
    }
    return new Value.ListValue(elements);
  }

  private static Value.ObjectValue readEntries(ByteArrayDataInput in) throws IOException {
    int size = in.readVInt();
    Map<String, Value> entries = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      String key = in.readString();
      entries.put(key, read(in));
    }
    return new Value.ObjectValue(entries);
  }
}
