package dev.vectorstore;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a collection is: its name, the dimension and metric of its vectors (one without a name, any
 * number of named ones, or none), declared fields, labels and the kinds of ids that it takes.
 * Immutable, with value equality.
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

  private final String name;
  private final Map<String, VectorSpec> vectors;
  private final Map<FieldPath, FieldType> fields;
  private final Map<String, String> labels;
  private final Set<IdKind> idKinds;

  private CollectionSpec(Builder builder) {
    name = builder.name;
    vectors = Collections.unmodifiableMap(new LinkedHashMap<>(builder.vectors));
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
   * The vectors that a record may have.
   *
   * @return dimension and metric by name, {@link VectorSpec#PLAIN} for the one without; none for a
   *     collection without vectors
   */
  public Map<String, VectorSpec> vectors() {
    return vectors;
  }

  /**
   * The vectors of a name.
   *
   * @param name a name; {@link VectorSpec#PLAIN} means the vector without a name, or the only one
   * @return their dimension and metric
   * @throws VectorStoreException.InvalidRequest listing the vectors, if none or several are meant
   */
  public VectorSpec vector(String name) {
    return VectorNames.get(vectors, Objects.requireNonNull(name, "name"), "the vector");
  }

  /**
   * The name of the vector that is meant where none is named.
   *
   * @return {@link VectorSpec#PLAIN}, or the name of the only vector; empty if there is no vector,
   *     or several that are all named
   */
  public Optional<String> defaultVector() {
    return VectorNames.byDefault(vectors);
  }

  /**
   * The dimension of the {@linkplain #defaultVector() default vector}.
   *
   * @return the dimension, or empty if there is none
   */
  public OptionalInt dimension() {
    return defaultVector().stream().mapToInt(name -> vector(name).dimension()).findFirst();
  }

  /**
   * The metric of the {@linkplain #defaultVector() default vector}.
   *
   * @return the metric, or empty if there is none
   */
  public Optional<Metric> metric() {
    return defaultVector().map(name -> vector(name).metric());
  }

  /**
   * A record with each vector under the name that it has in this collection: one without a name is
   * the only one of the collection where that has a name. Not checked otherwise.
   *
   * @param record the record
   * @return the record as the collection keeps it
   * @throws VectorStoreException.InvalidRequest naming the record, if a vector has no place here
   */
  public VectorRecord named(VectorRecord record) {
    return SpecChecks.named(this, Objects.requireNonNull(record, "record"));
  }

  /**
   * A projection with each vector under the name that it has in this collection.
   *
   * @param projection the projection
   * @return the projection by the collection's names
   * @throws VectorStoreException.InvalidRequest as {@link #vector}
   */
  public Projection named(Projection projection) {
    return SpecChecks.named(this, Objects.requireNonNull(projection, "projection"));
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
   *     collection doesn't take, or a vector has no place here, another dimension, NaN, an
   *     infinity, is zero under cosine or has a component beyond 1e15 under the other metrics
   */
  public void check(VectorRecord record) {
    SpecChecks.check(this, Objects.requireNonNull(record, "record"));
  }

  /**
   * Checks that a filter can be answered here: text is matched on declared text fields only.
   *
   * @param filter the filter
   * @throws VectorStoreException.InvalidRequest naming the field that isn't declared as text
   */
  public void check(Filter filter) {
    TextFieldCheck.check(this, Objects.requireNonNull(filter, "filter"));
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
   * Checks that every engine can give the vectors their names, for a collection that is to be made.
   *
   * @throws VectorStoreException.InvalidRequest if a name isn't {@code [A-Za-z][A-Za-z0-9_-]{0,62}}
   */
  public void requirePortableVectorNames() {
    VectorNames.requirePortable(vectors.keySet());
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
    builder.vectors.putAll(vectors);
    builder.fields.putAll(fields);
    builder.labels.putAll(labels);
    builder.idKinds = EnumSet.copyOf(idKinds);
    return builder;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CollectionSpec spec && parts().equals(spec.parts());
  }

  @Override
  public int hashCode() {
    return parts().hashCode();
  }

  private List<Object> parts() {
    return List.of(name, vectors, fields, labels, idKinds);
  }

  @Override
  public String toString() {
    String kept = vectors.isEmpty() ? "no vectors" : VectorNames.list(vectors);
    return String.format(
        "CollectionSpec[name=%s, %s, fields=%s, labels=%s, idKinds=%s]",
        Names.shown(name), kept, fields, labels, idKinds);
  }

  /** Builds a {@link CollectionSpec}. Not safe for threads. */
  public static final class Builder {
    private final String name;
    private final Map<String, VectorSpec> vectors = new LinkedHashMap<>();
    private final Map<FieldPath, FieldType> fields = new LinkedHashMap<>();
    private final Map<String, String> labels = new LinkedHashMap<>();
    private Set<IdKind> idKinds = EnumSet.allOf(IdKind.class);

    private Builder(String name) {
      this.name = Names.require(Objects.requireNonNull(name, "name"));
    }

    /**
     * Gives the records a vector that needs no name.
     *
     * @param dimension 1 to 65,535; an engine may take fewer, all take 3,072
     * @param metric how nearness is measured
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if the dimension is out of range
     */
    public Builder vectors(int dimension, Metric metric) {
      vectors.put(VectorSpec.PLAIN, VectorSpec.of(dimension, metric));
      return this;
    }

    /**
     * Gives the records a vector of a name, beside others. Repeatable.
     *
     * @param name the name; one that is to be made is {@code [A-Za-z][A-Za-z0-9_-]{0,62}}
     * @param dimension 1 to 65,535; an engine may take fewer, all take 3,072
     * @param metric how nearness is measured
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if the name is empty or can't be stored, or the
     *     dimension is out of range
     */
    public Builder vector(String name, int dimension, Metric metric) {
      if (Objects.requireNonNull(name, "name").isEmpty()) {
        throw new VectorStoreException.InvalidRequest(
            "the empty name is that of the vector without one; call vectors(...)");
      }
      vectors.put(Text.require(name, "a vector's name"), VectorSpec.of(dimension, metric));
      return this;
    }

    /**
     * Takes a vector out of the specification.
     *
     * @param name its name, or {@link VectorSpec#PLAIN}
     * @return this builder
     */
    public Builder withoutVector(String name) {
      vectors.remove(Objects.requireNonNull(name, "name"));
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
