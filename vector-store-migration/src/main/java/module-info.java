/** Copies one store to another and proves that search still answers the same. */
module dev.vectorstore.migration {
  requires static transitive org.jspecify;
  requires transitive dev.vectorstore;
  requires com.fasterxml.jackson.databind;
  requires dev.vectorstore.support;
  requires org.slf4j;

  exports dev.vectorstore.migration;
}
