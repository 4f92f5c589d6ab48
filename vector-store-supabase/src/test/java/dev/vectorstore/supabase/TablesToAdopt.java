package dev.vectorstore.supabase;

import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** An existing store with our SQL beside its tables, none of which is adopted yet. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TablesToAdopt {
  ExistingSupabaseStore server;
  VectorStore store;
  VectorStore owner;
  SupabaseTables tables;

  @BeforeAll
  void start() {
    server = ExistingSupabaseStore.create(3);
    server.sql(Supabase.sql());
    server.postgrest().reloadSchema();
    store = Reading.open(server);
    owner = Reading.openAsOwner(server.database());
    tables = owner.unwrap(SupabaseTables.class);
  }

  @AfterAll
  void stop() {
    owner.close();
    store.close();
    server.close();
  }
}
