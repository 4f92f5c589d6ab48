package dev.vectorstore;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A search: by vector, by text, or by both. Immutable, with value equality: each method that takes
 * a setting returns a new request and leaves this one as it is.
 *
 * <pre>{@code
 * List<SearchHit> hits = pages.search(
 *     SearchRequest.nearest(vector)
 *         .filter(Filter.field("source_id").eq("docs"))
 *         .limit(5));
 * }</pre>
 */
@CheckReturnValue
public final class SearchRequest {
  /** The most hits that one search may ask for. */
  public static final int MAX_LIMIT = 10_000;

  /** How many different terms of a query count; those beyond, in the order of the text, don't. */
  public static final int MAX_TERMS = 512;

  private final @Nullable Embedding vector;
  private final @Nullable String using;
  private final @Nullable String text;
  private final @Nullable Fusion fusion;
  private final Filter filter;
  private final int limit;
  private final @Nullable Double minScore;
  private final Projection projection;
  private final boolean exact;
  private final @Nullable Integer searchEffort;

  private SearchRequest(Builder builder) {
    vector = builder.vector;
    using = builder.using;
    text = builder.text;
    fusion = builder.fusion;
    filter = builder.filter;
    limit = builder.limit;
    minScore = builder.minScore;
    projection = builder.projection;
    exact = builder.exact;
    searchEffort = builder.searchEffort;
  }

  /**
   * A search for the nearest vectors, best first. Needs {@link Capability#VECTOR_SEARCH}.
   *
   * @param vector the query's vector
   * @return the request for 10 hits
   */
  public static SearchRequest nearest(Embedding vector) {
    Builder builder = new Builder();
    builder.vector = Objects.requireNonNull(vector, "vector");
    return new SearchRequest(builder);
  }

  /**
   * A search for the nearest vectors, as {@link #nearest(Embedding)}.
   *
   * @param vector the components of the query's vector; copied
   * @return the request for 10 hits
   * @throws VectorStoreException.InvalidRequest if there are no components
   */
  public static SearchRequest nearest(float... vector) {
    return nearest(Embedding.of(Objects.requireNonNull(vector, "vector")));
  }

  /**
   * A search by relevance: hits are the records where at least one field declared as {@link
   * FieldType#TEXT} has at least one term of the query, best first, with {@link
   * ScoreKind#RANKED_TEXT}. The score is that of BM25 (k1 = 1.2, b = 0.75), of the record's best
   * field: it grows with the number of occurrences, with the rarity of the term and with the
   * shortness of the text. A list of texts is one text; a term that the query repeats counts once;
   * a query without a letter or digit finds nothing. Scores are comparable within one answer only:
   * each engine has its own statistics of a collection, and they change with it. Needs {@link
   * Capability#RANKED_TEXT}.
   *
   * <p>Records that have all terms are selected by {@link FieldPath#matchesText}.
   *
   * @param query a text; its first {@value #MAX_TERMS} different terms count
   * @return the request for 10 hits
   * @throws VectorStoreException.InvalidRequest if the text can't be stored, so that none has it
   */
  public static SearchRequest text(String query) {
    return new SearchRequest(ofText(query));
  }

  /**
   * A search by vector and by text, each for twice the limit, fused into one ranking. The text's
   * ranking is that of {@link #text} where the collection has {@link Capability#RANKED_TEXT}; else
   * the records where any one field declared as text has all terms, nearest first by the same
   * vector, those without a vector last by id. {@link VectorCollection#explain} says which. Where
   * the query has no letter or digit, the vector alone decides.
   *
   * @param vector the query's vector
   * @param query a text; its first {@value #MAX_TERMS} different terms count
   * @param fusion how the two rankings become one
   * @return the request for 10 hits
   * @throws VectorStoreException.InvalidRequest if the text can't be stored, so that none has it
   */
  public static SearchRequest hybrid(Embedding vector, String query, Fusion fusion) {
    Objects.requireNonNull(vector, "vector");
    Builder builder = ofText(query);
    builder.vector = vector;
    builder.fusion = Objects.requireNonNull(fusion, "fusion");
    return new SearchRequest(builder);
  }

