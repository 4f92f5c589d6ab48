package dev.vectorstore.supabase.managed;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.vectorstore.Payload;
import dev.vectorstore.Value;
import dev.vectorstore.supabase.tables.JsonText;
import dev.vectorstore.support.PayloadJson;
import java.io.IOException;

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
    PayloadJson.write(out, value, StoredJson::writeDouble);
  }

  private static void writeDouble(JsonGenerator out, double number) throws IOException {
    String decimal = JsonText.decimal(number);
    out.writeNumber(number == Math.rint(number) ? decimal + ".0" : decimal);
  }
}
