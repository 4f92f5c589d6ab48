package dev.vectorstore.migration;

import dev.vectorstore.VectorRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record that can't be moved.
 *
 * @param row its id, or its key in the source's own words
 * @param record the record as the source has it, or null if the source couldn't read it
 * @param reason why
 */
record Reject(String row, @Nullable VectorRecord record, String reason) {}
