package dev.vectorstore;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is stored with a record: an immutable JSON object with typed values. Missing keys differ
 * from null, integers from doubles. It comes back equal from every engine.
 *
 * <p>Objects and lists nest to a depth of {@value #MAX_DEPTH}, the payload itself counted. The
 * top-level key {@value #RESERVED_KEY} belongs to the engines.
 *
 * <pre>{@code
 * Payload payload = Payload.builder()
 *     .put("content", "Text of the chunk")
 *     .put("chunk_number", 3)
 *     .put("metadata", Map.of("lang", "en"))
 *     .build();
 * }</pre>
 */
public final class Payload {
  /** How deep a payload may nest: the payload is 1, a list or object in it 2, and so on. */
  public static final int MAX_DEPTH = 24;

  /** The top-level key under which engines keep what they need; refused in a user's payload. */
  public static final String RESERVED_KEY = "__vs";

  private static final Payload EMPTY = new Payload(new Value.ObjectValue(Map.of()));

  private final Value.ObjectValue object;

  private Payload(Value.ObjectValue object) {
    this.object = object;
  }

  /**
   * The payload without keys.
   *
   * @return the empty payload
   */
  public static Payload empty() {
    return EMPTY;
  }

  /**
   * A payload of plain Java objects, as {@link Value#of(Object)} takes them.
   *
   * @param map the values by key
   * @return the payload
   * @throws VectorStoreException.InvalidRequest if a value can't be held, or the payload nests too
   *     deeply or has the reserved key
   */
  public static Payload of(Map<String, ? extends @Nullable Object> map) {
    return of((Value.ObjectValue) Value.of(Objects.requireNonNull(map, "map")));
  }

  /**
   * A payload of a JSON object.
   *
   * @param object the object
   * @return the payload
   * @throws VectorStoreException.InvalidRequest if it has the reserved key
   */
  public static Payload of(Value.ObjectValue object) {
    if (Objects.requireNonNull(object, "object").entries().containsKey(RESERVED_KEY)) {
      throw new VectorStoreException.InvalidRequest(
          "the payload has the top-level key "
              + RESERVED_KEY
              + ", which is reserved for the engines; rename it");
    }
    return object.entries().isEmpty() ? EMPTY : new Payload(object);
  }

  /**
   * A payload of a JSON text, such as {@link #toJson()} gives. Integers become int64, numbers with
   * a fraction or an exponent become doubles.
   *
   * @param json one JSON object, as RFC 8259 has it
   * @return the payload
   * @throws VectorStoreException.InvalidRequest with the line and column, if it isn't a JSON object
   *     or no payload can hold it: a number that int64 and double don't give back, a key that
   *     stands twice, U+0000 or an unpaired surrogate, too deep nesting, the reserved key
   */
  public static Payload parse(String json) {
    return of(new JsonReader(Objects.requireNonNull(json, "json")).read());
  }

  /**
   * A builder without keys.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A builder that starts with the keys of this payload.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.entries.putAll(object.entries());
    return builder;
  }

  /**
   * The value of a top-level key.
   *
   * @param key a literal key; dots have no meaning
   * @return the value, which may be JSON's null; empty if the key is missing
   */
  public Optional<Value> get(String key) {
    return Optional.ofNullable(object.entries().get(Objects.requireNonNull(key, "key")));
  }

  /**
   * The value at a path.
   *
   * @param path the keys to it, through objects only
   * @return the value, which may be JSON's null; empty if nothing is there
   */
  public Optional<Value> get(FieldPath path) {
    return Optional.ofNullable(object.at(Objects.requireNonNull(path, "path").segments()));
  }

  /**
   * The text of a top-level key.
   *
   * @param key a literal key
   * @return the text, or empty if the value is missing or not a string
   */
  public Optional<String> text(String key) {
    return get(key).flatMap(Values::text);
  }

  /**
   * The text at a path.
   *
   * @param path the keys to it, through objects only
   * @return the text, or empty if the value is missing or not a string
   */
  public Optional<String> text(FieldPath path) {
    return get(path).flatMap(Values::text);
  }

  /**
   * The number of a top-level key.
   *
   * @param key a literal key
   * @return the number as a double, rounded where an integer is beyond 2^53; empty if the value is
   *     missing or not a number
   */
  public OptionalDouble number(String key) {
    return Values.number(get(key));
  }

  /**
   * The number at a path.
   *
   * @param path the keys to it, through objects only
   * @return the number as a double, rounded where an integer is beyond 2^53; empty if the value is
   *     missing or not a number
   */
  public OptionalDouble number(FieldPath path) {
    return Values.number(get(path));
  }

  /**
   * The integer of a top-level key.
   *
   * @param key a literal key
   * @return the integer, also where a double holds it; empty if the value is missing, not a number
   *     or has a fraction
   */
  public OptionalLong integer(String key) {
    return Values.integer(get(key));
  }

  /**
   * The integer at a path.
   *
   * @param path the keys to it, through objects only
   * @return the integer, also where a double holds it; empty if the value is missing, not a number
   *     or has a fraction
   */
  public OptionalLong integer(FieldPath path) {
    return Values.integer(get(path));
  }

  /**
   * The truth value of a top-level key.
   *
   * @param key a literal key
   * @return true or false, or empty if the value is missing or neither
   */
  public Optional<Boolean> bool(String key) {
    return get(key).flatMap(Values::bool);
  }

  /**
   * The truth value at a path.
   *
   * @param path the keys to it, through objects only
   * @return true or false, or empty if the value is missing or neither
   */
  public Optional<Boolean> bool(FieldPath path) {
    return get(path).flatMap(Values::bool);
  }

  /**
   * The point in time of a top-level key.
   *
   * @param key a literal key
   * @return the instant of a strict RFC 3339 text, truncated to microseconds; empty if the value is
   *     missing or not such a text
   */
  public Optional<Instant> instant(String key) {
    return get(key).flatMap(Values::instant);
  }

  /**
   * The point in time at a path.
   *
   * @param path the keys to it, through objects only
   * @return the instant of a strict RFC 3339 text, truncated to microseconds; empty if the value is
   *     missing or not such a text
   */
  public Optional<Instant> instant(FieldPath path) {
    return get(path).flatMap(Values::instant);
  }

  /**
   * The top-level keys, in the order in which they were put or read.
   *
   * @return the keys
   */
  public Set<String> keys() {
    return object.entries().keySet();
  }

  /**
   * Whether there is no key.
   *
   * @return true for the empty payload
   */
  public boolean isEmpty() {
    return object.entries().isEmpty();
  }

  /**
   * This payload as a JSON object.
   *
   * @return the object
   */
  public Value.ObjectValue toValue() {
    return object;
  }

  /**
   * This payload as plain Java objects: String, Long, Double, Boolean, null, List, Map.
   *
   * @return an unmodifiable map
   */
  public Map<String, @Nullable Object> toMap() {
    return Values.toMap(object);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload payload && object.equals(payload.object);
  }

  @Override
  public int hashCode() {
    return object.hashCode();
  }

  /**
   * This payload as a JSON text; {@link #parse(String)} gives an equal payload back.
   *
   * @return a JSON object on one line
   */
  public String toJson() {
    return object.toString();
  }

  /** The payload as JSON. */
  @Override
  public String toString() {
    return object.toString();
  }

  /** Builds a {@link Payload}. Not safe for threads. */
  public static final class Builder {
    private Map<String, Value> entries = new LinkedHashMap<>();

    /** Whether the entries are a payload's, so that the next change needs others. */
    private boolean given;

    private Builder() {}

    /**
     * Sets a top-level key.
     *
     * @param key the key, taken literally
     * @param value a value as {@link Value#of(Object)} takes it; null is stored as JSON's null
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if the value can't be held
     */
    public Builder put(String key, @Nullable Object value) {
      own().put(Objects.requireNonNull(key, "key"), Value.of(value));
      return this;
    }

    /**
     * Removes a top-level key.
     *
     * @param key the key
     * @return this builder
     */
    public Builder remove(String key) {
      own().remove(Objects.requireNonNull(key, "key"));
      return this;
    }

    /**
     * The payload.
     *
     * @return a new payload
     * @throws VectorStoreException.InvalidRequest if it nests too deeply or has the reserved key
     */
    public Payload build() {
      given = true;
      return of(new Value.ObjectValue(Entries.owned(entries)));
    }

    private Map<String, Value> own() {
      if (given) {
        entries = new LinkedHashMap<>(entries);
        given = false;
      }
      return entries;
    }
  }
}
