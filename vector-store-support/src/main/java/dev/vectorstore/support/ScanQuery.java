package dev.vectorstore.support;

import dev.vectorstore.Projection;
import org.jspecify.annotations.Nullable;

/**
 * A native page of a scan.
 *
 * @param filter the native filter, or null for all records
 * @param cursor the engine's own cursor of the page before, or null for the first page
 * @param pageSize the most records
 * @param projection what to return
 * @param <N> the engine's native filter
 */
public record ScanQuery<N>(
    @Nullable N filter, @Nullable String cursor, int pageSize, Projection projection) {}
