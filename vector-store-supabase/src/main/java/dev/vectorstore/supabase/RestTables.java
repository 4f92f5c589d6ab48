package dev.vectorstore.supabase;

import dev.vectorstore.CallStart;
import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.CollectionEngine;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The existing tables behind one PostgREST, without our SQL: they are read. Safe for threads. */
final class RestTables implements ReadOnlyTables {
  private final Gateway gateway;

  private final Map<CollectionInfo, TableShape> shapes = new ConcurrentHashMap<>();

  RestTables(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public String name() {
    return "supabase";
  }

  @Override
  public CallStart.Server server() {
    return gateway.server();
  }

  /** By PostgREST's description, which asks the database which tables there are. */
  @Override
  public void ping(Attempt attempt) {
    gateway.describe(attempt);
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.VECTOR_SEARCH, Capability.DURABLE, Capability.REMOTE);
  }

  @Override
  public List<String> collections(Attempt attempt) {
    return Discovery.collections(tables(attempt));
  }

  @Override
  public CollectionInfo describe(String name, Attempt attempt) {
    Table table = tables(attempt).get(name);
    if (table == null) {
      throw new NotFound(
          "there is no such table in what PostgREST shows to this key; check the name and the key,"
              + " and after a change reload the schema (notify pgrst, 'reload schema')");
    }
    Discovery.requireKey(table);
    TableShape shape = new TableShape(table, dimension(table, attempt));
    CollectionInfo info = Discovery.info(shape);
    shapes.put(info, shape);
    return info;
  }

  /** Of the column, or of the first vector where the column takes any. */
  private int dimension(Table table, Attempt attempt) {
    Column vector = table.vector().orElse(null);
    if (vector == null || vector.type().dimension() > 0) {
      return vector == null ? 0 : vector.type().dimension();
    }
    String column = Query.quote(vector.name());
    String request =
        Query.table(table.name())
            .with("select", column)
            .with("and", new Condition.Group("", List.of(Condition.isNotNull(vector))).text(true))
            .with("limit", "1")
            .toString();
    Reply reply = gateway.get(request, false, attempt);
    return gateway.read(reply, body -> VectorText.firstDimension(body));
  }

  /** What isn't listed may be hidden from the key, so absence is asked for. */
  @Override
  public boolean exists(String name, Attempt attempt) {
    if (tables(attempt).containsKey(name)) {
      return true;
    }
    try {
      Reply reply = gateway.get(Query.table(name).with("limit", "0").toString(), false, attempt);
      gateway.read(reply, body -> body.readAllBytes().length);
      return true;
    } catch (NotFound absent) {
      return false;
    }
  }

  @Override
  public CollectionEngine<?> open(CollectionInfo info) {
    TableShape shape = shapes.get(info);
    if (shape == null) {
      throw new IllegalStateException("a collection is opened by its own description only");
    }
    return new TableEngine(info, shape, gateway);
  }

  @Override
  public <T> Optional<T> unwrap(Class<T> type) {
    return type == HttpClient.class ? Optional.of(type.cast(gateway.client())) : Optional.empty();
  }

  @Override
  public void close() {
    gateway.close();
    shapes.clear();
  }

  private Map<String, Table> tables(Attempt attempt) {
    return ApiDescription.read(gateway.describe(attempt));
  }
}
