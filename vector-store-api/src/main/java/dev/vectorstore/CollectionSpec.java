package dev.vectorstore;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a collection is: its name, the dimension and metric of its vectors (or none), declared
 * fields, labels and the kinds of ids that it takes. Immutable, with value equality.
 *
 * <pre>{@code
 * CollectionSpec spec = CollectionSpec.builder("crawled_pages")
 *     .vectors(384, Metric.COSINE)
 *     .field("content", FieldType.TEXT)
 *     .field(FieldPath.of("metadata", "lang"), FieldType.KEYWORD)
 *     .label("model", "all-minilm-l6-v2")
 *     .build();
 * }</pre>
 */
public final class CollectionSpec {
  private static final int MAX_DIMENSION = 65_535;

  private final String name;
  private final int dimension;
  private final @Nullable Metric metric;
  private final Map<FieldPath, FieldType> fields;
  private final Map<String, String> labels;
  private final Set<IdKind> idKinds;

  private CollectionSpec(Builder builder) {
    name = builder.name;
    dimension = builder.dimension;
    metric = builder.metric;
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(builder.fields));
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(builder.labels));
    idKinds = Collections.unmodifiableSet(EnumSet.copyOf(builder.idKinds));
  }

  /**
   * A builder for a collection without vectors or fields, that takes all kinds of ids.
   *
   * @param name any name, since what is described may have been made by others; {@link
   *     VectorStore#ensureCollection} takes portable ones only
   * @return a new builder
   * @throws VectorStoreException.InvalidRequest as {@link VectorStores#requireName}
   */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /**
   * The name.
   *
   * @return the collection's name
   */
  public String name() {
    return name;
  }

  /**
   * The dimension of the vectors.
   *
   * @return the dimension, or empty if the collection has no vectors
   */
  public OptionalInt dimension() {
    return metric == null ? OptionalInt.empty() : OptionalInt.of(dimension);
  }

  /**
   * The metric of the vectors.
   *
   * @return the metric, or empty if the collection has no vectors
   */
  public Optional<Metric> metric() {
    return Optional.ofNullable(metric);
  }

  /**
   * The declared fields.
   *
   * @return the types by path, in the order of declaration
   */
  public Map<FieldPath, FieldType> fields() {
    return fields;
  }

  /**
   * The labels: small texts kept with the collection, such as the name of the embedding model.
   *
   * @return the labels by key
   */
  public Map<String, String> labels() {
    return labels;
  }

  /**
   * The kinds of ids that the collection takes.
   *
   * @return one or more kinds
   */
  public Set<IdKind> idKinds() {
    return idKinds;
  }

  /**
   * Checks that a record can be stored here; nothing is sent.
   *
   * @param record the record
   * @throws VectorStoreException.InvalidRequest naming the record, if its id is of a kind that the
   *     collection doesn't take, its vector has another dimension, NaN, an infinity, is zero under
   *     cosine or has a component beyond 1e15 under the other metrics, or the collection has no
   *     vectors
   */
  public void check(VectorRecord record) {
    SpecChecks.check(this, Objects.requireNonNull(record, "record"));
  }

  /**
   * Checks that a vector can be searched for here; nothing is sent.
   *
   * @param query the query's vector
   * @throws VectorStoreException.InvalidRequest as {@link #check(VectorRecord)}
   */
  public void check(Embedding query) {
    SpecChecks.check(this, Objects.requireNonNull(query, "query"), "the query's vector");
  }

  /**
   * Checks that a vector can be searched for here, as {@link #check(Embedding)}.
   *
   * @param query the components of the query's vector
   * @throws VectorStoreException.InvalidRequest as {@link #check(VectorRecord)}
   */
  public void check(float[] query) {
    check(Embedding.of(Objects.requireNonNull(query, "query")));
  }

  /**
   * Checks that a filter can be answered here: text is matched on declared text fields only.
   *
   * @param filter the filter
   * @throws VectorStoreException.InvalidRequest naming the field that isn't declared as text
   */
  public void check(Filter filter) {
    Objects.requireNonNull(filter, "filter").accept(new TextFieldCheck(this));
  }

  /**
   * Checks that a search can be answered here: its vector, its filter, and, for text, that a text
   * field is declared; boosted fusion needs cosine.
   *
   * @param request the request
   * @throws VectorStoreException.InvalidRequest saying what doesn't fit
   */
  public void check(SearchRequest request) {
    SpecChecks.check(this, Objects.requireNonNull(request, "request"));
  }

  /**
   * A builder that starts with this specification.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    return toBuilder(name);
  }

  /**
   * A builder that starts with this specification under another name.
   *
   * @param otherName the new name
   * @return a new builder
   */
  public Builder toBuilder(String otherName) {
    Builder builder = new Builder(otherName);
    builder.dimension = dimension;
    builder.metric = metric;
    builder.fields.putAll(fields);
    builder.labels.putAll(labels);
    builder.idKinds = EnumSet.copyOf(idKinds);
    return builder;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CollectionSpec spec
        && name.equals(spec.name)
        && dimension == spec.dimension
        && metric == spec.metric
        && fields.equals(spec.fields)
        && labels.equals(spec.labels)
        && idKinds.equals(spec.idKinds);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, dimension, metric, fields, labels, idKinds);
  }

  @Override
  public String toString() {
    return "CollectionSpec[name="
        + VectorStores.shownName(name)
        + (metric == null ? ", no vectors" : ", dimension=" + dimension + ", metric=" + metric)
        + ", fields="
        + fields
        + ", labels="
        + labels
        + ", idKinds="
        + idKinds
        + "]";
  }

  /** Builds a {@link CollectionSpec}. Not safe for threads. */
  public static final class Builder {
    private final String name;
    private int dimension;
    private @Nullable Metric metric;
    private final Map<FieldPath, FieldType> fields = new LinkedHashMap<>();
    private final Map<String, String> labels = new LinkedHashMap<>();
    private Set<IdKind> idKinds = EnumSet.allOf(IdKind.class);

    private Builder(String name) {
      this.name = VectorStores.requireName(name);
    }

    /**
     * Gives the records vectors.
     *
     * @param dimension 1 to 65,535; an engine may take fewer, all take 3,072
     * @param metric how nearness is measured
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if the dimension is out of range
     */
    public Builder vectors(int dimension, Metric metric) {
      if (dimension < 1 || dimension > MAX_DIMENSION) {
        throw new VectorStoreException.InvalidRequest(
            "a dimension of " + dimension + " isn't in 1 to " + MAX_DIMENSION);
      }
      this.dimension = dimension;
      this.metric = Objects.requireNonNull(metric, "metric");
      return this;
    }

    /**
     * Declares a top-level field.
     *
     * @param key its key in the payload, taken literally; for a nested field see {@link
     *     #field(FieldPath, FieldType)}
     * @param type what the field is for
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if the key is empty or can't be stored
     */
    public Builder field(String key, FieldType type) {
      return field(FieldPath.of(Objects.requireNonNull(key, "key")), type);
    }

    /**
     * Declares a field, which may be nested.
     *
     * @param path its path, such as {@code FieldPath.of("metadata", "year")}
     * @param type what the field is for
     * @return this builder
     */
    public Builder field(FieldPath path, FieldType type) {
      fields.put(Objects.requireNonNull(path, "path"), Objects.requireNonNull(type, "type"));
      return this;
    }

    /**
     * Sets a label.
     *
     * @param key the label's key
     * @param value its text
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if one of them can't be stored
     */
    public Builder label(String key, String value) {
      labels.put(
          Text.require(Objects.requireNonNull(key, "key"), "a label's key"),
          Text.require(Objects.requireNonNull(value, "value"), "a label"));
      return this;
    }

    /**
     * Restricts the kinds of ids.
     *
     * @param first a kind
     * @param more further kinds
     * @return this builder
     */
    public Builder idKinds(IdKind first, IdKind... more) {
      idKinds =
          EnumSet.of(Objects.requireNonNull(first, "first"), Objects.requireNonNull(more, "more"));
      return this;
    }

    /**
     * The specification.
     *
     * @return a new specification
     */
    public CollectionSpec build() {
      return new CollectionSpec(this);
    }
  }
}