  /**
   * A search by vector and by text, as {@link #hybrid(Embedding, String, Fusion)}.
   *
   * @param vector the components of the query's vector; copied
   * @param query a text
   * @param fusion how the two rankings become one
   * @return the request for 10 hits
   * @throws VectorStoreException.InvalidRequest if there are no components
   */
  public static SearchRequest hybrid(float[] vector, String query, Fusion fusion) {
    return hybrid(Embedding.of(Objects.requireNonNull(vector, "vector")), query, fusion);
  }

  private static Builder ofText(String query) {
    Builder builder = new Builder();
    builder.text = Text.require(Objects.requireNonNull(query, "query"), "a text query");
    return builder;
  }

  /**
   * The query's vector.
   *
   * @return the vector, or empty for a text search
   */
  public Optional<Embedding> vector() {
    return Optional.ofNullable(vector);
  }

  /**
   * Among which vectors is searched.
   *
   * @return the name, or empty for {@link CollectionSpec#defaultVector()}
   */
  public Optional<String> using() {
    return Optional.ofNullable(using);
  }

  /**
   * The query's text.
   *
   * @return the text, or empty for a search by vector
   */
  public Optional<String> text() {
    return Optional.ofNullable(text);
  }

  /**
   * The terms that are searched for: the different ones of the text, in its order.
   *
   * @return at most {@value #MAX_TERMS} terms; empty for a search by vector
   */
  public List<String> terms() {
    return text == null
        ? List.of()
        : TextTerms.of(text).stream().distinct().limit(MAX_TERMS).toList();
  }

  /**
   * How a hybrid search fuses its rankings.
   *
   * @return the fusion, or empty if the search isn't hybrid
   */
  public Optional<Fusion> fusion() {
    return Optional.ofNullable(fusion);
  }

  /**
   * Which records can be hits.
   *
   * @return the filter; {@link Filter#all()} unless set
   */
  public Filter filter() {
    return filter;
  }

  /**
   * The most hits to return.
   *
   * @return 1 to 10,000
   */
  public int limit() {
    return limit;
  }

  /**
   * The least metric score of a hit of the vector search.
   *
   * @return the score, inclusive, or empty for no bound
   */
  public OptionalDouble minScore() {
    return minScore == null ? OptionalDouble.empty() : OptionalDouble.of(minScore);
  }

  /**
   * What of the records is returned.
   *
   * @return the projection
   */
  public Projection projection() {
    return projection;
  }

  /**
   * Whether the true order is asked for.
   *
   * @return true after {@link #exact()}
   */
  public boolean isExact() {
    return exact;
  }

  /**
   * How hard an approximate index tries: the number of candidates that it considers (HNSW's ef).
   *
   * @return the effort, or empty for the engine's default
   */
  public OptionalInt searchEffort() {
    return searchEffort == null ? OptionalInt.empty() : OptionalInt.of(searchEffort);
  }

  /**
   * Which records have the text: those where any one field declared as text has all terms, and
   * which the filter selects; none without terms. A hybrid search finds them by their terms where
   * the collection ranks no texts. It may nest two deeper than {@link Filter#MAX_DEPTH}.
   *
   * @param spec the collection
   * @return the filter
   * @throws VectorStoreException.InvalidRequest if this is a search by vector alone, or no field is
   *     declared as text
   */
  public Filter textFilter(CollectionSpec spec) {
    return SpecChecks.textFilter(Objects.requireNonNull(spec, "spec"), this);
  }

  /**
   * Sets among which vectors is searched, where the collection has several. Unless set, it is the
   * one without a name, or the only one.
   *
   * @param name the vector's name, or {@link VectorSpec#PLAIN}
   * @return the request for these vectors
   * @throws VectorStoreException.InvalidRequest if this is a search by text alone
   */
  public SearchRequest using(String name) {
    SearchChecks.requireVector(vector, "using");
    return with(builder -> builder.using = Objects.requireNonNull(name, "name"));
  }

