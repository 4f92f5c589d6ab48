package dev.vectorstore.migration;

import dev.vectorstore.WriteOptions;

/**
 * How a copy is made.
 *
 * @param pageSize the most rows of a page
 * @param writes how large batches are, and how many are on their way at once
 * @param rate the most rows a second
 * @param files where it keeps what it has to know of itself
 * @param hooks who hears of it and ends it
 */
record CopySettings(
    int pageSize, WriteOptions writes, double rate, CopyFiles files, RunHooks hooks) {
  /** One batch after the other, so that of two records of one id the last wins. */
  WriteOptions writesInOrder() {
    return WriteOptions.builder().batchRecords(writes.batchRecords()).inFlight(1).build();
  }
}
