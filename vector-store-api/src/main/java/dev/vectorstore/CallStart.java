package dev.vectorstore;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a call when it starts. Immutable. The javadoc of each value names the attribute
 * that it is in OpenTelemetry's semantic conventions for database clients.
 */
public final class CallStart {
  private final String engine;
  private final Server server;
  private final String operation;
  private final @Nullable String collection;
  private final @Nullable Long batchSize;
  private final @Nullable Integer limit;

  private CallStart(Builder builder) {
    engine = builder.engine;
    server = builder.server;
    operation = builder.operation;
    collection = builder.collection;
    batchSize = builder.batchSize;
    limit = builder.limit;
  }

  /**
   * A builder; used by engines.
   *
   * @param engine the engine's name, such as "qdrant"
   * @param server where the engine is
   * @param operation the port's verb, such as "upsert"
   * @return a new builder
   */
  public static Builder builder(String engine, Server server, String operation) {
    return new Builder(engine, server, operation);
  }

  /**
   * The engine, as {@link VectorStore#engine()} names it.
   *
   * @return its name, such as "qdrant"
   */
  public String engine() {
    return engine;
  }

  /**
   * The database and where it is: {@code db.system.name}, {@code db.namespace}, {@code
   * server.address} and {@code server.port}.
   *
   * @return the server
   */
  public Server server() {
    return server;
  }

  /**
   * The operation: {@code db.operation.name}.
   *
   * @return the port's verb, such as "upsert"
   */
  public String operation() {
    return operation;
  }

  /**
   * The collection: {@code db.collection.name}.
   *
   * @return its name, or empty for an operation of the store
   */
  public Optional<String> collection() {
    return Optional.ofNullable(collection);
  }

  /**
   * How many records, ids, searches or writes the caller gave: {@code db.operation.batch.size},
   * which OpenTelemetry wants from 2 on.
   *
   * @return the number, or empty if the operation takes none or, as {@link
   *     VectorCollection#upsertAll}, doesn't know it before its end
   */
  public OptionalLong batchSize() {
    return batchSize == null ? OptionalLong.empty() : OptionalLong.of(batchSize);
  }

  /**
   * The most hits or records that the caller asked for.
   *
   * @return the limit of a search or the page size of a scan, or empty for other operations
   */
  public OptionalInt limit() {
    return limit == null ? OptionalInt.empty() : OptionalInt.of(limit);
  }

  /**
   * As error messages name a call: "upsert on pages (qdrant)". A name that isn't plain is in
   * quotes, as {@link VectorStores#shownName} has it.
   */
  @Override
  public String toString() {
    String on = collection == null ? "" : " on " + Names.shown(collection);
    return operation + on + " (" + engine + ")";
  }

  /**
   * Which database a store talks to and where it is, for metrics and traces. Immutable, with value
   * equality.
   */
  public static final class Server {
    private final String system;
    private final @Nullable String namespace;
    private final @Nullable String address;
    private final @Nullable Integer port;

    private Server(
        String system,
        @Nullable String namespace,
        @Nullable String address,
        @Nullable Integer port) {
      this.system = system;
      this.namespace = namespace;
      this.address = address;
      this.port = port;
    }

    /**
     * A database in this process, or one whose place isn't known.
     *
     * @param system its name as OpenTelemetry has it, such as "postgresql"
     * @return the server
     */
    public static Server of(String system) {
      return new Server(Objects.requireNonNull(system, "system"), null, null, null);
    }

    /**
     * This server at an address.
     *
     * @param address the host, as the store was told it
     * @param port its port
     * @return the server
     */
    public Server at(String address, int port) {
      return new Server(system, namespace, Objects.requireNonNull(address, "address"), port);
    }

    /**
     * This server with a namespace.
     *
     * @param namespace the database and schema, as OpenTelemetry has them for the system
     * @return the server
     */
    public Server namespace(String namespace) {
      return new Server(system, Objects.requireNonNull(namespace, "namespace"), address, port);
    }

    /**
     * The database product: {@code db.system.name}.
     *
     * @return for example "postgresql" or "qdrant"
     */
    public String system() {
      return system;
    }

    /**
     * The database and schema: {@code db.namespace}.
     *
     * @return for Postgres {@code database|schema}; empty where the system has none
     */
    public Optional<String> namespace() {
      return Optional.ofNullable(namespace);
    }

    /**
     * The host: {@code server.address}.
     *
     * @return the host, the first of several; empty in this process or if it isn't known
     */
    public Optional<String> address() {
      return Optional.ofNullable(address);
    }

    /**
     * The port: {@code server.port}.
     *
     * @return the port; empty in this process or if it isn't known
     */
    public OptionalInt port() {
      return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Server server
          && system.equals(server.system)
          && Objects.equals(namespace, server.namespace)
          && Objects.equals(address, server.address)
          && Objects.equals(port, server.port);
    }

    @Override
    public int hashCode() {
      return Objects.hash(system, namespace, address, port);
    }

    @Override
    public String toString() {
      return system
          + (namespace == null ? "" : " " + namespace)
          + (address == null ? "" : " at " + address + ":" + port);
    }
  }

  /** Builds a {@link CallStart}. Not safe for threads. */
  public static final class Builder {
    private final String engine;
    private final Server server;
    private final String operation;
    private @Nullable String collection;
    private @Nullable Long batchSize;
    private @Nullable Integer limit;

    private Builder(String engine, Server server, String operation) {
      this.engine = Objects.requireNonNull(engine, "engine");
      this.server = Objects.requireNonNull(server, "server");
      this.operation = Objects.requireNonNull(operation, "operation");
    }

    /**
     * Sets the collection.
     *
     * @param name its name
     * @return this builder
     */
    public Builder collection(String name) {
      collection = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Sets how many records, ids, searches or writes the caller gave.
     *
     * @param size the number
     * @return this builder
     */
    public Builder batchSize(long size) {
      batchSize = size;
      return this;
    }

    /**
     * Sets the most hits or records that the caller asked for.
     *
     * @param most the limit
     * @return this builder
     */
    public Builder limit(int most) {
      limit = most;
      return this;
    }

    /**
     * What is known of the call.
     *
     * @return a new start
     */
    public CallStart build() {
      return new CallStart(this);
    }
  }
}
