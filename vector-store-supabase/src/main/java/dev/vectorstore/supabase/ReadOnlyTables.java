package dev.vectorstore.supabase;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.StoreEngine;
import java.util.Optional;

/** Existing tables without our SQL: none is made or dropped, whatever reads them. */
interface ReadOnlyTables extends StoreEngine {
  @Override
  default Optional<String> advice(Capability lacking) {
    return Optional.of(Refused.instead(lacking));
  }

  @Override
  default void ensure(CollectionSpec spec, Attempt attempt) {
    throw Refused.write();
  }

  @Override
  default boolean drop(String name, Attempt attempt) {
    throw Refused.write();
  }
}
