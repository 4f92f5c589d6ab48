package dev.vectorstore.support;

import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Binds an engine's cursor to engine and collection, so that a cursor of another one is refused
 * instead of skipping records.
 */
final class Cursors {
  private static final String VERSION = "1";
  private static final char SEPARATOR = '\n';

  private Cursors() {}

  static String encode(String engine, String collection, String cursor) {
    String text = prefix(engine, collection) + cursor;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static String decode(String engine, String collection, String cursor) {
    String prefix = prefix(engine, collection);
    String text;
    try {
      text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      throw foreign(notBase64);
    }
    if (!text.startsWith(prefix)) {
      throw foreign(null);
    }
    return text.substring(prefix.length());
  }

  private static String prefix(String engine, String collection) {
    return VERSION + SEPARATOR + engine + SEPARATOR + collection + SEPARATOR;
  }

  private static InvalidRequest foreign(@Nullable Throwable cause) {
    return new InvalidRequest(
        "the cursor isn't one of this collection; start the scan without a cursor", cause);
  }
}
