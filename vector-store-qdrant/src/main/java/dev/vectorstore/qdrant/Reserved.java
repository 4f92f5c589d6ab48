package dev.vectorstore.qdrant;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Payload;
import dev.vectorstore.TextTerms;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Where our own data lies in a stored payload: under {@value Payload#RESERVED_KEY}.
 *
 * <ul>
 *   <li>{@code id}: the text of a text id, whose point has a UUID derived from it
 *   <li>{@code d}: the bits of doubles that Qdrant's storage would change and that have stand-ins,
 *       with their paths
 *   <li>{@code v}: a token that changes with everything else here, so that a patch can tell whether
 *       the record is still the one it read
 *   <li>{@code t...}: for each text field, the terms of each of its elements in one string
 *   <li>{@code t...h}: for each text field, a print of the text that the terms were made of
 * </ul>
 */
final class Reserved {
  static final String KEY = Payload.RESERVED_KEY;
  static final String TEXT_ID = "id";
  static final String DOUBLES = "d";
  static final String TOKEN = "v";

  /** How the keys of all slots begin. */
  static final String SLOTS = "t";

  static final String TEXT_ID_PATH = path(TEXT_ID);
  static final String TOKEN_PATH = path(TOKEN);
  static final String DOUBLES_PATH = path(DOUBLES);

  private Reserved() {}

  static String path(String key) {
    return KEY + "." + key;
  }

  /**
   * The same for every client, so that two that add a field at once agree. It begins with what all
   * fields below a top-level key have in common, so that a client that doesn't know the field can
   * tell that it changes it.
   */
  static String slot(FieldPath field) {
    return slot(field, TextTerms.version());
  }

  /** Terms of other rules lie elsewhere: no client takes them for its own. */
  static String slot(FieldPath field, int version) {
    String text = version == 1 ? field.toString() : version + " " + field;
    return slotsBelow(field.segments().get(0)) + hash(text);
  }

  /** How the slots of all fields below a top-level key begin. */
  static String slotsBelow(String key) {
    return SLOTS + hash(key);
  }

  private static String hash(String text) {
    UUID hash = UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    return String.format("%016x", hash.getMostSignificantBits());
  }
}
