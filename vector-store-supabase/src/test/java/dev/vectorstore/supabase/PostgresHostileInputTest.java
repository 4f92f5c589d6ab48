package dev.vectorstore.supabase;

import dev.vectorstore.VectorStore;

/** What tries to break out, over a direct connection. */
class PostgresHostileInputTest extends HostileInputTest {
  @Override
  VectorStore open(ManagedServer managed) {
    return Postgres.at(managed.database().url("postgres")).callOptions(Reading.ONCE).open();
  }
}
