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
      Text.require(value, "a string value");
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
      return Double.toString(value);
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

  /**
   * A list.
   *
   * @param elements the elements, in order; copied
   */
  record ListValue(List<Value> elements) implements Value {
    /**
     * A list.
     *
     * @param elements the elements, in order
     */
    public ListValue {
      elements = List.copyOf(elements);
    }

    @Override
    public String toString() {
      return elements.toString();
    }
  }

  /**
   * An object. Equality doesn't depend on the order of the keys.
   *
   * @param entries the values by key; copied, in the given order
   */
  record ObjectValue(Map<String, Value> entries) implements Value {
    /**
     * An object.
     *
     * @param entries the values by key
     * @throws VectorStoreException.InvalidRequest if no engine can hold one of the keys
     */
    public ObjectValue {
      entries.forEach(
          (key, value) -> {
            Text.require(key, "a payload key");
            Objects.requireNonNull(value, "value");
          });
      entries = Entries.of(entries);
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
   * The value of a plain Java object: null, String, Boolean, Byte, Short, Integer, Long,
   * BigInteger, Float, Double, BigDecimal, Instant (as RFC 3339 text), List, Map with String keys,
   * or a Value.
   *
   * @param object the object
   * @return its value
   * @throws VectorStoreException.InvalidRequest if the type isn't one of these, an integer is
   *     outside int64, a decimal isn't given back by a double, or lists and maps nest deeper than
   *     {@link Payload#MAX_DEPTH}
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
    return Values.depth(this);
  }
}
