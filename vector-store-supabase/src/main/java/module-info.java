/** The engine over Supabase: reads an existing store through PostgREST. */
module dev.vectorstore.supabase {
  requires static transitive org.jspecify;
  requires transitive dev.vectorstore;
  requires transitive java.net.http;
  requires dev.vectorstore.support;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;

  exports dev.vectorstore.supabase;

  provides dev.vectorstore.VectorStoreProvider with
      dev.vectorstore.supabase.SupabaseVectorStoreProvider;
}
