package dev.vectorstore.supabase;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Metric;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which existing table shall become a collection, and what its columns are. Without options, the
 * vectors are those of the column {@code embedding} or of the first one of the type {@code vector},
 * and each other column is a key of the payload under its own name. Immutable.
 */
public final class TableAdoption {
  private final String table;
  private final String schema;
  private final @Nullable String vectorColumn;
  private final @Nullable String contentColumn;
  private final @Nullable String metadataColumn;
  private final @Nullable Metric metric;
  private final Duration timeout;

  private TableAdoption(Builder builder) {
    table = builder.table;
    schema = builder.schema;
    vectorColumn = builder.vectorColumn;
    contentColumn = builder.contentColumn;
    metadataColumn = builder.metadataColumn;
    metric = builder.metric;
    timeout = builder.timeout;
  }

  /**
   * Starts with a table.
   *
   * @param table its name, and the collection's
   * @return a new builder
   * @throws dev.vectorstore.VectorStoreException.InvalidRequest if no collection can have this name
   */
  public static Builder of(String table) {
    return new Builder(CollectionSpec.requireName(table));
  }

  String table() {
    return table;
  }

  String schema() {
    return schema;
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

  Optional<Metric> metric() {
    return Optional.ofNullable(metric);
  }

  Duration timeout() {
    return timeout;
  }

  @Override
  public String toString() {
    return "TableAdoption[" + table + "]";
  }

  /** Builds it. Not safe for threads. */
  public static final class Builder {
    private final String table;
    private String schema = "public";
    private @Nullable String vectorColumn;
    private @Nullable String contentColumn;
    private @Nullable String metadataColumn;
    private @Nullable Metric metric;
    private Duration timeout = Duration.ofMinutes(10);

    private Builder(String table) {
      this.table = table;
    }

    /**
     * Sets which schema the table is in. It is {@code public} unless set; the table may be in one
     * that PostgREST doesn't serve.
     *
     * @param schema its name
     * @return this builder
     */
    public Builder schema(String schema) {
      this.schema = Objects.requireNonNull(schema, "schema");
      return this;
    }

    /**
     * Sets which column has the vectors.
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
     * Sets how vectors are compared. Unless set, it is what the indexes on them are for, and cosine
     * without one; an index for another metric is of no use to searches.
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
