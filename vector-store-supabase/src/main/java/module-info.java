/** The engine over Supabase: PostgREST in front of Postgres with pgvector. */
module dev.vectorstore.supabase {
  requires static transitive org.jspecify;
  requires transitive dev.vectorstore;
  requires transitive java.net.http;
  requires transitive java.sql;
  requires com.fasterxml.jackson.databind;
  requires dev.vectorstore.support;
  requires org.postgresql.jdbc;
  requires org.slf4j;

  exports dev.vectorstore.supabase;

  provides dev.vectorstore.VectorStoreProvider with
      dev.vectorstore.supabase.SupabaseProvider;
}
