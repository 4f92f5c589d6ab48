package dev.vectorstore.supabase;

import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.ExistingSupabaseStore;

/** What a row becomes when it is read by SQL: the same. */
class PostgresRowsTest extends RowsTest {
  @Override
  VectorStore open(ExistingSupabaseStore existing) {
    return Reading.openDirect(existing);
  }
}
