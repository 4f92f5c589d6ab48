package dev.vectorstore.supabase.tables;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.StoreEngine;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads existing tables without our SQL, by either transport. None is made or dropped. */
public interface ReadOnlyTables extends StoreEngine {
  /** The schema whose tables are called by their names alone, as far as it is known. */
  String schema();

  /** The tables that look like a store, by the names by which they are opened. */
  Map<String, Table> stores(Attempt attempt);

  @Override
  ReadOnlyCollection<?> open(String name, Attempt attempt);

  @Override
  default List<String> collections(Attempt attempt) {
    return List.copyOf(stores(attempt).keySet());
  }

  @Override
  default Optional<String> advice(Capability lacking) {
    return Optional.of(Advice.instead(lacking));
  }

  @Override
  default void ensure(CollectionSpec spec, Attempt attempt) {
    throw Advice.write();
  }

  @Override
  default boolean drop(String name, Attempt attempt) {
    throw Advice.write();
  }
}
