package dev.vectorstore.supabase;

import dev.vectorstore.CallStart;
import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.WriteBatch;
import dev.vectorstore.supabase.managed.Description;
import dev.vectorstore.supabase.managed.Functions;
import dev.vectorstore.supabase.managed.ManagedCollection;
import dev.vectorstore.supabase.managed.ManagedStore;
import dev.vectorstore.supabase.tables.Advice;
import dev.vectorstore.supabase.tables.ReadOnlyCollection;
import dev.vectorstore.supabase.tables.ReadOnlyTables;
import dev.vectorstore.supabase.tables.Table;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.CollectionEngine;
import dev.vectorstore.support.StoreEngine;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Postgres with pgvector, over any transport: the collections that our SQL manages, and beside
 * them the existing tables, which are read as they are. Safe for threads.
 */
final class SupabaseEngine implements StoreEngine {
  private static final Logger LOG = LoggerFactory.getLogger(SupabaseEngine.class);

  private final Functions functions;
  private final ManagedStore managed;
  private final ReadOnlyTables tables;

  /**
   * An engine.
   *
   * @param functions the transport to our functions
   * @param tables reads existing tables over the same transport, which it closes
   */
  SupabaseEngine(Functions functions, ReadOnlyTables tables) {
    this.functions = functions;
    managed = new ManagedStore(functions);
    this.tables = tables;
  }

  @Override
  public String name() {
    return tables.name();
  }

  @Override
  public CallStart.Server server() {
    return tables.server();
  }

  /**
   * By a look into our catalog, which needs the database and the right to call our functions. A key
   * without that right may be one that reads tables; where it sees none, it is denied.
   */
  @Override
  public void ping(Attempt attempt) {
    try {
      if (managed.isInstalled(attempt)) {
        managed.open("ping", "ping", attempt);
        return;
      }
    } catch (AccessDenied notOurs) {
      if (tables.collections(attempt).isEmpty()) {
        throw notOurs;
      }
      return;
    } catch (UnsupportedFeature older) {
      // Our SQL is there and older than this client: it answers, and tables are read.
    }
    tables.ping(attempt);
  }

  @Override
  public Set<Capability> capabilities() {
    return Description.CAPABILITIES;
  }

  @Override
  public Optional<String> advice(Capability lacking) {
    return Optional.of(Advice.insteadOfManaged(lacking));
  }

  @Override
  public void ensure(CollectionSpec spec, Attempt attempt) {
    managed.ensure(spec, attempt);
  }

  @Override
  public boolean drop(String name, Attempt attempt) {
    boolean dropped = managed.drop(name, attempt);
    if (!dropped && tables.exists(name, attempt)) {
      throw new UnsupportedFeature(
          "it is a table that others made, which is read here and not dropped; drop it by SQL");
    }
    return dropped;
  }

  @Override
  public boolean dropVector(String collection, String vector, Attempt attempt) {
    try {
      return managed.dropVector(collection, vector, attempt);
    } catch (NotFound noneOfOurs) {
      if (tables.exists(collection, attempt)) {
        throw new UnsupportedFeature(
            "it is a table that others made, which is read here and not changed; drop the column by"
                + " SQL");
      }
      throw noneOfOurs;
    }
  }

  @Override
  public CollectionEngine<?> open(String name, Attempt attempt) {
    Ours<Optional<ManagedCollection>> ours =
        ours(Optional.empty(), () -> managed.open(name, name, attempt));
    if (ours.answer().isPresent()) {
      return ours.answer().get();
    }
    if (ours.denied() != null && !tables.exists(name, attempt)) {
      throw ours.denied();
    }
    ReadOnlyCollection<?> table = tables.open(name, attempt);
    return ours.denied() == null && managed.isKnown() ? adopted(table, attempt) : table;
  }

  /**
   * What a table is adopted as: where its name alone is that of one in another schema than public,
   * our SQL knows it behind the schema's.
   */
  private CollectionEngine<?> adopted(ReadOnlyCollection<?> collection, Attempt attempt) {
    Table table = collection.table();
    String name = collection.info().name();
    boolean asked = table.schema().equals(Table.USUAL_SCHEMA) || table.qualified().equals(name);
    Optional<ManagedCollection> adopted =
        asked ? Optional.empty() : managed.open(table.qualified(), name, attempt);
    return adopted.isPresent() ? adopted.get() : collection;
  }

  /**
   * What our SQL answers, to a key that may call it.
   *
   * @param denied why there is no answer: such a key may still read tables, if row-level security
   *     lets it
   */
  private record Ours<T>(T answer, @Nullable AccessDenied denied) {}

  private static <T> Ours<T> ours(T none, Supplier<T> asking) {
    try {
      return new Ours<>(asking.get(), null);
    } catch (AccessDenied denied) {
      return new Ours<>(none, denied);
    }
  }

  @Override
  public List<String> collections(Attempt attempt) {
    Ours<Map<String, Optional<String>>> ours =
        ours(
            Map.of(), () -> managed.isInstalled(attempt) ? managed.collections(attempt) : Map.of());
    Set<String> names = new LinkedHashSet<>(ours.answer().keySet());
    Set<String> adopted = new HashSet<>();
    ours.answer().values().forEach(table -> table.ifPresent(adopted::add));
    stores(ours.denied() == null && managed.isKnown(), attempt)
        .forEach(
            (name, table) -> {
              if (!adopted.contains(table.qualified())) {
                names.add(name);
              }
            });
    if (ours.denied() != null) {
      if (names.isEmpty()) {
        throw ours.denied();
      }
      LOG.warn("managed collections aren't listed: {}", ours.denied().getMessage());
    }
    return List.copyOf(names);
  }

  /**
   * The tables of others that look like a store.
   *
   * @param ours whether our collections are listed, which needn't wait for these
   */
  private Map<String, Table> stores(boolean ours, Attempt attempt) {
    try {
      return tables.stores(attempt);
    } catch (UnsupportedFeature | AccessDenied notShown) {
      if (!ours) {
        throw notShown;
      }
      LOG.warn("tables that aren't adopted aren't listed: {}", notShown.getMessage());
      return Map.of();
    }
  }

  @Override
  public boolean exists(String name, Attempt attempt) {
    Ours<Boolean> ours = ours(false, () -> managed.open(name, name, attempt).isPresent());
    boolean there = ours.answer() || tables.exists(name, attempt);
    if (!there && ours.denied() != null) {
      throw ours.denied();
    }
    return there;
  }

  @Override
  public void apply(
      WriteBatch batch, Map<String, CollectionEngine<?>> collections, Attempt attempt) {
    managed.apply(batch, collections, attempt);
  }

  @Override
  public <T> Optional<T> unwrap(Class<T> type) {
    return type == SupabaseTables.class
        ? Optional.of(type.cast(new SupabaseTables(tables, managed, functions)))
        : tables.unwrap(type);
  }

  @Override
  public void close() {
    tables.close();
  }
}
