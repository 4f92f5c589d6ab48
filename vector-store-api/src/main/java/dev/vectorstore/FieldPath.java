package dev.vectorstore;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Where in a payload a value is: a list of object keys, taken literally (dots have no meaning), and
 * the factory of the filters on it. Paths go through objects only, never by list position. A filter
 * on a path that ends at a list is true when any scalar element of that list, one level deep, makes
 * it true.
 *
 * @param segments one or more keys
 */
public record FieldPath(List<String> segments) {
  /**
   * A path of these keys.
   *
   * @param segments one or more keys
   * @throws VectorStoreException.InvalidRequest if there are no segments, more than a payload can
   *     nest, or one that no engine can hold
   */
  public FieldPath {
    segments = Arguments.copy(segments, "segments");
    if (segments.isEmpty() || segments.size() > Payload.MAX_DEPTH) {
      throw new VectorStoreException.InvalidRequest(
          "a path has "
              + segments.size()
              + " segments; 1 to "
              + Payload.MAX_DEPTH
              + " are allowed");
    }
    segments.forEach(segment -> Text.require(segment, "a path segment"));
    if (segments.get(0).equals(Payload.RESERVED_KEY)) {
      throw new VectorStoreException.InvalidRequest(
          "a path starts with " + Payload.RESERVED_KEY + ", which is reserved for the engines");
    }
  }

  /**
   * A path of these keys.
   *
   * @param segments one or more keys
   * @return the path
   * @throws VectorStoreException.InvalidRequest if there are none, one is empty (which is a slip
   *     nearly always; {@link #FieldPath(List)} takes it), or one can't be stored
   */
  public static FieldPath of(String... segments) {
    List<String> keys = Arrays.asList(Objects.requireNonNull(segments, "segments"));
    if (keys.contains("")) {
      throw new VectorStoreException.InvalidRequest(
          "the path "
              + keys.stream().map(Text::quote).collect(Collectors.joining(", ", "[", "]"))
              + " has an empty segment; name the key");
    }
    return new FieldPath(keys);
  }

  /**
   * Equal to a text.
   *
   * @param value the text, compared by code points
   * @return the filter
   */
  public Filter eq(String value) {
    return eq(new Value.StringValue(value));
  }

  /**
   * Equal to an integer, by value: 3 equals 3.0.
   *
   * @param value the number
   * @return the filter
   */
  public Filter eq(long value) {
    return eq(new Value.LongValue(value));
  }

  /**
   * Equal to a number, by value: 3.0 equals 3.
   *
   * @param value the number
   * @return the filter
   */
  public Filter eq(double value) {
    return eq(new Value.DoubleValue(value));
  }

  /**
   * Equal to a truth value.
   *
   * @param value true or false
   * @return the filter
   */
  public Filter eq(boolean value) {
    return eq(new Value.BooleanValue(value));
  }

  /**
   * Equal to a scalar.
   *
   * @param value a string, number or boolean
   * @return the filter
   * @throws VectorStoreException.InvalidRequest for null (use {@link #isNull()}), lists and objects
   *     (use {@link #containsJson(Value)})
   */
  public Filter eq(Value value) {
    return new Predicates.Eq(
        this, Predicates.requireScalar(Objects.requireNonNull(value, "value")));
  }

  /**
   * Equal to one of these scalars. Without values it is never true.
   *
   * @param values strings, numbers and booleans, or plain objects for them
   * @return the filter
   * @throws VectorStoreException.InvalidRequest for null, lists and objects
   */
  public Filter in(Collection<?> values) {
    if (Objects.requireNonNull(values, "values").isEmpty()) {
      return Filter.none();
    }
    return new Predicates.In(
        this,
        values.stream()
            .map(value -> Predicates.requireScalar(Value.of(value)))
            .collect(Collectors.toUnmodifiableList()));
  }

  /**
   * Equal to one of these scalars. Without values it is never true.
   *
   * @param values strings, numbers and booleans
   * @return the filter
   * @throws VectorStoreException.InvalidRequest for null, lists and objects
   */
  public Filter in(Object... values) {
    return in(Arrays.asList(Objects.requireNonNull(values, "values")));
  }

  /**
   * Greater than a number.
   *
   * @param bound the number; compared exactly, also beyond 2^53
   * @return the filter
   * @throws VectorStoreException.InvalidRequest if the number is NaN or infinite
   */
  public Filter gt(Number bound) {
    return compare(Filter.Comparison.GT, bound);
  }

  /**
   * Greater than a number, or equal.
   *
   * @param bound the number; compared exactly, also beyond 2^53
   * @return the filter
   * @throws VectorStoreException.InvalidRequest if the number is NaN or infinite
   */
  public Filter gte(Number bound) {
    return compare(Filter.Comparison.GTE, bound);
  }

  /**
   * Less than a number.
   *
   * @param bound the number; compared exactly, also beyond 2^53
   * @return the filter
   * @throws VectorStoreException.InvalidRequest if the number is NaN or infinite
   */
  public Filter lt(Number bound) {
    return compare(Filter.Comparison.LT, bound);
  }

  /**
   * Less than a number, or equal.
   *
   * @param bound the number; compared exactly, also beyond 2^53
   * @return the filter
   * @throws VectorStoreException.InvalidRequest if the number is NaN or infinite
   */
  public Filter lte(Number bound) {
    return compare(Filter.Comparison.LTE, bound);
  }

