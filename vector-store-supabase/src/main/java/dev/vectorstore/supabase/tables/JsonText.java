package dev.vectorstore.supabase.tables;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.NumberOutput;
import dev.vectorstore.Value;
import dev.vectorstore.support.PayloadJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;

/**
 * Values as JSON for Postgres, which compares numbers as decimals: a whole double is written with
 * all its digits, since its shortest text is another number (2^62 would end in 000).
 */
public final class JsonText {
  private JsonText() {}

  public static String of(Value value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = PayloadJson.factory().createGenerator(text)) {
      write(out, value);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  public static void write(JsonGenerator out, Value value) throws IOException {
    PayloadJson.write(out, value, (json, number) -> json.writeNumber(decimal(number)));
  }

  /**
   * A double as a decimal: exact where it is whole, else the shortest that gives it back, on any
   * JDK.
   */
  public static String decimal(double number) {
    return number == Math.rint(number)
        ? new BigDecimal(number).toPlainString()
        : NumberOutput.toString(number, true);
  }
}
