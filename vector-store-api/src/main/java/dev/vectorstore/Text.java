package dev.vectorstore;

import java.nio.charset.StandardCharsets;

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
