/**
 * What two or more engines share, and the port's one implementation. No promise to users.
 *
 * <p>Read {@code StoreEngine} and {@code CollectionEngine} first: what an engine does, each method
 * one attempt. On them stand {@code EngineStore} and {@code EngineCollection}, the port; {@code
 * Calls} and {@code Call}, deadlines, retries and reports; {@code Searches}, {@code RankedSearches}
 * and {@code HybridSearches}; {@code Writes} and {@code BulkWriter}, which cut by {@code Batcher};
 * {@code Reads}. {@code Selection} is a filter on a collection: what the engine says of it, and the
 * test of the rest; {@code Bounds} are how filters are joined where an engine says them in part.
 */
@NullMarked
package dev.vectorstore.support;

import org.jspecify.annotations.NullMarked;