  /**
   * After an instant.
   *
   * @param bound the instant, truncated to microseconds
   * @return the filter
   */
  public Filter gt(Instant bound) {
    return compare(Filter.Comparison.GT, bound);
  }

  /**
   * After an instant, or at it.
   *
   * @param bound the instant, truncated to microseconds
   * @return the filter
   */
  public Filter gte(Instant bound) {
    return compare(Filter.Comparison.GTE, bound);
  }

  /**
   * Before an instant.
   *
   * @param bound the instant, truncated to microseconds
   * @return the filter
   */
  public Filter lt(Instant bound) {
    return compare(Filter.Comparison.LT, bound);
  }

  /**
   * Before an instant, or at it.
   *
   * @param bound the instant, truncated to microseconds
   * @return the filter
   */
  public Filter lte(Instant bound) {
    return compare(Filter.Comparison.LTE, bound);
  }

  /**
   * Behind a text by code points.
   *
   * <p>The order is that of code points, of any text: U+FFFF comes before U+10000, "B" before "a",
   * and "10" before "9". A text that names an instant is compared as the text that it is.
   *
   * @param bound the text
   * @return the filter
   * @throws VectorStoreException.InvalidRequest if no engine could store the text
   */
  public Filter gt(String bound) {
    return compare(Filter.Comparison.GT, bound);
  }

  /**
   * Behind a text, or equal to it by code points.
   *
   * @param bound the text
   * @return the filter
   * @throws VectorStoreException.InvalidRequest if no engine could store the text
   */
  public Filter gte(String bound) {
    return compare(Filter.Comparison.GTE, bound);
  }

  /**
   * Before a text by code points.
   *
   * @param bound the text
   * @return the filter
   * @throws VectorStoreException.InvalidRequest if no engine could store the text
   */
  public Filter lt(String bound) {
    return compare(Filter.Comparison.LT, bound);
  }

  /**
   * Before a text, or equal to it by code points.
   *
   * @param bound the text
   * @return the filter
   * @throws VectorStoreException.InvalidRequest if no engine could store the text
   */
  public Filter lte(String bound) {
    return compare(Filter.Comparison.LTE, bound);
  }

  /**
   * The key is there, whatever its value: null and an empty list included.
   *
   * @return the filter
   */
  public Filter exists() {
    return new Predicates.Exists(this);
  }

  /**
   * The value, or an element of the list, is null.
   *
   * @return the filter
   */
  public Filter isNull() {
    return new Predicates.IsNull(this);
  }

  /**
   * The value contains this JSON, as PostgreSQL's {@code jsonb @>} means it: objects by key, lists
   * as sets, scalars by type and numeric value.
   *
   * @param contained any value
   * @return the filter
   */
  public Filter containsJson(Value contained) {
    return new Predicates.ContainsJson(segments, Objects.requireNonNull(contained, "contained"));
  }

  /**
   * The text contains this text, literally and in its case.
   *
   * @param part a text that isn't empty; %, _, * and \ have no meaning
   * @return the filter
   * @throws VectorStoreException.InvalidRequest if the text is empty, or no engine could store it
   */
  public Filter contains(String part) {
    return new Predicates.Contains(
        this, Predicates.requirePart("contains", Objects.requireNonNull(part, "part")));
  }

  /**
   * The text contains this text, literally and case-blind (by {@link TextTerms#fold(String)}).
   *
   * @param part a text that isn't empty; %, _, * and \ have no meaning
   * @return the filter
   * @throws VectorStoreException.InvalidRequest if the text is empty, or no engine could store it
   */
  public Filter containsText(String part) {
    return new Predicates.ContainsText(
        this, Predicates.requirePart("containsText", Objects.requireNonNull(part, "part")));
  }

  /**
   * The text has all terms of the query, in any order, within one element where it is a list. Words
   * of scripts without spaces are pairs of characters, which may stand apart: a phrase keeps them
   * together. Needs {@link Capability#TERMS} and a declared text field.
   *
   * @param query a text with at least one letter or digit
   * @return the filter
   * @throws VectorStoreException.InvalidRequest if the query has no terms
   */
  public Filter matchesText(String query) {
    return new Predicates.MatchesText(
        this, Predicates.requireTerms(Objects.requireNonNull(query, "query")));
  }

  /**
   * The text has the terms of the query in this order and adjacent. Needs {@link Capability#PHRASE}
   * and a declared text field.
   *
   * @param query a text with at least one letter or digit
   * @return the filter
   * @throws VectorStoreException.InvalidRequest if the query has no terms
   */
  public Filter matchesPhrase(String query) {
    return new Predicates.MatchesPhrase(
        this, Predicates.requirePhrase(Objects.requireNonNull(query, "query")));
  }

  private Filter compare(Filter.Comparison comparison, Number bound) {
    return new Predicates.CompareNumber(
        this, comparison, Value.of(Objects.requireNonNull(bound, "bound")));
  }

  private Filter compare(Filter.Comparison comparison, Instant bound) {
    return new Predicates.CompareInstant(
        this, comparison, Instants.truncate(Objects.requireNonNull(bound, "bound")));
  }

  private Filter compare(Filter.Comparison comparison, String bound) {
    Text.require(Objects.requireNonNull(bound, "bound"), "the text to compare with");
    return new Predicates.CompareText(this, comparison, bound);
  }

  /** The path as JSON, so that no key can be mistaken for two. */
  @Override
  public String toString() {
    return segments.stream().map(Text::quote).collect(Collectors.joining(", ", "[", "]"));
  }
}
