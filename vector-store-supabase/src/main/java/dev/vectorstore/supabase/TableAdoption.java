package dev.vectorstore.supabase;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Metric;
import dev.vectorstore.VectorStores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which existing table shall become a collection, and what its columns are. Without options, each
 * column of the type {@code vector} or {@code halfvec} is a vector of its name, or the one without
 * a name where it is the only one, and each other column is a key of the payload under its own
 * name. Immutable.
 */
public final class TableAdoption {
  private final String table;
  private final @Nullable String schema;
  private final @Nullable String collection;
  private final @Nullable String vectorColumn;
  private final @Nullable String contentColumn;
  private final @Nullable String metadataColumn;
  private final List<FieldPath> ranked;
  private final @Nullable Metric metric;
  private final Duration timeout;

  private TableAdoption(Builder builder) {
    table = builder.table;
    schema = builder.schema;
    collection = builder.collection;
    vectorColumn = builder.vectorColumn;
    contentColumn = builder.contentColumn;
    metadataColumn = builder.metadataColumn;
    ranked = List.copyOf(builder.ranked);
    metric = builder.metric;
    timeout = builder.timeout;
  }

  /**
   * Starts with a table. Unless {@link Builder#schema} says where it is, it is the one of the
   * schema {@code public}, or else, for {@code rag.docs}, the table {@code docs} of the schema
   * {@code rag}.
   *
   * @param table its name as it is, whatever characters it has
   * @return a new builder
   * @throws dev.vectorstore.VectorStoreException.InvalidRequest as {@link VectorStores#requireName}
   */
  public static Builder of(String table) {
    return new Builder(VectorStores.requireName(table));
  }

  String table() {
    return table;
  }

  Optional<String> schema() {
    return Optional.ofNullable(schema);
  }

  Optional<String> collection() {
    return Optional.ofNullable(collection);
  }

  Optional<String> vectorColumn() {
    return Optional.ofNullable(vectorColumn);
  }

  Optional<String> contentColumn() {
    return Optional.ofNullable(contentColumn);
  }

  Optional<String> metadataColumn() {
    return Optional.ofNullable(metadataColumn);
  }

  List<FieldPath> ranked() {
    return ranked;
  }

  Optional<Metric> metric() {
    return Optional.ofNullable(metric);
  }

  Duration timeout() {
    return timeout;
  }

  @Override
  public String toString() {
    return "TableAdoption[" + VectorStores.shownName(table) + "]";
  }

  /** Builds it. Not safe for threads. */
  public static final class Builder {
    private final String table;
    private @Nullable String schema;
    private @Nullable String collection;
    private @Nullable String vectorColumn;
    private @Nullable String contentColumn;
    private @Nullable String metadataColumn;
    private final List<FieldPath> ranked = new ArrayList<>();
    private @Nullable Metric metric;
    private Duration timeout = Duration.ofMinutes(10);

    private Builder(String table) {
      this.table = table;
    }

    /**
     * Sets which schema the table is in; it may be one that PostgREST doesn't serve.
     *
     * @param schema its name
     * @return this builder
     */
    public Builder schema(String schema) {
      this.schema = Objects.requireNonNull(schema, "schema");
      return this;
    }

    /**
     * Sets what the collection is called. Unless set, it has the name of the table, in another
     * schema than {@code public} with the schema before it, as {@code rag.docs}. A portable name
     * ({@link VectorStores#requirePortableName}) is one that {@code ensureCollection} takes too. An
     * adopted table is found under its own name as well, and keeps the collection's name until it
     * is released.
     *
     * @param name the collection's name
     * @return this builder
     * @throws dev.vectorstore.VectorStoreException.InvalidRequest as {@link
     *     VectorStores#requireName}
     */
    public Builder collection(String name) {
      this.collection = VectorStores.requireName(name);
      return this;
    }

    /**
     * Sets which column of several has the vectors without a name, which searches are among where
     * they name none; the others have the names of their columns. It stays so when the table is
     * adopted again.
     *
     * @param column its name
     * @return this builder
     */
    public Builder vectorColumn(String column) {
      vectorColumn = Objects.requireNonNull(column, "column");
      return this;
    }

    /**
     * Sets which column has the text, which becomes the payload's {@code content}.
     *
     * @param column its name
     * @return this builder
     */
    public Builder contentColumn(String column) {
      contentColumn = Objects.requireNonNull(column, "column");
      return this;
    }

    /**
     * Sets which column has the JSON that becomes the payload's {@code metadata}.
     *
     * @param column its name
     * @return this builder
     */
    public Builder metadataColumn(String column) {
      metadataColumn = Objects.requireNonNull(column, "column");
      return this;
    }

    /**
     * Declares a text as {@code TEXT}, so that it is searched by relevance once its terms are made
     * ({@link SupabaseTables#makeTerms}). Of an adopted table this can be said later as well, by
     * adopting it again; its terms are made anew then. What is ranked stays so. Repeatable.
     *
     * @param field the payload's key of a column of texts, or a path within a column of {@code
     *     jsonb}
     * @return this builder
     */
    public Builder ranked(FieldPath field) {
      ranked.add(Objects.requireNonNull(field, "field"));
      return this;
    }

    /**
     * The same with the segments of the path.
     *
     * @param segments the payload's key of a column of texts, or the keys of a path within a column
     *     of {@code jsonb}
     * @return this builder
     */
    public Builder ranked(String... segments) {
      return ranked(FieldPath.of(segments));
    }

    /**
     * Sets how vectors are compared. Unless set, it is what the indexes on them are for, and cosine
     * without one; an index for another metric is of no use to searches. Of several vectors it is
     * that of the one without a name, and of those whose indexes don't agree on one.
     *
     * @param metric the metric
     * @return this builder
     */
    public Builder metric(Metric metric) {
      this.metric = Objects.requireNonNull(metric, "metric");
      return this;
    }

    /**
     * Sets how long it may take: an index on the rows' ids is made. Ten minutes unless set.
     *
     * @param timeout the time
     * @return this builder
     */
    public Builder timeout(Duration timeout) {
      this.timeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * Builds it.
     *
     * @return the adoption
     */
    public TableAdoption build() {
      return new TableAdoption(this);
    }
  }
}
