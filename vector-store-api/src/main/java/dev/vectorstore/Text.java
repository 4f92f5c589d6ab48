package dev.vectorstore;

import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

/** What every text that enters a store must satisfy: each engine can hold it unchanged. */
final class Text {
  private Text() {}

  /** Refuses U+0000 and unpaired surrogates, which Postgres and protobuf can't hold. */
  static String require(String text, String what) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw new VectorStoreException.InvalidRequest(
            what + " has U+0000 at index " + i + ", which no engine can store; remove it");
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw new VectorStoreException.InvalidRequest(
              what + " has an unpaired surrogate at index " + i + ", which isn't text; remove it");
        }
        i++;
      }
    }
    return text;
  }

  /**
   * A text for a terminal or a log: what would move a cursor, end a line, colour, or turn the
   * direction of what follows is escaped as in JSON, and so are unpaired surrogates.
   *
   * @param more what else is escaped
   */
  static String withoutControls(String text, IntPredicate more) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isControl(c) || more.test(c)) {
                for (char unit : Character.toChars(c)) {
                  clean.append(String.format("\\u%04x", (int) unit));
                }
              } else {
                clean.appendCodePoint(c);
              }
            });
    return clean.toString();
  }

  private static boolean isControl(int c) {
    boolean turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    int type = Character.getType(c);
    return turns
        || type == Character.CONTROL
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }

  static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** By code point; String's own order is by UTF-16 unit, which differs above U+FFFF. */
  static int compareByCodePoint(String a, String b) {
    int shared = Math.min(a.length(), b.length());
    for (int i = 0; i < shared; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean surrogateX = Character.isSurrogate(x);
        return surrogateX == Character.isSurrogate(y)
            ? Character.compare(x, y)
            : Boolean.compare(surrogateX, !surrogateX);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** A JSON string literal. */
  static String quote(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
