package dev.vectorstore.benchmarks;

import dev.vectorstore.Embedding;
import dev.vectorstore.VectorRecord;
import java.util.List;

/** One way to use a Qdrant server from Java, with a collection of its own. */
interface QdrantUser extends AutoCloseable {
  /** Makes the collection anew and empty. */
  void empty();

  /**
   * Writes records; when it returns they are acknowledged.
   *
   * @param records all of them
   * @param batch records of a request
   */
  void upsert(List<VectorRecord> records, int batch);

  /**
   * The nearest records with their payloads.
   *
   * @param query the query's vector
   * @param limit how many
   * @return the hits, as this way gives them
   */
  List<?> search(Embedding query, int limit);

  /** Ends what it started. */
  @Override
  void close();
}
