package dev.vectorstore.supabase.tables;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.NumberInput;
import dev.vectorstore.Embedding;
import dev.vectorstore.support.PayloadJson;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Vectors as PostgREST writes them, the text {@code [1,0.5,0]}, and as we send them. */
public final class VectorText {
  private VectorText() {}

  /**
   * Reads the vector at which a parser stands, without a text in between.
   *
   * @param in the parser; it is left at the last token
   * @param expected how many components there should be
   * @return the components, or null if what stands there is no vector
   */
  static float @Nullable [] read(JsonParser in, int expected) throws IOException {
    if (in.currentToken() == JsonToken.START_ARRAY) {
      return readArray(in, expected);
    }
    if (in.currentToken() != JsonToken.VALUE_STRING) {
      in.skipChildren();
      return null;
    }
    return parse(in.getTextCharacters(), in.getTextOffset(), in.getTextLength(), expected);
  }

  private static float @Nullable [] readArray(JsonParser in, int expected) throws IOException {
    float[] components = new float[Math.max(1, expected)];
    int count = 0;
    boolean numbers = true;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      numbers &= in.currentToken().isNumeric();
      if (numbers) {
        components = grown(components, count);
        components[count++] = NumberInput.parseFloat(in.getText(), true);
      }
      in.skipChildren();
    }
    return numbers ? Arrays.copyOf(components, count) : null;
  }

  private static float @Nullable [] parse(char[] text, int offset, int length, int expected) {
    int last = offset + length - 1;
    if (length < 3 || text[offset] != '[' || text[last] != ']') {
      return null;
    }
    float[] components = new float[Math.max(1, expected)];
    int count = 0;
    int start = offset + 1;
    try {
      for (int i = start; i <= last; i++) {
        if (text[i] == ',' || i == last) {
          components = grown(components, count);
          components[count++] = NumberInput.parseFloat(text, start, i - start, true);
          start = i + 1;
        }
      }
    } catch (NumberFormatException notANumber) {
      return null;
    }
    return Arrays.copyOf(components, count);
  }

  private static float[] grown(float[] components, int count) {
    return count < components.length ? components : Arrays.copyOf(components, 2 * count);
  }

  /** The dimension of the first vector in an answer of rows with one column, or 0 without rows. */
  public static int firstDimension(InputStream rows) throws IOException {
    try (JsonParser in = PayloadJson.factory().createParser(rows)) {
      while (in.nextToken() != null) {
        if (in.currentToken() == JsonToken.VALUE_STRING) {
          float[] components = read(in, 0);
          return components == null ? 0 : components.length;
        }
      }
      return 0;
    }
  }

  /** The shortest text that gives every float back. */
  public static String write(Embedding vector) {
    StringBuilder text = new StringBuilder(12 * vector.dimension()).append('[');
    for (int i = 0; i < vector.dimension(); i++) {
      text.append(i == 0 ? "" : ",").append(vector.at(i));
    }
    return text.append(']').toString();
  }
}
