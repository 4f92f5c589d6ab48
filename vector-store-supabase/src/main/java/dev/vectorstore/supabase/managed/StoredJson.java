package dev.vectorstore.supabase.managed;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.vectorstore.Payload;
import dev.vectorstore.Value;
import dev.vectorstore.supabase.tables.JsonText;
import dev.vectorstore.support.PayloadJson;
import java.io.IOException;
import java.util.Map;

/**
 * Payloads as our tables keep them, in {@code jsonb}: it holds a number as a decimal with its
 * scale, so a double is written with a point and comes back as one.
 */
public final class StoredJson {
  private StoredJson() {}

  public static void write(JsonGenerator out, Payload payload) throws IOException {
    write(out, payload.toValue());
  }

  public static void write(JsonGenerator out, Value value) throws IOException {
    if (value instanceof Value.ObjectValue object) {
      out.writeStartObject();
      for (Map.Entry<String, Value> entry : object.entries().entrySet()) {
        out.writeFieldName(entry.getKey());
        write(out, entry.getValue());
      }
      out.writeEndObject();
    } else if (value instanceof Value.ListValue list) {
      out.writeStartArray();
      for (Value element : list.elements()) {
        write(out, element);
      }
      out.writeEndArray();
    } else if (value instanceof Value.DoubleValue number) {
      String decimal = JsonText.decimal(number.value());
      out.writeNumber(number.value() == Math.rint(number.value()) ? decimal + ".0" : decimal);
    } else {
      PayloadJson.write(out, value);
    }
  }
}
