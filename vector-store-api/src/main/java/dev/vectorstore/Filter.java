package dev.vectorstore;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Which records are meant. {@link #test(RecordId, Payload)} <b>is</b> the meaning; every engine
 * selects the same records. Immutable, with value equality.
 *
 * <p>Logic is two-valued: a predicate on a value that is missing, null or of another type is false,
 * and {@link #not(Filter)} is the exact complement, so {@code not(field("n").gt(5))} includes the
 * records without {@code n}. Numbers compare by value: 3 matches 3.0, exactly also beyond 2^53.
 *
 * <pre>{@code
 * Filter filter = Filter.and(
 *     Filter.field("source_id").eq("docs"),
 *     Filter.field("metadata", "year").gte(2020),
 *     Filter.not(Filter.field("url").in("https://a", "https://b")));
 * }</pre>
 */
public sealed interface Filter
    permits Predicates.Predicate, Connectives.And, Connectives.Or, Connectives.Not {
  /** How deep filters may nest. */
  int MAX_DEPTH = 20;

  /** How a number, an instant or a text is compared with a bound. */
  enum Comparison {
    /** Greater than. */
    GT,
    /** Greater than or equal. */
    GTE,
    /** Less than. */
    LT,
    /** Less than or equal. */
    LTE;

    boolean holds(int compared) {
      return switch (this) {
        case GT -> compared > 0;
        case GTE -> compared >= 0;
        case LT -> compared < 0;
        case LTE -> compared <= 0;
      };
    }
  }

  /**
   * Starts a filter on a field; the filters are methods of the path.
   *
   * @param segments the keys from the payload to the value, each taken literally
   * @return the path
   * @throws VectorStoreException.InvalidRequest if there are none, or one can't be stored
   */
  static FieldPath field(String... segments) {
    return FieldPath.of(segments);
  }

  /**
   * The record's id is one of these. Without ids it is never true.
   *
   * @param ids the ids
   * @return the filter
   */
  static Filter ids(Collection<RecordId> ids) {
    List<RecordId> copy = Arguments.copy(ids, "ids");
    return copy.isEmpty() ? none() : new Predicates.Ids(Set.copyOf(copy));
  }

  /**
   * The payload contains this JSON object, as PostgreSQL's {@code jsonb @>} means it.
   *
   * @param contained the object; an empty one is contained in every payload
   * @return the filter
   */
  static Filter containsJson(Payload contained) {
    return Objects.requireNonNull(contained, "contained").isEmpty()
        ? all()
        : new Predicates.ContainsJson(List.of(), contained.toValue());
  }

  /**
   * True for every record. {@link VectorCollection#deleteWhere(Filter)} refuses it.
   *
   * @return the filter
   */
  static Filter all() {
    return Predicates.Constant.TRUE;
  }

  /**
   * True for no record.
   *
   * @return the filter
   */
  static Filter none() {
    return Predicates.Constant.FALSE;
  }

  /**
   * All of these are true.
   *
   * @param filters one or more filters
   * @return the filter; constants are folded away, and an {@code and} inside is taken apart
   * @throws VectorStoreException.InvalidRequest if there are none or they nest too deeply
   */
  static Filter and(Collection<Filter> filters) {
    return Connectives.and(Arguments.copy(filters, "filters"));
  }

  /**
   * All of these are true.
   *
   * @param filters one or more filters
   * @return the filter; constants are folded away, and an {@code and} inside is taken apart
   * @throws VectorStoreException.InvalidRequest if there are none or they nest too deeply
   */
  static Filter and(Filter... filters) {
    return and(Arrays.asList(Objects.requireNonNull(filters, "filters")));
  }

  /**
   * At least one of these is true.
   *
   * @param filters one or more filters
   * @return the filter; constants are folded away, and an {@code or} inside is taken apart
   * @throws VectorStoreException.InvalidRequest if there are none or they nest too deeply
   */
  static Filter or(Collection<Filter> filters) {
    return Connectives.or(Arguments.copy(filters, "filters"));
  }

  /**
   * At least one of these is true.
   *
   * @param filters one or more filters
   * @return the filter; constants are folded away, and an {@code or} inside is taken apart
   * @throws VectorStoreException.InvalidRequest if there are none or they nest too deeply
   */
  static Filter or(Filter... filters) {
    return or(Arrays.asList(Objects.requireNonNull(filters, "filters")));
  }

  /**
   * The exact complement.
   *
   * @param filter a filter
   * @return the filter that is true for exactly the other records
   * @throws VectorStoreException.InvalidRequest if it nests too deeply
   */
  static Filter not(Filter filter) {
    return Connectives.not(filter);
  }

  /**
   * Whether a record is meant.
   *
   * @param id the record's id
   * @param payload the record's payload
   * @return true if the filter selects it
   */
  default boolean test(RecordId id, Payload payload) {
    return accept(
        new FilterMeaning(
            Objects.requireNonNull(id, "id"), Objects.requireNonNull(payload, "payload")));
  }

  /**
   * Whether a record is meant.
   *
   * @param record the record
   * @return true if the filter selects it
   */
  default boolean test(VectorRecord record) {
    return test(Objects.requireNonNull(record, "record").id(), record.payload());
  }

  /**
   * Calls the visitor's method for this kind of filter.
   *
   * @param visitor the visitor
   * @param <R> what it makes
   * @return what the visitor returned
   */
  <R> R accept(Visitor<R> visitor);

  /**
   * How deep this filter nests: 1 for a predicate.
   *
   * @return the depth
   */
  default int depth() {
    return 1;
  }

  /**
   * Whether the filter is {@link #all()}: it can't tell records apart.
   *
   * @return true for the constant true
   */
  default boolean isAll() {
    return this == Predicates.Constant.TRUE;
  }

  /**
   * Whether the filter is {@link #none()}.
   *
   * @return true for the constant false
   */
  default boolean isNone() {
    return this == Predicates.Constant.FALSE;
  }

  /**
   * One method for each kind of filter, so that a compiler for an engine can't forget one. Kinds
   * added later get a default method that throws {@link VectorStoreException.UnsupportedFeature}.
   *
   * @param <R> what a visit makes
   */
  interface Visitor<R> {
    /**
     * All are true.
     *
     * @param filters two or more filters, no constants
     * @return the result
     */
    R and(List<Filter> filters);

    /**
     * At least one is true.
     *
     * @param filters two or more filters, no constants
     * @return the result
     */
    R or(List<Filter> filters);

    /**
     * The complement.
     *
     * @param filter a filter, not a constant
     * @return the result
     */
    R not(Filter filter);

    /**
     * A constant; found at the top only, since connectives fold constants away.
     *
     * @param value true for all records, false for none
     * @return the result
     */
    R constant(boolean value);

    /**
     * The record's id is one of these.
     *
     * @param ids one or more ids, in their order
     * @return the result
     */
    R ids(Collection<RecordId> ids);

    /**
     * Equal to a scalar.
     *
     * @param path where
     * @param value a string, number or boolean
     * @return the result
     */
    R eq(FieldPath path, Value value);

    /**
     * Equal to one of these scalars.
     *
     * @param path where
     * @param values one or more strings, numbers or booleans
     * @return the result
     */
    R in(FieldPath path, List<Value> values);

    /**
     * A number compared with a bound.
     *
     * @param path where
     * @param comparison how
     * @param bound a LongValue or a DoubleValue
     * @return the result
     */
    R compareNumber(FieldPath path, Comparison comparison, Value bound);

    /**
     * An RFC 3339 text compared with a bound.
     *
     * @param path where
     * @param comparison how
     * @param bound an instant, truncated to microseconds
     * @return the result
     */
    R compareInstant(FieldPath path, Comparison comparison, Instant bound);

    /**
     * A text compared with a bound, by code point.
     *
     * @param path where
     * @param comparison how
     * @param bound any text, an empty one too
     * @return the result
     */
    R compareText(FieldPath path, Comparison comparison, String bound);

    /**
     * The key is there.
     *
     * @param path where
     * @return the result
     */
    R exists(FieldPath path);

    /**
     * The value, or an element of the list, is null.
     *
     * @param path where
     * @return the result
     */
    R isNull(FieldPath path);

    /**
     * The value contains this JSON as {@code jsonb @>} means it.
     *
     * @param segments the path to the value; empty for the whole payload
     * @param contained the JSON
     * @return the result
     */
    R containsJson(List<String> segments, Value contained);

    /**
     * The text contains this part, literally and in its case.
     *
     * @param path where
     * @param part a text that isn't empty
     * @return the result
     */
    R contains(FieldPath path, String part);

    /**
     * The text contains this part, literally and case-blind.
     *
     * @param path where
     * @param part a text that isn't empty, as given
     * @return the result
     */
    R containsText(FieldPath path, String part);

    /**
     * The text has all of these terms.
     *
     * @param path where
     * @param terms one or more terms, as {@link TextTerms#of(String)} makes them
     * @return the result
     */
    R matchesText(FieldPath path, List<String> terms);

    /**
     * The text has these terms in this order, adjacent. {@link TextTerms#join(List)} makes a query
     * of them.
     *
     * @param path where
     * @param terms one or more terms, as {@link TextTerms#phrase(String)} makes them
     * @return the result
     */
    R matchesPhrase(FieldPath path, List<String> terms);
  }

  /**
   * A visitor that makes one answer of a filter's parts: a part gives {@link #leaf} unless its
   * method is overridden, and groups give what {@link #both} makes of their members, in their
   * order. For questions about a filter, such as what it needs; a compiler implements {@link
   * Visitor}, where no kind can be forgotten.
   *
   * @param <R> the answer
   */
  interface Fold<R> extends FilterFold<R> {
    @Override
    R leaf();

    @Override
    R both(R first, R second);
  }
}
