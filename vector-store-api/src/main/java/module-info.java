/**
 * The port of the Vector Store SDK: stores, collections, records, filters, searches and errors.
 *
 * <p>An engine provides {@link dev.vectorstore.VectorStoreProvider}; {@link
 * dev.vectorstore.VectorStores} finds it.
 */
module dev.vectorstore {
  requires static transitive org.jspecify;

  exports dev.vectorstore;

  uses dev.vectorstore.VectorStoreProvider;
}