  /**
   * Restricts the hits.
   *
   * @param filter which records can be hits; replaces an earlier filter
   * @return the request with this filter
   */
  public SearchRequest filter(Filter filter) {
    return with(builder -> builder.filter = Objects.requireNonNull(filter, "filter"));
  }

  /**
   * Sets the most hits to return; 10 unless set.
   *
   * @param limit 1 to 10,000
   * @return the request with this limit
   * @throws VectorStoreException.InvalidRequest if it is out of range
   */
  public SearchRequest limit(int limit) {
    SearchChecks.requireLimit(limit);
    return with(builder -> builder.limit = limit);
  }

  /**
   * Drops hits of the vector search below a score; there is no bound unless set.
   *
   * @param minScore a score of the collection's metric, inclusive
   * @return the request with this bound
   * @throws VectorStoreException.InvalidRequest if it is NaN, or this is a search by text alone
   */
  public SearchRequest minScore(double minScore) {
    SearchChecks.requireNumber(minScore);
    SearchChecks.requireVector(vector, "minScore");
    return with(builder -> builder.minScore = minScore);
  }

  /**
   * Sets what is returned; the payload without the vector unless set.
   *
   * @param projection the parts
   * @return the request with this projection
   */
  public SearchRequest projection(Projection projection) {
    return with(builder -> builder.projection = Objects.requireNonNull(projection, "projection"));
  }

  /**
   * Asks for the true order, to a score resolution of 1e-6. Needs {@link Capability#EXACT}.
   *
   * @return the request for the true order
   * @throws VectorStoreException.InvalidRequest if this is a search by text alone
   */
  public SearchRequest exact() {
    SearchChecks.requireVector(vector, "exact");
    return with(builder -> builder.exact = true);
  }

  /**
   * Sets how hard an approximate index tries.
   *
   * @param candidates 1 to 100,000
   * @return the request with this effort
   * @throws VectorStoreException.InvalidRequest if it is out of range, or this is a search by text
   *     alone
   */
  public SearchRequest searchEffort(int candidates) {
    SearchChecks.requireEffort(candidates);
    SearchChecks.requireVector(vector, "searchEffort");
    return with(builder -> builder.searchEffort = candidates);
  }

  private SearchRequest with(Consumer<Builder> change) {
    Builder builder = new Builder(this);
    change.accept(builder);
    return new SearchRequest(builder);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SearchRequest request && settings().equals(request.settings());
  }

  @Override
  public int hashCode() {
    return settings().hashCode();
  }

  private List<@Nullable Object> settings() {
    return Arrays.asList(
        vector, using, text, fusion, filter, limit, minScore, projection, exact, searchEffort);
  }

  /** What kind of search it is, its limit and options; neither vector nor text. */
  @Override
  public String toString() {
    return "SearchRequest["
        + (fusion != null ? "hybrid " + fusion : vector != null ? "nearest" : "text")
        + (using == null ? "" : ", using " + Text.quote(using))
        + ", limit="
        + limit
        + (filter.isAll() ? "" : ", filtered")
        + (exact ? ", exact" : "")
        + ", "
        + projection
        + "]";
  }

  /** A request in the making. */
  private static final class Builder {
    private @Nullable Embedding vector;
    private @Nullable String using;
    private @Nullable String text;
    private @Nullable Fusion fusion;
    private Filter filter = Filter.all();
    private int limit = 10;
    private @Nullable Double minScore;
    private Projection projection = Projection.payload();
    private boolean exact;
    private @Nullable Integer searchEffort;

    private Builder() {}

    private Builder(SearchRequest request) {
      vector = request.vector;
      using = request.using;
      text = request.text;
      fusion = request.fusion;
      filter = request.filter;
      limit = request.limit;
      minScore = request.minScore;
      projection = request.projection;
      exact = request.exact;
      searchEffort = request.searchEffort;
    }
  }
}
