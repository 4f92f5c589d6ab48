package dev.vectorstore.qdrant;

import dev.vectorstore.Payload;
import dev.vectorstore.Value;
import dev.vectorstore.support.PayloadJson;
import io.qdrant.client.grpc.JsonWithInt;
import io.qdrant.client.grpc.JsonWithInt.ListValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Payloads as users wrote them. What others wrote is read as well as it goes, so that one odd row
 * doesn't spoil a search: U+0000 is read as U+FFFD, and what nests too deeply as its JSON text.
 * Stateless.
 */
final class PayloadReader {
  private static final char REPLACEMENT = '\uFFFD';

  private PayloadReader() {}

  static @Nullable String textId(Map<String, JsonWithInt.Value> stored) {
    JsonWithInt.Value reserved = stored.get(Reserved.KEY);
    JsonWithInt.Value id =
        reserved == null ? null : reserved.getStructValue().getFieldsMap().get(Reserved.TEXT_ID);
    return id == null || !id.hasStringValue() ? null : id.getStringValue();
  }

  static Payload payload(Map<String, JsonWithInt.Value> stored) {
    Payload.Builder payload = Payload.builder();
    JsonWithInt.Value reserved = stored.get(Reserved.KEY);
    if (reserved == null) {
      stored.forEach((key, value) -> payload.put(clean(key), value(value, 2)));
    } else {
      restored(stored, reserved).forEach(payload::put);
    }
    return payload.build();
  }

  private static Map<String, Value> restored(
      Map<String, JsonWithInt.Value> stored, JsonWithInt.Value reserved) {
    Map<String, Value> entries = new LinkedHashMap<>();
    stored.forEach(
        (key, value) -> {
          if (!key.equals(Reserved.KEY)) {
            entries.put(clean(key), value(value, 2));
          }
        });
    Originals.of(reserved.getStructValue().getFieldsMap().get(Reserved.DOUBLES)).restore(entries);
    return entries;
  }

  private static Value value(JsonWithInt.Value stored, int depth) {
    return switch (stored.getKindCase()) {
      case STRING_VALUE -> new Value.StringValue(clean(stored.getStringValue()));
      case INTEGER_VALUE -> new Value.LongValue(stored.getIntegerValue());
      case DOUBLE_VALUE -> new Value.DoubleValue(stored.getDoubleValue());
      case BOOL_VALUE -> new Value.BooleanValue(stored.getBoolValue());
      case LIST_VALUE -> nested(list(stored.getListValue(), depth), depth);
      case STRUCT_VALUE -> nested(object(stored, depth), depth);
      case NULL_VALUE, KIND_NOT_SET -> Value.NullValue.NULL;
    };
  }

  private static Value nested(Value value, int depth) {
    return depth == Payload.MAX_DEPTH + 1
        ? new Value.StringValue(PayloadJson.toText(value))
        : value;
  }

  private static Value list(ListValue stored, int depth) {
    List<Value> elements = new ArrayList<>(stored.getValuesCount());
    stored.getValuesList().forEach(element -> elements.add(value(element, depth + 1)));
    return new Value.ListValue(elements);
  }

  private static Value object(JsonWithInt.Value stored, int depth) {
    Map<String, Value> entries = new LinkedHashMap<>();
    stored
        .getStructValue()
        .getFieldsMap()
        .forEach((key, value) -> entries.put(clean(key), value(value, depth + 1)));
    return new Value.ObjectValue(entries);
  }

  private static String clean(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace('\0', REPLACEMENT);
  }
}
