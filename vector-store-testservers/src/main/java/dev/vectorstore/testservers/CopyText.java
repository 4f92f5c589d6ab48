package dev.vectorstore.testservers;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Postgres' text format of COPY. */
final class CopyText {
  private CopyText() {}

  static void writeRow(Writer out, List<? extends @Nullable Object> values) throws IOException {
    String separator = "";
    for (Object value : values) {
      out.write(separator);
      writeValue(out, value);
      separator = "\t";
    }
    out.write('\n');
  }

  private static void writeValue(Writer out, @Nullable Object value) throws IOException {
    if (value == null) {
      out.write("\\N");
    } else if (value instanceof float[] vector) {
      writeVector(out, vector);
    } else {
      writeEscaped(out, value.toString());
    }
  }

  private static void writeVector(Writer out, float[] vector) throws IOException {
    char separator = '[';
    for (float component : vector) {
      out.write(separator);
      out.write(Float.toString(component));
      separator = ',';
    }
    out.write(']');
  }

  private static void writeEscaped(Writer out, String text) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> out.write("\\\\");
        case '\t' -> out.write("\\t");
        case '\n' -> out.write("\\n");
        case '\r' -> out.write("\\r");
        default -> out.write(c);
      }
    }
  }
}
