package dev.vectorstore.supabase;

import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.ExistingSupabaseStore;

/** Adopted tables over a direct connection: the same. */
class PostgresAdoptionTest extends AdoptionTest {
  @Override
  VectorStore open(ExistingSupabaseStore existing) {
    return Reading.openDirect(existing);
  }
}
