/**
 * Copies one store to another and proves that search still answers the same.
 *
 * <p>Read {@code Route} first, where from and where to, and {@code Mapping}, what changes on the
 * way; then {@code Copy} and {@code Verify}. {@code ResolvedRoute} is a route whose collections
 * were looked up. A copy is a {@code CopyRun} over {@code CollectionCopy}, with {@code PageSorter},
 * {@code BatchWriter}, {@code Checkpoint} and {@code Rejects} beside it; a verification is a {@code
 * VerifyRun} with {@code Comparison} of records and {@code Probe} of searches.
 */
@NullMarked
package dev.vectorstore.migration;

import org.jspecify.annotations.NullMarked;
