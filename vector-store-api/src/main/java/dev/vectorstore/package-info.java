/**
 * The port, its values, what filters and scores mean, and the errors.
 *
 * <p>Start with {@link dev.vectorstore.VectorStores}, which opens a {@link
 * dev.vectorstore.VectorStore} by its URL; a {@link dev.vectorstore.VectorCollection} of it takes
 * {@link dev.vectorstore.VectorRecord}s and answers {@link dev.vectorstore.SearchRequest}s and
 * {@link dev.vectorstore.ScanRequest}s. {@link dev.vectorstore.Filter} is what a condition means,
 * {@link dev.vectorstore.Metric} what a score means, {@link dev.vectorstore.VectorStoreException}
 * what went wrong, and what to do.
 */
@NullMarked
package dev.vectorstore;

import org.jspecify.annotations.NullMarked;
