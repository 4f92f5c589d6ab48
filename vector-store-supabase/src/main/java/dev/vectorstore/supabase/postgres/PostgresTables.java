package dev.vectorstore.supabase.postgres;

import dev.vectorstore.CallStart;
import dev.vectorstore.Capability;
import dev.vectorstore.Metric;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStores;
import dev.vectorstore.supabase.tables.Column;
import dev.vectorstore.supabase.tables.Discovery;
import dev.vectorstore.supabase.tables.ReadOnlyTables;
import dev.vectorstore.supabase.tables.Table;
import dev.vectorstore.supabase.tables.TableShape;
import dev.vectorstore.support.Attempt;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads existing tables over connections to Postgres. A table of the client's own schema goes by
 * its name, one of another schema by {@code schema.name}. Safe for threads.
 */
public final class PostgresTables implements ReadOnlyTables {
  static final String HIDDEN =
      "the table has rows, and row-level security hides every one of them from this role; use the"
          + " role that owns it, one with bypassrls, or make a policy that lets this one read";

  private static final Logger LOG = LoggerFactory.getLogger(PostgresTables.class);

  private static final Set<Capability> OF_TABLES =
      EnumSet.of(
          Capability.VECTOR_SEARCH,
          Capability.EXACT,
          Capability.FULL_FILTER,
          Capability.DURABLE,
          Capability.REMOTE);

  private final PostgresClient calls;
  private final Catalog catalog;
  private final Client<?> client;
  private final CallStart.Server server;

  /**
   * What {@code unwrap} gives.
   *
   * @param type by which it is asked for
   */
  public record Client<T>(Class<T> type, T value) {}

  public PostgresTables(
      PostgresClient calls, Catalog catalog, Client<?> client, CallStart.Server server) {
    this.calls = calls;
    this.server = server;
    this.catalog = catalog;
    this.client = client;
  }

  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public CallStart.Server server() {
    return server;
  }

  @Override
  public void ping(Attempt attempt) {
    calls.read(attempt, session -> session.query("select 1", List.of(), rows -> rows.next()));
  }

  @Override
  public Set<Capability> capabilities() {
    return OF_TABLES;
  }

  @Override
  public String schema() {
    return catalog.schema();
  }

  @Override
  public Map<String, Table> stores(Attempt attempt) {
    Map<String, Table> readable = new TreeMap<>();
    catalog
        .tables(attempt)
        .forEach(
            (name, entry) -> {
              if (entry.readable()) {
                readable.put(name, entry.table());
              }
            });
    return Discovery.stores(readable);
  }

  @Override
  public boolean exists(String name, Attempt attempt) {
    return catalog.table(name, attempt) != null;
  }

  @Override
  public PostgresCollection open(String name, Attempt attempt) {
    Catalog.Entry entry = catalog.table(name, attempt);
    if (entry == null) {
      throw new NotFound(
          "there is no such table in the schema "
              + VectorStores.shownName(schema())
              + ", nor one with a schema before its name that this role may use; check the name");
    }
    requireVisible(name, entry);
    Discovery.requireKey(entry.table());
    PostgresTable table =
        new PostgresTable(new TableShape(entry.table(), specs(entry, attempt)), entry);
    Set<Capability> more = EnumSet.of(Capability.FULL_FILTER);
    if (!table.shape().vectors().isEmpty()) {
      more.addAll(List.of(Capability.VECTOR_SEARCH, Capability.EXACT));
    }
    return new PostgresCollection(Discovery.info(name, table.shape(), more), table, calls);
  }

  private static void requireVisible(String name, Catalog.Entry entry) {
    if (!entry.readable()) {
      throw new AccessDenied(
          "the role may not read the table; grant it (grant select on ...), or use another role");
    }
    if (entry.visible() == Catalog.Visible.NONE) {
      throw new AccessDenied(
          "row-level security hides every row of the table from this role, since no policy lets it"
              + " read; use the role that owns it, one with bypassrls, or make a policy");
    }
    if (entry.visible() == Catalog.Visible.SOME) {
      LOG.warn(
          "row-level security decides which rows of {} this role sees, and rows that it hides look"
              + " as if they weren't there; use the role that owns the table, or one with"
              + " bypassrls, to read all",
          VectorStores.shownName(name));
    }
  }

  /** Of each vector that has a dimension. */
  private Map<String, VectorSpec> specs(Catalog.Entry entry, Attempt attempt) {
    Map<String, VectorSpec> specs = new HashMap<>();
    for (Column vector : entry.table().vectors()) {
      int declared = vector.type().dimension();
      int dimension = declared > 0 ? declared : firstDimension(entry, vector, attempt);
      Metric metric = entry.metrics().get(vector.name());
      if (dimension > 0 && metric != null) {
        specs.put(vector.name(), VectorSpec.of(dimension, metric));
      }
    }
    return specs;
  }

  private int firstDimension(Catalog.Entry entry, Column vector, Attempt attempt) {
    PostgresTable table = new PostgresTable(new TableShape(entry.table(), Map.of()), entry);
    String sql =
        "select "
            + table.dimensionOf(vector)
            + table.from()
            + " where "
            + PostgresTable.name(vector)
            + " is not null limit 1";
    return calls.read(
        attempt,
        session -> session.query(sql, List.of(), rows -> rows.next() ? rows.getInt(1) : 0));
  }

  @Override
  public <T> Optional<T> unwrap(Class<T> type) {
    return type == client.type() ? Optional.of(type.cast(client.value())) : Optional.empty();
  }

  @Override
  public void close() {
    calls.close();
  }
}
