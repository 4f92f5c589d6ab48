package dev.vectorstore;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a collection page by page, in the collection's own total order. Every record that exists
 * during the whole scan comes exactly once, whatever is written meanwhile. Immutable, with value
 * equality: each method that takes a setting returns a new request and leaves this one as it is.
 *
 * <pre>{@code
 * try (Stream<VectorRecord> records =
 *     pages.stream(ScanRequest.all().filter(Filter.field("source_id").eq("docs")))) {
 *   records.forEach(record -> ...);
 * }
 * }</pre>
 */
@CheckReturnValue
public final class ScanRequest {
  /** The most records of a page. */
  public static final int MAX_PAGE_SIZE = 10_000;

  private static final ScanRequest ALL =
      new ScanRequest(Filter.all(), 1_000, Projection.payload(), null);

  private final Filter filter;
  private final int pageSize;
  private final Projection projection;
  private final @Nullable String cursor;

  private ScanRequest(Filter filter, int pageSize, Projection projection, @Nullable String cursor) {
    this.filter = filter;
    this.pageSize = pageSize;
    this.projection = projection;
    this.cursor = cursor;
  }

  /**
   * A scan of all records in pages of 1,000, with payloads and without vectors.
   *
   * @return the request
   */
  public static ScanRequest all() {
    return ALL;
  }

  /**
   * Which records are scanned.
   *
   * @return the filter; {@link Filter#all()} unless set
   */
  public Filter filter() {
    return filter;
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
   * Restricts the scan.
   *
   * @param filter which records are scanned; replaces an earlier filter
   * @return the request with this filter
   */
  public ScanRequest filter(Filter filter) {
    return new ScanRequest(Objects.requireNonNull(filter, "filter"), pageSize, projection, cursor);
  }

  /**
   * Sets the most records of a page; an engine may return fewer. 1,000 unless set.
   *
   * @param pageSize 1 to 10,000
   * @return the request with this page size
   * @throws VectorStoreException.InvalidRequest if it is out of range
   */
  public ScanRequest pageSize(int pageSize) {
    if (pageSize < 1 || pageSize > MAX_PAGE_SIZE) {
      throw new VectorStoreException.InvalidRequest(
          "a page size of " + pageSize + " isn't in 1 to " + MAX_PAGE_SIZE);
    }
    return new ScanRequest(filter, pageSize, projection, cursor);
  }

  /**
   * Sets what is returned; the payload without the vector unless set.
   *
   * @param projection the parts
   * @return the request with this projection
   */
  public ScanRequest projection(Projection projection) {
    return new ScanRequest(
        filter, pageSize, Objects.requireNonNull(projection, "projection"), cursor);
  }

  /**
   * Goes on behind an earlier page, also after a restart.
   *
   * @param cursor the cursor of that page; the filter must be the same
   * @return the request for the page behind it
   */
  public ScanRequest from(String cursor) {
    return new ScanRequest(filter, pageSize, projection, Objects.requireNonNull(cursor, "cursor"));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScanRequest request
        && filter.equals(request.filter)
        && pageSize == request.pageSize
        && projection.equals(request.projection)
        && Objects.equals(cursor, request.cursor);
  }

  @Override
  public int hashCode() {
    return Objects.hash(filter, pageSize, projection, cursor);
  }

  @Override
  public String toString() {
    return "ScanRequest[pageSize="
        + pageSize
        + (filter.isAll() ? "" : ", filtered")
        + (cursor == null ? "" : ", continued")
        + ", "
        + projection
        + "]";
  }
}
