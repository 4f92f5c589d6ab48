/** What two or more engines share. It makes no promise to users, so only our own modules see it. */
@SuppressWarnings("module") // The modules that it names are built after it.
module dev.vectorstore.support {
  requires static transitive org.jspecify;
  requires transitive dev.vectorstore;
  requires transitive com.fasterxml.jackson.databind;
  requires dev.failsafe.core;
  requires org.slf4j;

  exports dev.vectorstore.support to
      dev.vectorstore.embedded,
      dev.vectorstore.qdrant,
      dev.vectorstore.supabase,
      dev.vectorstore.migration,
      dev.vectorstore.cli;
}
