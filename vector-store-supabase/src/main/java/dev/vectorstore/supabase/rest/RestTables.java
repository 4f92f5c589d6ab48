package dev.vectorstore.supabase.rest;

import dev.vectorstore.CallStart;
import dev.vectorstore.Capability;
import dev.vectorstore.Metric;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.VectorStores;
import dev.vectorstore.supabase.tables.Column;
import dev.vectorstore.supabase.tables.Condition;
import dev.vectorstore.supabase.tables.Discovery;
import dev.vectorstore.supabase.tables.ReadOnlyTables;
import dev.vectorstore.supabase.tables.Table;
import dev.vectorstore.supabase.tables.TableShape;
import dev.vectorstore.supabase.tables.VectorText;
import dev.vectorstore.support.Attempt;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the existing tables behind one PostgREST, without our SQL. A table of the default schema
 * goes by its name, one of another schema that is served by {@code schema.name}. Safe for threads.
 */
public final class RestTables implements ReadOnlyTables {
  private static final Logger LOG = LoggerFactory.getLogger(RestTables.class);

  /** Postgres cuts a longer name, and would answer with another table. */
  private static final int LONGEST_NAME = 63;

  /** No path leads to them: gateways, and URLs themselves, take them for steps. */
  private static final Set<String> STEPS = Set.of(".", "..");

  /** PostgREST repeats the name in a header, where these end it. */
  private static final Pattern CONTROLS = Pattern.compile("[\\x00-\\x1f\\x7f]");

  private static final String OURS = "vector_store";

  /** What a header can hold. */
  private static final Pattern SENDABLE =
      Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?");

  private final RestClient client;

  /** Where a table of a name can be. */
  private record Place(RestClient client, @Nullable String schema, String table) {
    /**
     * The tables that are there.
     *
     * @throws ClosedRoot if they aren't shown
     */
    Api api(Attempt attempt) {
      return Api.read(client, schema, attempt);
    }
  }

  /**
   * The tables of a schema.
   *
   * @param schema which; empty for the only one that is served
   */
  private record Api(Optional<String> schema, Map<String, Table> tables) {
    static Api read(RestClient client, @Nullable String asked, Attempt attempt) {
      Reply reply = client.describe(attempt);
      Optional<String> schema = asked == null ? reply.schema() : Optional.of(asked);
      return new Api(
          schema, ApiDescription.read(schema.orElse(Table.USUAL_SCHEMA), client.json(reply)));
    }
  }

  public RestTables(RestClient client) {
    this.client = client;
  }

  @Override
  public String name() {
    return "supabase";
  }

  @Override
  public CallStart.Server server() {
    return client.server();
  }

