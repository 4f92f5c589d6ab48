/** The engine in your own process, on Apache Lucene. */
module dev.vectorstore.embedded {
  requires static transitive org.jspecify;
  requires transitive dev.vectorstore;
  requires dev.vectorstore.support;
  requires org.apache.lucene.core;
  requires org.slf4j;

  exports dev.vectorstore.embedded;

  provides dev.vectorstore.VectorStoreProvider with
      dev.vectorstore.embedded.EmbeddedProvider;
}
