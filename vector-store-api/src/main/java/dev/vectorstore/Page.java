package dev.vectorstore;

import java.util.List;
import java.util.Optional;

/**
 * A page of a scan. It may be empty although others follow; the scan ends where {@code next} is
 * empty.
 *
 * @param records the records, in the collection's own order
 * @param next the opaque cursor of the next page, or empty at the end; it survives restarts
 * @param issues what of these records, and of those that couldn't be read, must be known; empty
 *     where the engine wrote the collection itself
 */
public record Page(List<VectorRecord> records, Optional<String> next, List<RecordIssue> issues) {
  /**
   * A page.
   *
   * @param records the records
   * @param next the opaque cursor of the next page, or empty
   * @param issues what must be known of the page's records
   */
  public Page {
    records = List.copyOf(records);
    issues = List.copyOf(issues);
  }

  /**
   * A page without issues.
   *
   * @param records the records
   * @param next the opaque cursor of the next page, or empty
   */
  public Page(List<VectorRecord> records, Optional<String> next) {
    this(records, next, List.of());
  }
}