  /** By PostgREST's description, which asks the database which tables there are. */
  @Override
  public void ping(Attempt attempt) {
    try {
      Api.read(client, null, attempt);
    } catch (ClosedRoot closed) {
      if (closed.isDenied()) {
        throw closed.toException();
      }
    }
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.VECTOR_SEARCH, Capability.DURABLE, Capability.REMOTE);
  }

  @Override
  public String schema() {
    return Table.USUAL_SCHEMA;
  }

  @Override
  public Map<String, Table> stores(Attempt attempt) {
    try {
      return describedStores(attempt);
    } catch (ClosedRoot closed) {
      throw closed.toException();
    }
  }

  private Map<String, Table> describedStores(Attempt attempt) {
    Api own = Api.read(client, null, attempt);
    Map<String, Table> stores = stores(own);
    if (own.schema().isPresent()) {
      for (String schema : schemas(attempt)) {
        if (!schema.equals(own.schema().get())) {
          storesOf(schema, attempt).stream()
              .filter(table -> !own.tables().containsKey(table.qualified()))
              .forEach(table -> stores.putIfAbsent(table.qualified(), table));
        }
      }
    }
    return stores;
  }

  private static Map<String, Table> stores(Api api) {
    Map<String, Table> stores = new TreeMap<>(Discovery.stores(api.tables()));
    stores.keySet().removeIf(name -> !isReachable(name) && leftOut(name));
    return stores;
  }

  private static boolean leftOut(String name) {
    LOG.warn(
        "the table {} is left out, since HTTP doesn't carry its name; read it over a connection to"
            + " the database",
        VectorStores.shownName(name));
    return true;
  }

  private Collection<Table> storesOf(String schema, Attempt attempt) {
    try {
      return stores(Api.read(client.in(schema), schema, attempt)).values();
    } catch (UnsupportedFeature notServed) {
      LOG.debug("a schema is no longer served: {}", notServed.getMessage());
      return List.of();
    }
  }

  /** Whether a request gets to a table of this name, and to no other. */
  private static boolean isReachable(String table) {
    return !STEPS.contains(table)
        && !CONTROLS.matcher(table).find()
        && table.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME;
  }

  /** The schemas that are served and can be asked for, the shortest first. */
  private List<String> schemas(Attempt attempt) {
    List<String> schemas = new ArrayList<>();
    for (String schema : client.schemas(attempt)) {
      if (!SENDABLE.matcher(schema).matches()) {
        LOG.warn(
            "the tables of the schema {} aren't seen over PostgREST, since an HTTP header can't"
                + " hold its name; read them over a connection to the database",
            VectorStores.shownName(schema));
      } else if (!schema.equals(OURS)) {
        schemas.add(schema);
      }
    }
    schemas.sort(Comparator.comparingInt(String::length));
    return schemas;
  }

  /** In the default schema by its name; else in another, whose name and a dot come before it. */
  private List<Place> places(String name, Attempt attempt) {
    List<Place> places = new ArrayList<>();
    places.add(new Place(client, null, name));
    if (name.indexOf('.') > 0) {
      for (String schema : schemas(attempt)) {
        if (name.startsWith(schema + '.')) {
          String table = name.substring(schema.length() + 1);
          places.add(new Place(client.in(schema), schema, table));
        }
      }
    }
    places.removeIf(place -> place.table().isEmpty() || !isReachable(place.table()));
    return places;
  }

  @Override
  public RestCollection open(String name, Attempt attempt) {
    for (Place place : places(name, attempt)) {
      Table table = table(place, attempt);
      if (table != null) {
        Discovery.requireKey(table);
        TableShape shape = new TableShape(table, specs(table, place.client(), attempt));
        return new RestCollection(Discovery.info(name, shape), shape, place.client());
      }
    }
    throw new NotFound(
        "there is no such table in what PostgREST shows to this key; check the name and the key,"
            + " and after a change reload the schema (notify pgrst, 'reload schema')");
  }

  /** Null where there is none; a table that is there and isn't described is refused. */
  private static @Nullable Table table(Place place, Attempt attempt) {
    try {
      return place.api(attempt).tables().get(place.table());
    } catch (ClosedRoot closed) {
      if (isThere(place, attempt)) {
        throw closed.toException();
      }
      return null;
    }
  }

  /** Of each vector that has a dimension; PostgREST doesn't tell metrics. */
  private static Map<String, VectorSpec> specs(Table table, RestClient client, Attempt attempt) {
    Map<String, VectorSpec> specs = new HashMap<>();
    for (Column vector : table.vectors()) {
      int declared = vector.type().dimension();
      int dimension = declared > 0 ? declared : firstDimension(table, vector, client, attempt);
      if (dimension > 0) {
        specs.put(vector.name(), VectorSpec.of(dimension, Metric.COSINE));
      }
    }
    return specs;
  }

  private static int firstDimension(
      Table table, Column vector, RestClient client, Attempt attempt) {
    String column = Condition.quote(vector.name());
    String request =
        Query.table(table.name())
            .with("select", column)
            .with("and", new Condition.Group("", List.of(Condition.isNotNull(vector))).text(true))
            .with("limit", "1")
            .toString();
    Reply reply = client.get(request, false, attempt);
    return client.read(reply, body -> VectorText.firstDimension(body));
  }

  /** What isn't listed may be hidden from the key, so absence is asked for. */
  @Override
  public boolean exists(String name, Attempt attempt) {
    List<Place> places = places(name, attempt);
    return places.stream().anyMatch(place -> isListed(place, attempt))
        || places.stream().anyMatch(place -> isThere(place, attempt));
  }

  private static boolean isListed(Place place, Attempt attempt) {
    try {
      return place.api(attempt).tables().containsKey(place.table());
    } catch (ClosedRoot closed) {
      return false; // it can be there all the same
    }
  }

  private static boolean isThere(Place place, Attempt attempt) {
    try {
      RestClient client = place.client();
      String request = Query.table(place.table()).with("limit", "0").toString();
      Reply reply = client.get(request, false, attempt);
      client.read(reply, body -> body.readAllBytes().length);
      return true;
    } catch (NotFound absent) {
      return false;
    }
  }

  @Override
  public <T> Optional<T> unwrap(Class<T> type) {
    return type == HttpClient.class
        ? Optional.of(type.cast(client.httpClient()))
        : Optional.empty();
  }

  @Override
  public void close() {
    client.close();
  }
}
