package dev.vectorstore;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a collection page by page, in the collection's own total order. Every record that exists
 * during the whole scan comes exactly once, whatever is written meanwhile. Immutable.
 */
public final class ScanRequest {
  /** The most records of a page. */
  public static final int MAX_PAGE_SIZE = 10_000;

  private final @Nullable Filter filter;
  private final int pageSize;
  private final Projection projection;
  private final @Nullable String cursor;

  private ScanRequest(Builder builder) {
    filter = builder.filter;
    pageSize = builder.pageSize;
    projection = builder.projection;
    cursor = builder.cursor;
  }

  /**
   * A builder for a scan of all records in pages of 1,000, with payloads and without vectors.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Which records are scanned.
   *
   * @return the filter, or empty for all
   */
  public Optional<Filter> filter() {
    return Optional.ofNullable(filter);
  }

  /**
   * The most records of a page.
   *
   * @return 1 to 10,000
   */
  public int pageSize() {
    return pageSize;
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
   * Where the scan goes on.
   *
   * @return the cursor of an earlier page, or empty for the start
   */
  public Optional<String> cursor() {
    return Optional.ofNullable(cursor);
  }

  /**
   * This request for the page behind a cursor.
   *
   * @param next the cursor of a page
   * @return the request
   */
  public ScanRequest from(String next) {
    return toBuilder().cursor(next).build();
  }

  /**
   * A builder that starts with this request.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.filter = filter;
    builder.pageSize = pageSize;
    builder.projection = projection;
    builder.cursor = cursor;
    return builder;
  }

  @Override
  public String toString() {
    return "ScanRequest[pageSize="
        + pageSize
        + (filter == null ? "" : ", filtered")
        + (cursor == null ? "" : ", continued")
        + ", "
        + projection
        + "]";
  }

  /** Builds a {@link ScanRequest}. Not safe for threads. */
  public static final class Builder {
    private @Nullable Filter filter;
    private int pageSize = 1000;
    private Projection projection = Projection.payload();
    private @Nullable String cursor;

    private Builder() {}

    /**
     * Restricts the scan.
     *
     * @param filter which records are scanned; replaces an earlier filter
     * @return this builder
     */
    public Builder filter(Filter filter) {
      this.filter = Objects.requireNonNull(filter, "filter");
      return this;
    }

    /**
     * Sets the most records of a page; an engine may return fewer. 1,000 unless set.
     *
     * @param pageSize 1 to 10,000
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if it is out of range
     */
    public Builder pageSize(int pageSize) {
      if (pageSize < 1 || pageSize > MAX_PAGE_SIZE) {
        throw new VectorStoreException.InvalidRequest(
            "a page size of " + pageSize + " isn't in 1 to " + MAX_PAGE_SIZE);
      }
      this.pageSize = pageSize;
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
     * Goes on behind an earlier page, also after a restart.
     *
     * @param cursor the cursor of that page; the filter must be the same
     * @return this builder
     */
    public Builder cursor(String cursor) {
      this.cursor = Objects.requireNonNull(cursor, "cursor");
      return this;
    }

    /**
     * The request.
     *
     * @return a new request
     */
    public ScanRequest build() {
      return new ScanRequest(this);
    }
  }
}
