package dev.vectorstore.migration;

import dev.vectorstore.VectorRecord;
import dev.vectorstore.support.RecordSize;

/**
 * A record on its way.
 *
 * @param original as the source has it, for the reject file
 * @param mapped as the target shall hold it
 * @param bytes about how many bytes the mapped one has on the wire
 */
record MappedRecord(VectorRecord original, VectorRecord mapped, long bytes) {
  /** A payload that a mapping hands on as it is has its size; an equal one is measured again. */
  @SuppressWarnings("ReferenceEquality")
  static MappedRecord of(SizedRecord original, VectorRecord mapped) {
    boolean same = mapped.payload() == original.record().payload();
    return new MappedRecord(
        original.record(), mapped, same ? original.bytes() : RecordSize.estimate(mapped));
  }
}
