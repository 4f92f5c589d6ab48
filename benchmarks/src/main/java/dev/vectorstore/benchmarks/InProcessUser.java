package dev.vectorstore.benchmarks;

import dev.vectorstore.Embedding;
import dev.vectorstore.VectorRecord;
import java.util.List;

/** One way to keep vectors in the memory of this process. */
interface InProcessUser extends AutoCloseable {
  /** Threads that write, and requests in flight of ours. */
  int WRITERS = 4;

  /**
   * Writes records into the empty store; when it returns they can be found.
   *
   * @param records all of them
   * @param batch records of a write
   */
  void load(List<VectorRecord> records, int batch);

  /**
   * The nearest records with their payloads.
   *
   * @param query the query's vector
   * @param limit how many
   * @return the hits, as this way gives them
   */
  List<?> search(Embedding query, int limit);

  /**
   * The ids of the nearest records.
   *
   * @param query the query's vector
   * @param limit how many
   * @return the ids as text
   */
  List<String> nearest(Embedding query, int limit);

  /** Frees what it holds. */
  @Override
  void close();
}
