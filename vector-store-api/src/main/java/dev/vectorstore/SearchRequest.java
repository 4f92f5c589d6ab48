package dev.vectorstore;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A search: by vector, by text, or by both. Immutable.
 *
 * <pre>{@code
 * SearchRequest request = SearchRequest.nearest(vector)
 *     .filter(Filter.field("source_id").eq("docs"))
 *     .limit(5)
 *     .build();
 * }</pre>
 */
public final class SearchRequest {
  /** The most hits that one search may ask for. */
  public static final int MAX_LIMIT = 10_000;

  /** The most different terms that a query of a {@link Builder#ranked()} search may have. */
  public static final int MAX_RANKED_TERMS = 512;

  private final @Nullable Vector vector;
  private final @Nullable String text;
  private final @Nullable Fusion fusion;
  private final boolean ranked;
  private final @Nullable Filter filter;
  private final int limit;
  private final @Nullable Double minScore;
  private final Projection projection;
  private final boolean exact;
  private final @Nullable Integer searchEffort;

  private SearchRequest(Builder builder) {
    vector = builder.vector;
    text = builder.text;
    fusion = builder.fusion;
    ranked = builder.ranked;
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
   * @return a new builder
   */
  public static Builder nearest(Vector vector) {
    Builder builder = new Builder();
    builder.vector = Objects.requireNonNull(vector, "vector");
    return builder;
  }

  /**
   * A search for records where any one declared text field has all terms of the query. Hits come in
   * the collection's own order with {@link ScoreKind#NONE}. Needs {@link Capability#TERMS}. {@link
   * Builder#ranked()} makes it a search for the most relevant records.
   *
   * @param query a text with at least one letter or digit
   * @return a new builder
   * @throws VectorStoreException.InvalidRequest if the query has no terms
   */
  public static Builder text(String query) {
    Predicates.requireTerms(query);
    Builder builder = new Builder();
    builder.text = query;
    return builder;
  }

  /**
   * A search by vector and by text, each for twice the limit, fused into one ranking.
   *
   * @param vector the query's vector
   * @param query a text with at least one letter or digit
   * @param fusion how the two rankings become one
   * @return a new builder
   * @throws VectorStoreException.InvalidRequest if the query has no terms
   */
  public static Builder hybrid(Vector vector, String query, Fusion fusion) {
    Builder builder = text(query);
    builder.vector = Objects.requireNonNull(vector, "vector");
    builder.fusion = Objects.requireNonNull(fusion, "fusion");
    return builder;
  }

  /**
   * The query's vector.
   *
   * @return the vector, or empty for a text search
   */
  public Optional<Vector> vector() {
    return Optional.ofNullable(vector);
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
   * How a hybrid search fuses its rankings.
   *
   * @return the fusion, or empty if the search isn't hybrid
   */
  public Optional<Fusion> fusion() {
    return Optional.ofNullable(fusion);
  }

  /**
   * Whether text is ranked by relevance.
   *
   * @return true after {@link Builder#ranked()}
   */
  public boolean ranked() {
    return ranked;
  }

  /**
   * Which records can be hits.
   *
   * @return the filter, or empty for all records
   */
  public Optional<Filter> filter() {
    return Optional.ofNullable(filter);
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
   * @return true after {@link Builder#exact()}
   */
  public boolean exact() {
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
   * Which records a text search, or the text leg of a hybrid search, selects: those where any one
   * declared text field has all terms, and which the filter selects. It may nest two deeper than
   * {@link Filter#MAX_DEPTH}.
   *
   * @param spec the collection
   * @return the filter
   * @throws VectorStoreException.InvalidRequest if this isn't a text search, or no field is
   *     declared as text
   */
  public Filter textFilter(CollectionSpec spec) {
    return SpecChecks.textFilter(spec, this);
  }

  /**
   * A builder that starts with this request.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.vector = vector;
    builder.text = text;
    builder.fusion = fusion;
    builder.ranked = ranked;
    builder.filter = filter;
    builder.limit = limit;
    builder.minScore = minScore;
    builder.projection = projection;
    builder.exact = exact;
    builder.searchEffort = searchEffort;
    return builder;
  }

  /** What kind of search it is, its limit and options; neither vector nor text. */
  @Override
  public String toString() {
    return "SearchRequest["
        + (fusion != null ? "hybrid " + fusion : vector != null ? "nearest" : "text")
        + ", limit="
        + limit
        + (filter == null ? "" : ", filtered")
        + (exact ? ", exact" : "")
        + (ranked ? ", ranked" : "")
        + ", "
        + projection
        + "]";
  }

  /** Builds a {@link SearchRequest}. Not safe for threads. */
  public static final class Builder {
    private @Nullable Vector vector;
    private @Nullable String text;
    private @Nullable Fusion fusion;
    private boolean ranked;
    private @Nullable Filter filter;
    private int limit = 10;
    private @Nullable Double minScore;
    private Projection projection = Projection.payload();
    private boolean exact;
    private @Nullable Integer searchEffort;

    private Builder() {}

    /**
     * Restricts the hits.
     *
     * @param filter which records can be hits; replaces an earlier filter
     * @return this builder
     */
    public Builder filter(Filter filter) {
      this.filter = Objects.requireNonNull(filter, "filter");
      return this;
    }

    /**
     * Sets the most hits to return; 10 unless set.
     *
     * @param limit 1 to 10,000
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if it is out of range
     */
    public Builder limit(int limit) {
      if (limit < 1 || limit > MAX_LIMIT) {
        throw new VectorStoreException.InvalidRequest(
            "a limit of " + limit + " isn't in 1 to " + MAX_LIMIT + "; scan for more");
      }
      this.limit = limit;
      return this;
    }

    /**
     * Drops hits of the vector search below a score; there is no bound unless set.
     *
     * @param minScore a score of the collection's metric, inclusive
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if it is NaN
     */
    public Builder minScore(double minScore) {
      if (Double.isNaN(minScore)) {
        throw new VectorStoreException.InvalidRequest("a least score of NaN has no meaning");
      }
      this.minScore = minScore;
      return this;
    }

    /**
     * Sets what is returned; the payload without the vector unless set.
     *
     * @param projection the parts
     * @return this builder
     */
    public Builder projection(Projection projection) {
      this.projection = Objects.requireNonNull(projection, "projection");
      return this;
    }

    /**
     * Asks for the true order, to a score resolution of 1e-6. Needs {@link Capability#EXACT}.
     *
     * @return this builder
     */
    public Builder exact() {
      this.exact = true;
      return this;
    }

    /**
     * Asks that text is ranked by relevance: hits are the records where at least one field declared
     * as {@link FieldType#RANKED_TEXT} has at least one term of the query, best first, with {@link
     * ScoreKind#RANKED_TEXT}. The score is that of BM25 (k1 = 1.2, b = 0.75), of the record's best
     * field: it grows with the number of occurrences, with the rarity of the term and with the
     * shortness of the text. A list of texts is one text; a term that the query repeats counts
     * once. Scores are comparable within one answer only: each engine has its own statistics of a
     * collection, and they change with it. Needs {@link Capability#RANKED_TEXT}.
     *
     * @return this builder
     */
    public Builder ranked() {
      this.ranked = true;
      return this;
    }

    /**
     * Sets how hard an approximate index tries.
     *
     * @param candidates 1 to 100,000
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if it is out of range
     */
    public Builder searchEffort(int candidates) {
      if (candidates < 1 || candidates > 100_000) {
        throw new VectorStoreException.InvalidRequest(
            "a search effort of " + candidates + " isn't in 1 to 100,000");
      }
      this.searchEffort = candidates;
      return this;
    }

    /**
     * The request.
     *
     * @return a new request
     * @throws VectorStoreException.InvalidRequest if an option doesn't fit the kind of search
     */
    public SearchRequest build() {
      if (ranked) {
        requireFewTerms(text);
      }
      if (vector == null && (minScore != null || exact || searchEffort != null)) {
        throw new VectorStoreException.InvalidRequest(
            "minScore, exact and searchEffort are for searches by vector");
      }
      return new SearchRequest(this);
    }

    private static void requireFewTerms(@Nullable String text) {
      if (text == null) {
        throw new VectorStoreException.InvalidRequest("ranked() is for text and hybrid searches");
      }
      long terms = TextTerms.of(text).stream().distinct().count();
      if (terms > MAX_RANKED_TERMS) {
        throw new VectorStoreException.InvalidRequest(
            "the query of a ranked search has "
                + terms
                + " different terms, more than "
                + MAX_RANKED_TERMS
                + "; shorten it");
      }
    }
  }
}
