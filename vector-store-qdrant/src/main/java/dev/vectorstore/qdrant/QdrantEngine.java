package dev.vectorstore.qdrant;

import dev.vectorstore.CallStart;
import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStores;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Effect;
import dev.vectorstore.support.StoreEngine;
import dev.vectorstore.support.Ticker;
import io.qdrant.client.grpc.Collections.CollectionDescription;
import io.qdrant.client.grpc.Collections.CollectionExistsRequest;
import io.qdrant.client.grpc.Collections.DeleteCollection;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.ListAliasesRequest;
import io.qdrant.client.grpc.Collections.ListCollectionsRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Collections of a Qdrant server. Safe for threads. */
final class QdrantEngine implements StoreEngine {
  static final String NAME = "qdrant";

  private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

  private final Connection connection;
  private final CallStart.Server server;
  private final Ticker ticker;
  private final CollectionMaker maker;
  private final Function<String, QdrantCollectionOptions> options;

  /**
   * Which Qdrant would take for folders when it deletes, and under which it makes no collection.
   */
  private static final Set<String> STEPS = Set.of(".", "..");

  /** One for each collection, however often it is opened, since bulk loads are counted there. */
  private final Map<String, Indexing> indexings = new ConcurrentHashMap<>();

  /**
   * An engine.
   *
   * @param connection to the servers
   * @param server where the first of them is
   * @param options the settings of a collection by its name
   * @param ticker the clock
   */
  QdrantEngine(
      Connection connection,
      CallStart.Server server,
      Function<String, QdrantCollectionOptions> options,
      Ticker ticker) {
    this.connection = connection;
    this.ticker = ticker;
    this.server = server;
    this.options = options;
    this.maker = new CollectionMaker(connection, this);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public CallStart.Server server() {
    return server;
  }

  /** Not by Qdrant's health check, which answers without a key, and whatever the key. */
  @Override
  public void ping(Attempt attempt) {
    collections(attempt);
  }

  @Override
  public Set<Capability> capabilities() {
    return Layout.CAPABILITIES;
  }

  @Override
  public Optional<String> advice(Capability lacking) {
    return lacking == Capability.ATOMIC_BATCH
        ? Optional.of(
            "upsert the new records first and then delete the old ones by deleteWhere, so that a"
                + " failure in between loses none, or use an engine that has it: the embedded one, or"
                + " Postgres and Supabase with our SQL")
        : Optional.empty();
  }

  @Override
  public void ensure(CollectionSpec spec, Attempt attempt) {
    maker.ensure(spec, options.apply(spec.name()), attempt);
  }

  @Override
  public CollectionInfo describe(String name, Attempt attempt) {
    return Layout.of(name, info(name, attempt), options.apply(name)).info();
  }

  /** Qdrant's own description. */
  io.qdrant.client.grpc.Collections.CollectionInfo info(String name, Attempt attempt) {
    return find(name, attempt)
        .orElseThrow(
            () ->
                new NotFound(
                    "there is no such collection; check the name, or make it by ensureCollection"));
  }

  /** Qdrant's own description, empty on proof of absence. */
  Optional<io.qdrant.client.grpc.Collections.CollectionInfo> find(String name, Attempt attempt) {
    try {
      return Optional.of(
          connection
              .collections(
                  Effect.READ,
                  attempt,
                  stub ->
                      stub.get(
                          GetCollectionInfoRequest.newBuilder().setCollectionName(name).build()))
              .getResult());
    } catch (NotFound absent) {
      return Optional.empty();
    }
  }

  @Override
  public List<String> collections(Attempt attempt) {
    return connection
        .collections(
            Effect.READ, attempt, stub -> stub.list(ListCollectionsRequest.getDefaultInstance()))
        .getCollectionsList()
        .stream()
        .map(CollectionDescription::getName)
        .collect(Collectors.toList());
  }

  /** All names that are taken. */
  List<String> namesAndAliases(Attempt attempt) {
    List<String> names = new ArrayList<>(collections(attempt));
    connection
        .collections(
            Effect.READ, attempt, stub -> stub.listAliases(ListAliasesRequest.getDefaultInstance()))
        .getAliasesList()
        .forEach(alias -> names.add(alias.getAliasName()));
    return names;
  }

  @Override
  public boolean exists(String name, Attempt attempt) {
    CollectionExistsRequest request =
        CollectionExistsRequest.newBuilder().setCollectionName(name).build();
    try {
      return connection
          .collections(Effect.READ, attempt, stub -> stub.collectionExists(request))
          .getResult()
          .getExists();
    } catch (NotFound noName) {
      return false; // the server takes no such name, so nothing has it
    }
  }

  @Override
  public boolean drop(String name, Attempt attempt) {
    DeleteCollection request =
        DeleteCollection.newBuilder()
            .setCollectionName(name)
            .setTimeout(Connection.serverSeconds(attempt))
            .build();
    // Qdrant answers false for a name that isn't there, and for an alias.
    boolean dropped = !STEPS.contains(name) && delete(request, attempt);
    if (!dropped && exists(name, attempt)) {
      throw new Conflict(
          VectorStores.shownName(name)
              + " is an alias; remove it with Qdrant's own client, or drop what it stands for");
    }
    if (dropped && connection.hasSeveralServers()) {
      awaitGone(name, attempt);
    }
    return dropped;
  }

  /** A node of a cluster answers when it has done it itself; the others follow. */
  private void awaitGone(String name, Attempt attempt) {
    CollectionExistsRequest request =
        CollectionExistsRequest.newBuilder().setCollectionName(name).build();
    while (!connection.isSaidByAll(
            attempt, stub -> !stub.collectionExists(request).getResult().getExists())
        && attempt.remaining().compareTo(LOOK_AGAIN) > 0
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  private boolean delete(DeleteCollection request, Attempt attempt) {
    try {
      return connection
          .collections(Effect.WRITE, attempt, stub -> stub.delete(request))
          .getResult();
    } catch (NotFound noName) {
      return false;
    }
  }

  @Override
  public boolean dropVector(String collection, String vector, Attempt attempt) {
    return maker.dropVector(collection, vector, attempt);
  }

  @Override
  public QdrantCollection open(String name, Attempt attempt) {
    io.qdrant.client.grpc.Collections.CollectionInfo info = info(name, attempt);
    Layout layout = Layout.of(name, info, options.apply(name));
    Indexing indexing = indexings.computeIfAbsent(name, any -> new Indexing(connection, name));
    indexing.recoverQuietly(info, attempt);
    return new QdrantCollection(connection, layout, indexing, ticker);
  }

  @Override
  public <T> Optional<T> unwrap(Class<T> type) {
    return connection.unwrap(type);
  }

  @Override
  public void close() {
    connection.close();
  }
}
