package dev.vectorstore.qdrant;

import io.qdrant.client.grpc.JsonWithInt;
import io.qdrant.client.grpc.JsonWithInt.ListValue;
import io.qdrant.client.grpc.JsonWithInt.NullValue;
import io.qdrant.client.grpc.JsonWithInt.Struct;

/** Values of what we keep ourselves: beside payloads, and in metadata. Stateless. */
final class JsonValues {
  private static final JsonWithInt.Value NULL =
      JsonWithInt.Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build();

  private JsonValues() {}

  static JsonWithInt.Value string(String text) {
    return JsonWithInt.Value.newBuilder().setStringValue(text).build();
  }

  static JsonWithInt.Value integer(long number) {
    return JsonWithInt.Value.newBuilder().setIntegerValue(number).build();
  }

  static JsonWithInt.Value struct(Struct struct) {
    return JsonWithInt.Value.newBuilder().setStructValue(struct).build();
  }

  /** What makes Qdrant's payload merge remove a key. */
  static JsonWithInt.Value none() {
    return NULL;
  }

  static JsonWithInt.Value list(ListValue.Builder list) {
    return JsonWithInt.Value.newBuilder().setListValue(list).build();
  }
}
