package dev.vectorstore;

/**
 * What a collection of an engine can do beyond reading by id, scanning and counting. What isn't
 * there is refused with {@link VectorStoreException.UnsupportedFeature}, never ignored.
 */
public enum Capability {
  /** Collections can be made and dropped. */
  MANAGE,
  /** Records can be written, patched and deleted. */
  WRITE,
  /** Searches by vector are answered. */
  VECTOR_SEARCH,
  /** Every filter is answered, even where the engine can't say it natively. */
  FULL_FILTER,
  /** {@link SearchRequest#exact()} gives the true order. */
  EXACT,
  /** Text fields are searched by their terms. */
  TERMS,
  /** Text fields are searched by phrases. */
  PHRASE,
  /**
   * Text is ranked by relevance; of a collection only where a field is declared as {@link
   * FieldType#TEXT}.
   */
  RANKED_TEXT,
  /** Writes can leave existing records alone; see {@link WriteMode#INSERT_ONLY}. */
  INSERT_ONLY,
  /** {@link VectorStore#apply(WriteBatch)} writes all or nothing. */
  ATOMIC_BATCH,
  /** What was acknowledged survives kill -9 and a restart of client and engine. */
  DURABLE,
  /** The engine is across a network, with connections that fail and keys that can be wrong. */
  REMOTE
}
