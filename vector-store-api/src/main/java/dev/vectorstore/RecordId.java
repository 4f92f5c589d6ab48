package dev.vectorstore;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;

/**
 * The identity of a record in its collection: a number, a UUID or a text. Immutable values; the
 * number 5 and the text "5" are two ids. The order is: numbers, then UUIDs (as unsigned 128-bit
 * numbers), then texts by code point.
 */
public sealed interface RecordId extends Comparable<RecordId> {
  /** The longest text id, in bytes of UTF-8. */
  int MAX_TEXT_BYTES = 512;

  /**
   * A number.
   *
   * @param value 0 to 2^63 - 1
   */
  record NumberId(long value) implements RecordId {
    /**
     * A number.
     *
     * @param value the value
     * @throws VectorStoreException.InvalidRequest if it is negative
     */
    public NumberId {
      if (value < 0) {
        throw new VectorStoreException.InvalidRequest(
            "the id " + value + " is negative; use the text id \"[" + value + "]\"");
      }
    }

    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /**
   * A UUID.
   *
   * @param value any UUID
   */
  record UuidId(UUID value) implements RecordId {
    /**
     * A UUID.
     *
     * @param value the value
     */
    public UuidId {
      Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
      return value.toString();
    }
  }

  /**
   * A text. Composite keys are written as the JSON array of their columns.
   *
   * @param value 1 to 512 bytes of UTF-8
   */
  record TextId(String value) implements RecordId {
    /**
     * A text.
     *
     * @param value the value
     * @throws VectorStoreException.InvalidRequest if it is empty, too long, or can't be stored
     */
    public TextId {
      Text.require(Objects.requireNonNull(value, "value"), "a text id");
      int bytes = Text.utf8Length(value);
      if (bytes == 0 || bytes > MAX_TEXT_BYTES) {
        throw new VectorStoreException.InvalidRequest(
            "a text id has " + bytes + " bytes of UTF-8; 1 to 512 are allowed, so derive one");
      }
    }

    @Override
    public String toString() {
      return value;
    }
  }

  /**
   * A number as id.
   *
   * @param value 0 to 2^63 - 1
   * @return the id
   * @throws VectorStoreException.InvalidRequest if it is negative
   */
  static RecordId of(long value) {
    return new NumberId(value);
  }

  /**
   * A UUID as id.
   *
   * @param value the UUID
   * @return the id
   */
  static RecordId of(UUID value) {
    return new UuidId(value);
  }

  /**
   * A text as id, whatever it looks like: {@code of("5")} is a text.
   *
   * @param value 1 to 512 bytes of UTF-8
   * @return the id
   * @throws VectorStoreException.InvalidRequest if it is empty, too long, or can't be stored
   */
  static RecordId of(String value) {
    return new TextId(value);
  }

  /**
   * The id that a text names: a UUID if it is one in canonical form (lower case, RFC 9562 section
   * 4), else the text itself, also where it is digits. The text of the id is the given one.
   *
   * @param text the text of an id, such as a framework's document id
   * @return a UUID id or a text id
   * @throws VectorStoreException.InvalidRequest if the text is empty, too long, or can't be stored
   */
  static RecordId parse(String text) {
    Objects.requireNonNull(text, "text");
    return isCanonicalUuid(text) ? of(UUID.fromString(text)) : of(text);
  }

  /**
   * An id that follows from what it names, so that writing twice changes nothing: a version 5 UUID
   * (RFC 9562, section 5.5) over the parts, each preceded by its length, so that ("ab", "c") and
   * ("a", "bc") differ.
   *
   * @param parts for example a url and a chunk number: texts, integers, booleans, UUIDs, URIs and
   *     enums, each by its text, so that 3 and "3" are the same part
   * @return a UUID id
   * @throws VectorStoreException.InvalidRequest if there are no parts, or one is of another type
   */
  static RecordId derived(Object... parts) {
    if (Objects.requireNonNull(parts, "parts").length == 0) {
      throw new VectorStoreException.InvalidRequest("a derived id needs at least one part");
    }
    StringBuilder name = new StringBuilder();
    for (Object part : Arguments.copy(Arrays.asList(parts), "parts")) {
      String text = Text.require(PlainTexts.ofPart(part), "a part of a derived id");
      name.append(Text.utf8Length(text)).append(':').append(text);
    }
    return of(version5(new UUID(0x7ad4a1d7c3b94a5eL, 0x9f0b6e3f52c81d24L), name.toString()));
  }

  /** Numbers, then UUIDs (unsigned), then texts by code point. */
  @Override
  default int compareTo(RecordId other) {
    if (this instanceof NumberId a && other instanceof NumberId b) {
      return Long.compare(a.value(), b.value());
    }
    if (this instanceof UuidId a && other instanceof UuidId b) {
      int high =
          Long.compareUnsigned(
              a.value().getMostSignificantBits(), b.value().getMostSignificantBits());
      return high != 0
          ? high
          : Long.compareUnsigned(
              a.value().getLeastSignificantBits(), b.value().getLeastSignificantBits());
    }
    if (this instanceof TextId a && other instanceof TextId b) {
      return Text.compareByCodePoint(a.value(), b.value());
    }
    return kind().compareTo(other.kind());
  }

  /**
   * Which of the three kinds this id is.
   *
   * @return the kind
   */
  default IdKind kind() {
    if (this instanceof NumberId) {
      return IdKind.NUMBER;
    }
    return this instanceof UuidId ? IdKind.UUID : IdKind.TEXT;
  }

  private static boolean isCanonicalUuid(String text) {
    return text.length() == 36
        && text.matches("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  }

  private static UUID version5(UUID namespace, String name) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(
          ByteBuffer.allocate(16)
              .putLong(namespace.getMostSignificantBits())
              .putLong(namespace.getLeastSignificantBits())
              .array());
      ByteBuffer hash = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
      long high = (hash.getLong() & 0xffffffffffff0fffL) | 0x5000L;
      long low = (hash.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
      return new UUID(high, low);
    } catch (NoSuchAlgorithmException impossible) {
      // Every Java platform must have SHA-1 (the specification of MessageDigest).
      throw new IllegalStateException(impossible);
    }
  }
}
