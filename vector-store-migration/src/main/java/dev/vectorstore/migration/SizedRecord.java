package dev.vectorstore.migration;

import dev.vectorstore.VectorRecord;
import dev.vectorstore.support.RecordSize;

/**
 * A record of the source, whose size was estimated once.
 *
 * @param record the record
 * @param bytes about how many bytes it has on the wire
 */
record SizedRecord(VectorRecord record, long bytes) {
  static SizedRecord of(VectorRecord record) {
    return new SizedRecord(record, RecordSize.estimate(record));
  }
}
