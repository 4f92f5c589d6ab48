package dev.vectorstore;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A typed JSON value. Immutable, with value equality: the integer 3 and the double 3.0 are two
 * values, although filters compare them as equal numbers. {@code toString} is JSON.
 */
public sealed interface Value {
  /**
   * A string.
   *
   * @param value the text, without U+0000 and unpaired surrogates
   */
  record StringValue(String value) implements Value {
    /**
     * A string.
     *
     * @param value the value
     * @throws VectorStoreException.InvalidRequest if no engine can hold the text
     */
    public StringValue {
      Text.require(Objects.requireNonNull(value, "value"), "a string value");
    }

    /**
     * The point in time that this text names: strict RFC 3339 with a zone, years 0001 to 9999,
     * without leap seconds and 24:00, truncated to microseconds.
     *
     * @return the instant, or empty if the text isn't one
     */
    public Optional<Instant> asInstant() {
      return Instants.parse(value);
    }

    @Override
    public String toString() {
      return Text.quote(value);
    }
  }

  /**
   * An integer of 64 bits.
   *
   * @param value the number
   */
  record LongValue(long value) implements Value {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /**
   * A finite double; -0.0 becomes 0.0.
   *
   * @param value the number
   */
  record DoubleValue(double value) implements Value {
    /**
     * A double.
     *
     * @param value the value
     * @throws VectorStoreException.InvalidRequest if the number is NaN or infinite
     */
    public DoubleValue {
      if (!Double.isFinite(value)) {
        throw new VectorStoreException.InvalidRequest(
            "a payload number is " + value + ", which JSON can't hold; leave it out or use null");
      }
      value = value == 0 ? 0.0 : value;
    }

    @Override
    public String toString() {
      return Values.text(value);
    }
  }

  /**
   * True or false.
   *
   * @param value the truth value
   */
  record BooleanValue(boolean value) implements Value {
    @Override
    public String toString() {
      return Boolean.toString(value);
    }
  }

  /** JSON's null; a missing key is something else. */
  enum NullValue implements Value {
    /** The one null. */
    NULL;

    @Override
    public String toString() {
      return "null";
    }
  }

  /** A list. Immutable, with value equality. */
  final class ListValue implements Value {
    private final List<Value> elements;
    private final int depth;

    /**
     * A list.
     *
     * @param elements the elements, in order; copied
     * @throws VectorStoreException.InvalidRequest if lists and objects nest deeper than {@link
     *     Payload#MAX_DEPTH}
     */
    public ListValue(List<Value> elements) {
      this.elements = Arguments.copy(elements, "elements");
      depth = Values.depthAround(this.elements);
    }

    /**
     * The elements.
     *
     * @return the elements, in order
     */
    public List<Value> elements() {
      return elements;
    }

    @Override
    public int depth() {
      return depth;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ListValue list && elements.equals(list.elements);
    }

    @Override
    public int hashCode() {
      return elements.hashCode();
    }

    @Override
    public String toString() {
      return elements.toString();
    }
  }

  /** An object. Immutable, with value equality that doesn't depend on the order of the keys. */
  final class ObjectValue implements Value {
    private final Map<String, Value> entries;
    private final int depth;

    /**
     * An object.
     *
     * @param entries the values by key; copied, in the given order
     * @throws VectorStoreException.InvalidRequest if no engine can hold one of the keys, or lists
     *     and objects nest deeper than {@link Payload#MAX_DEPTH}
     */
    public ObjectValue(Map<String, Value> entries) {
      Objects.requireNonNull(entries, "entries")
          .forEach(
              (key, value) -> {
                Text.require(Objects.requireNonNull(key, "key"), "a payload key");
                Objects.requireNonNull(value, "value");
              });
      this.entries = Entries.of(entries);
      depth = Values.depthAround(this.entries.values());
    }

    /**
     * The values by key.
     *
     * @return the entries, in the given order
     */
    public Map<String, Value> entries() {
      return entries;
    }

    /** What these keys lead to, through objects only; without keys, this object. */
    @Nullable Value at(List<String> segments) {
      Value value = this;
      for (String segment : segments) {
        value = value instanceof ObjectValue object ? object.entries.get(segment) : null;
        if (value == null) {
          return null;
        }
      }
      return value;
    }

    @Override
    public int depth() {
      return depth;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ObjectValue object && entries.equals(object.entries);
    }

    @Override
    public int hashCode() {
      return entries.hashCode();
    }

    @Override
    public String toString() {
      StringBuilder json = new StringBuilder("{");
      entries.forEach(
          (key, value) ->
              json.append(json.length() == 1 ? "" : ", ")
                  .append(Text.quote(key))
                  .append(": ")
                  .append(value));
      return json.append('}').toString();
    }
  }

  /**
   * The value of a plain Java object.
   *
   * <table>
   * <caption>What becomes what</caption>
   * <tr><th>Java</th><th>value</th></tr>
   * <tr><td>null, String, Boolean, a Value, a Payload</td><td>the same</td></tr>
   * <tr><td>Byte, Short, Integer, Long, BigInteger</td><td>an integer</td></tr>
   * <tr><td>Double, BigDecimal</td><td>a double</td></tr>
   * <tr><td>Float</td><td>the double of its shortest decimal text: 0.1f becomes 0.1</td></tr>
   * <tr><td>UUID, URI, ZoneId</td><td>its text</td></tr>
   * <tr><td>an enum's constant</td><td>its name</td></tr>
   * <tr><td>Instant, OffsetDateTime, ZonedDateTime</td>
   *     <td>RFC 3339 text, with the offset and without the zone's name</td></tr>
   * <tr><td>another type of java.time</td><td>its ISO 8601 text, times with seconds</td></tr>
   * <tr><td>Collection, array</td><td>a list</td></tr>
   * <tr><td>Map with String keys</td><td>an object</td></tr>
   * </table>
   *
   * @param object the object
   * @return its value
   * @throws VectorStoreException.InvalidRequest if the type isn't one of these, an integer is
   *     outside int64, a decimal isn't given back by a double, a point in time isn't in the years
   *     0001 to 9999, or lists and maps nest deeper than {@link Payload#MAX_DEPTH}
   */
  static Value of(@Nullable Object object) {
    return Values.of(object);
  }

  /**
   * The value as plain Java objects: null, String, Long, Double, Boolean, List, Map.
   *
   * @return the object; lists and maps are unmodifiable
   */
  default @Nullable Object toObject() {
    return Values.toObject(this);
  }

  /**
   * How deep lists and objects nest: 0 for a scalar, 1 for a list or object of scalars.
   *
   * @return the depth
   */
  default int depth() {
    return 0;
  }
}
