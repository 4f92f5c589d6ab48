package dev.vectorstore.qdrant;

import dev.vectorstore.Value;
import io.qdrant.client.grpc.JsonWithInt;
import io.qdrant.client.grpc.JsonWithInt.ListValue;
import io.qdrant.client.grpc.JsonWithInt.NullValue;
import io.qdrant.client.grpc.JsonWithInt.Struct;

/** The user's keys as they are stored. Stateless. */
final class PayloadWriter {
  private static final int USUAL_SIZE = 64;

  private PayloadWriter() {}

  /** The fields of a message of one value. */
  static void write(Value value, ProtoWriter out) {
    if (value instanceof Value.StringValue text) {
      out.writeString(JsonWithInt.Value.STRING_VALUE_FIELD_NUMBER, text.value());
    } else if (value instanceof Value.LongValue number) {
      out.writeInt64(JsonWithInt.Value.INTEGER_VALUE_FIELD_NUMBER, number.value());
    } else if (value instanceof Value.DoubleValue number) {
      out.writeDouble(
          JsonWithInt.Value.DOUBLE_VALUE_FIELD_NUMBER, SerdeDoubles.storable(number.value()));
    } else if (value instanceof Value.BooleanValue bool) {
      out.writeBool(JsonWithInt.Value.BOOL_VALUE_FIELD_NUMBER, bool.value());
    } else if (value instanceof Value.ListValue list) {
      write(list, out);
    } else if (value instanceof Value.ObjectValue object) {
      write(object, out);
    } else {
      out.writeInt64(JsonWithInt.Value.NULL_VALUE_FIELD_NUMBER, NullValue.NULL_VALUE_VALUE);
    }
  }

  /** The same as an object. */
  static JsonWithInt.Value value(Value value) {
    ProtoWriter written = new ProtoWriter(USUAL_SIZE);
    write(value, written);
    return written.parsed(JsonWithInt.Value.parser());
  }

  private static void write(Value.ListValue list, ProtoWriter out) {
    out.writeMessage(
        JsonWithInt.Value.LIST_VALUE_FIELD_NUMBER,
        () ->
            list.elements()
                .forEach(
                    element ->
                        out.writeMessage(
                            ListValue.VALUES_FIELD_NUMBER, () -> write(element, out))));
  }

  private static void write(Value.ObjectValue object, ProtoWriter out) {
    out.writeMessage(
        JsonWithInt.Value.STRUCT_VALUE_FIELD_NUMBER,
        () ->
            object
                .entries()
                .forEach(
                    (key, value) ->
                        out.writeEntry(Struct.FIELDS_FIELD_NUMBER, key, () -> write(value, out))));
  }
}
