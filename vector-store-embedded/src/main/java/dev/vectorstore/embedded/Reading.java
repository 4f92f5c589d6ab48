package dev.vectorstore.embedded;

import java.io.IOException;
import org.apache.lucene.search.IndexSearcher;

/**
 * Reads one state of a collection.
 *
 * @param <T> what is read
 */
@FunctionalInterface
interface Reading<T> {
  T of(IndexSearcher searcher) throws IOException;
}
