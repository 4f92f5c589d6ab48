/**
 * Copies one store to another and proves that search still answers the same.
 *
 * <p>Read {@code Copy} and {@code Verify} first, then {@code Mapping}, what changes on the way. A
 * copy is a {@code CopyRun} over {@code CollectionCopy}, with {@code Checkpoint} and {@code
 * Rejects} beside it; a verification is a {@code VerifyRun} with {@code Comparison} of records and
 * {@code Probe} of searches.
 */
@NullMarked
package dev.vectorstore.migration;

import org.jspecify.annotations.NullMarked;
