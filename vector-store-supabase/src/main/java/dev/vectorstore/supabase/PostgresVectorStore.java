package dev.vectorstore.supabase;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.support.EngineStore;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens a Postgres with pgvector over connections of its own, such as the one below a Supabase
 * project. It works through a pooler in transaction mode: nothing is left in a session.
 *
 * <pre>{@code
 * try (VectorStore store =
 *     PostgresVectorStore.at("postgresql://user@host:5432/db").password(() -> password).open()) {
 *   Page page = store.collection("crawled_pages").scan(ScanRequest.builder().build());
 * }
 * }</pre>
 */
public final class PostgresVectorStore {
  private static final int USUAL_CONNECTIONS = 10;

  private PostgresVectorStore() {}

  /**
   * A builder for a server. The URL may say {@code ?sslmode=verify-full}, {@code sslrootcert} and
   * {@code schema} (public unless said).
   *
   * @param url such as {@code postgresql://user@host:5432/db}, without a password
   * @return a new builder
   * @throws VectorStoreException.InvalidRequest if it isn't such a URL, or has a password in it
   */
  public static Builder at(String url) {
    PostgresAddress address = PostgresAddress.of(url);
    return new Builder(address, address.schema(), null);
  }

  /**
   * A builder for connections that the caller keeps in a pool, with the PostgreSQL driver below it.
   * It isn't closed with the store.
   *
   * @param source the pool
   * @param schema whose tables are collections, such as "public"
   * @return a new builder
   */
  public static Builder over(DataSource source, String schema) {
    return new Builder(
        null, Objects.requireNonNull(schema, "schema"), Objects.requireNonNull(source, "source"));
  }

  /** Builds a store over direct connections. Not safe for threads. */
  public static final class Builder {
    private final @Nullable PostgresAddress address;
    private final String schema;
    private final @Nullable DataSource source;
    private Supplier<? extends @Nullable String> password = () -> null;
    private int maxConnections = USUAL_CONNECTIONS;
    private CallOptions options = CallOptions.defaults();
    private CallListener listener = call -> {};

    private Builder(@Nullable PostgresAddress address, String schema, @Nullable DataSource source) {
      this.address = address;
      this.schema = schema;
      this.source = source;
    }

    /**
     * Sets the password. None unless set.
     *
     * @param password asked before each connection; null or blank for none
     * @return this builder
     */
    public Builder password(Supplier<? extends @Nullable String> password) {
      this.password = Objects.requireNonNull(password, "password");
      return this;
    }

    /**
     * Sets how many connections are open at most; what needs more waits. 10 unless set.
     *
     * @param most 1 or more
     * @return this builder
     * @throws IllegalArgumentException if it is less than 1
     */
    public Builder maxConnections(int most) {
      if (most < 1) {
        throw new IllegalArgumentException("there must be a connection, not " + most);
      }
      maxConnections = most;
      return this;
    }

    /**
     * Sets deadlines and retries.
     *
     * @param options the options of calls
     * @return this builder
     */
    public Builder callOptions(CallOptions options) {
      this.options = Objects.requireNonNull(options, "options");
      return this;
    }

    /**
     * Sets who hears of calls.
     *
     * @param listener the listener
     * @return this builder
     */
    public Builder listener(CallListener listener) {
      this.listener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Opens the store. Nothing needs to be reachable yet.
     *
     * @return the store, to be closed by the caller
     */
    public VectorStore open() {
      PostgresCalls calls = new PostgresCalls(connections());
      PostgresTables tables = new PostgresTables(calls, schema, source);
      return EngineStore.open(
          new SupabaseEngine(new PostgresFunctions(calls), tables), options, listener);
    }

    private Connections connections() {
      if (address != null) {
        return new PostgresPool(address, password, maxConnections);
      }
      return new CallersDataSource(Objects.requireNonNull(source));
    }
  }
}
