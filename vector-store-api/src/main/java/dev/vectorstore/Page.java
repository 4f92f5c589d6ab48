package dev.vectorstore;

import java.util.List;
import java.util.Optional;

/**
 * A page of a scan. It may be empty although others follow; the scan ends where {@code next} is
 * empty.
 *
 * @param records the records, in the collection's own order
 * @param next the opaque cursor of the next page, or empty at the end; it survives restarts
 */
public record Page(List<VectorRecord> records, Optional<String> next) {
  /**
   * A page.
   *
   * @param records the records
   * @param next the opaque cursor of the next page, or empty
   */
  public Page {
    records = List.copyOf(records);
  }
}
