package dev.vectorstore.migration;

import dev.vectorstore.VectorRecord;

/**
 * A record on its way.
 *
 * @param original as the source has it, for the reject file
 * @param mapped as the target shall hold it
 * @param bytes about how many bytes the mapped one has on the wire
 */
record MappedRecord(VectorRecord original, VectorRecord mapped, long bytes) {}
