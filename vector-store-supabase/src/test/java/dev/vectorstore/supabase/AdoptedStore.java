package dev.vectorstore.supabase;

import dev.vectorstore.CallOptions;
import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStores;
import dev.vectorstore.WriteBatch;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A store all of whose collections are adopted tables, so that the contract can be run on these.
 * Its collections are made and dropped by the owner of the tables ({@link AdoptedTables}) and
 * adopted as a user would; a payload is the value of the column {@code metadata} ({@link
 * AdoptedRows}). All else is the store's own.
 */
final class AdoptedStore implements VectorStore {
  private final VectorStore store;
  private final AdoptedTables tables;

  AdoptedStore(VectorStore store, AdoptedTables tables) {
    this.store = store;
    this.tables = tables;
  }

  @Override
  public String engine() {
    return store.engine();
  }

  @Override
  public VectorCollection ensureCollection(CollectionSpec spec) {
    Objects.requireNonNull(spec, "spec");
    // Of names that aren't portable no table is made, and the store refuses them.
    if (isPortable(spec) && tables.make(spec)) {
      adopt(spec.name(), tables.table(spec.name()).rows().spec(spec));
    }
    return adopted(store.ensureCollection(tables.table(spec.name()).rows().spec(spec)));
  }

  private static boolean isPortable(CollectionSpec spec) {
    return VectorStores.isPortableName(spec.name())
        && spec.vectors().keySet().stream()
            .allMatch(name -> name.isEmpty() || VectorStores.isPortableName(name));
  }

  /** A ranked field is declared with its collection, which an adopted table is made by this. */
  private void adopt(String name, CollectionSpec row) {
    TableAdoption.Builder adoption =
        TableAdoption.of(name).schema(AdoptedTables.SCHEMA).collection(name);
    tables.table(name).plain().ifPresent(adoption::vectorColumn);
    if (!store.collections().contains(row.name())) {
      row.fields().entrySet().stream()
          .filter(field -> field.getValue() == FieldType.TEXT)
          .forEach(field -> adoption.ranked(field.getKey()));
    }
    tables.asOwner(owner -> owner.adopt(adoption.build()));
  }

  @Override
  public void ping() {
    store.ping();
  }

  @Override
  public VectorStore with(CallOptions options) {
    return new AdoptedStore(store.with(options), tables);
  }

  @Override
  public CollectionInfo describe(String name) {
    Objects.requireNonNull(name, "name");
    return tables.table(name).rows().info(store.describe(name));
  }

  @Override
  public List<String> collections() {
    return store.collections();
  }

  @Override
  public boolean exists(String name) {
    return store.exists(name);
  }

  /** Asks the store, which refuses to drop what isn't its own; then the owner does. */
  @Override
  public boolean drop(String name) {
    try {
      return store.drop(name);
    } catch (Conflict adopted) {
      boolean released = tables.asOwner(owner -> owner.release(name));
      tables.drop(name);
      return released;
    }
  }

  @Override
  public boolean dropVector(String collection, String vector) {
    return store.dropVector(collection, vector);
  }

  @Override
  public VectorCollection collection(String name) {
    Objects.requireNonNull(name, "name");
    return adopted(store.collection(name));
  }

  private VectorCollection adopted(VectorCollection collection) {
    return new AdoptedCollection(collection, tables.table(collection.name()));
  }

  @Override
  public void apply(WriteBatch batch) {
    Objects.requireNonNull(batch, "batch");
    WriteBatch.Builder rows = WriteBatch.builder();
    for (WriteBatch.Operation operation : batch.operations()) {
      String name = operation.collection();
      AdoptedRows table = tables.table(name).rows();
      if (operation instanceof WriteBatch.Upsert upsert) {
        rows.upsert(name, upsert.records().stream().map(table::row).toList());
      } else if (operation instanceof WriteBatch.Delete delete) {
        rows.delete(name, table.keys(delete.ids()));
      } else if (operation instanceof WriteBatch.DeleteWhere delete) {
        rows.deleteWhere(name, table.filter(delete.filter()));
      }
    }
    store.apply(rows.build());
  }

  @Override
  public Set<Capability> capabilities() {
    return store.capabilities();
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return store.unwrap(type);
  }

  @Override
  public void close() {
    store.close();
  }

  @Override
  public String toString() {
    return store.toString();
  }
}
