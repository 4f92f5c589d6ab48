package dev.vectorstore.supabase;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.CallStart;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.supabase.postgres.CallersDataSource;
import dev.vectorstore.supabase.postgres.Catalog;
import dev.vectorstore.supabase.postgres.Connections;
import dev.vectorstore.supabase.postgres.PoolLimits;
import dev.vectorstore.supabase.postgres.PostgresAddress;
import dev.vectorstore.supabase.postgres.PostgresClient;
import dev.vectorstore.supabase.postgres.PostgresFunctions;
import dev.vectorstore.supabase.postgres.PostgresPool;
import dev.vectorstore.supabase.postgres.PostgresTables;
import dev.vectorstore.supabase.tables.Table;
import dev.vectorstore.support.EngineStore;
import dev.vectorstore.support.KeySource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens a Postgres with pgvector over direct connections: any Postgres, such as the one below a
 * Supabase project. It works through a pooler in transaction mode: nothing is left in a session.
 * What is found there is as {@link Supabase} says: collections of our own where {@link
 * Supabase#sql()} is installed, and existing tables.
 *
 * <pre>{@code
 * try (VectorStore store =
 *     Postgres.at("postgresql://user@host:5432/db").password(() -> password).open()) {
 *   Page page = store.collection("crawled_pages").scan(ScanRequest.all());
 * }
 * }</pre>
 */
public final class Postgres {
  private Postgres() {}

  /**
   * A builder for a server. The URL may say {@code ?sslmode=verify-full} (as {@link
   * Builder#sslMode}), {@code sslrootcert} (as {@link Builder#trust}) and {@code schema} (as {@link
   * Builder#schema}).
   *
   * @param url such as {@code postgresql://user@host:5432/db}, without a password
   * @return a new builder
   * @throws VectorStoreException.InvalidRequest if it isn't such a URL, has a password in it, or an
   *     {@code sslmode} that there isn't
   */
  public static Builder at(String url) {
    PostgresAddress address = PostgresAddress.of(Objects.requireNonNull(url, "url"));
    return new Builder(address, null);
  }

  /**
   * A builder for connections that the caller keeps in a pool, with the PostgreSQL driver below it.
   * It isn't closed with the store.
   *
   * @param source the pool
   * @return a new builder
   */
  public static Builder over(DataSource source) {
    return new Builder(null, Objects.requireNonNull(source, "source"));
  }

  /** Builds a store over direct connections. Not safe for threads. */
  public static final class Builder {
    private @Nullable PostgresAddress address;
    private final @Nullable DataSource source;
    private @Nullable String schema;
    private StoreOptions options = StoreOptions.defaults();
    private PoolLimits limits = PoolLimits.USUAL;
    private boolean plainTextKey;

    private Builder(@Nullable PostgresAddress address, @Nullable DataSource source) {
      this.address = address;
      this.source = source;
      schema = address == null ? null : address.schema();
    }

    /**
     * Sets the key, deadlines, retries and listener at once, in place of what was set before.
     *
     * @param options the options
     * @return this builder
     */
    public Builder options(StoreOptions options) {
      this.options = Objects.requireNonNull(options, "options");
      return this;
    }

    /**
     * Sets the schema whose existing tables are the store's collections, by their names alone.
     * Unless it is set here or in the URL, these are the tables of "public", and those of other
     * schemas that look like a store are listed as well, by their schema's name and their own, as
     * "rag.docs". A table of another schema is opened by such a name in either case.
     *
     * @param schema the name of a schema
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if it is empty
     */
    public Builder schema(String schema) {
      if (Objects.requireNonNull(schema, "schema").isBlank()) {
        throw new VectorStoreException.InvalidRequest(
            "a schema has a name, such as public, and this is empty");
      }
      this.schema = schema;
      return this;
    }

    /** Where the server is; a pool of the caller's has its own settings. */
    private PostgresAddress requireOwnPool(String option) {
      if (address == null) {
        throw new VectorStoreException.InvalidRequest(
            option + " is for Postgres.at(url): the DataSource of Postgres.over has its own");
      }
      return address;
    }

    /**
     * Sets the password. None unless set.
     *
     * @param password asked before each connection; null or blank for none
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if the pool is the caller's, which logs in itself
     */
    public Builder password(Supplier<? extends @Nullable String> password) {
      Objects.requireNonNull(password, "password");
      requireOwnPool("password");
      options = options.toBuilder().key(password).build();
      return this;
    }

    /**
     * Sets whether and how connections are encrypted: one of {@code disable}, {@code allow}, {@code
     * prefer}, {@code require}, {@code verify-ca} and {@code verify-full}, as psql knows them.
     * Unless it is set here or in the URL, it is {@code verify-full} where certificates to {@link
     * #trust} are given, else {@code require} where a password would go to another machine, and
     * {@code prefer} elsewhere.
     *
     * @param mode the mode
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if there is no such mode, or the pool is the
     *     caller's
     */
    public Builder sslMode(String mode) {
      PostgresAddress at = requireOwnPool("sslMode");
      address = at.encrypted(at.tls().mode(Objects.requireNonNull(mode, "mode")));
      return this;
    }

    /**
     * Trusts these certificates instead of those of {@code ~/.postgresql/root.crt}, or of the
     * platform where that isn't there. The server must show one of them or one that they sign;
     * under {@code verify-full} it must also be for the host's name.
     *
     * @param pem a file of certificates in PEM form
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if the pool is the caller's
     */
    public Builder trust(Path pem) {
      PostgresAddress at = requireOwnPool("trust");
      address = at.encrypted(at.tls().trust(Objects.requireNonNull(pem, "pem")));
      return this;
    }

    /**
     * Sends the password over connections without encryption to other machines too, where anyone on
     * the way can read it. It is refused unless this is called, but for loopback addresses.
     *
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if the pool is the caller's
     */
    public Builder allowPlainTextKey() {
      requireOwnPool("allowPlainTextKey");
      plainTextKey = true;
      return this;
    }

    /**
     * Sets how many connections are open at most; what needs more waits. 10 unless set.
     *
     * @param most 1 or more
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if it is less than 1, or the pool is the caller's
     */
    public Builder maxConnections(int most) {
      requireOwnPool("maxConnections");
      limits = limits.most(most);
      return this;
    }

    /**
     * Sets how long a connection stays open that nobody uses. 10 minutes unless set.
     *
     * @param time a positive time
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if it isn't positive, or the pool is the caller's
     */
    public Builder idleTimeout(Duration time) {
      requireOwnPool("idleTimeout");
      limits = limits.idle(Objects.requireNonNull(time, "time"));
      return this;
    }

    /**
     * Sets how long a connection is used after it was opened: then the call that has it ends, and
     * it is closed. 30 minutes unless set.
     *
     * @param time a positive time
     * @return this builder
     * @throws VectorStoreException.InvalidRequest if it isn't positive, or the pool is the caller's
     */
    public Builder maxLifetime(Duration time) {
      requireOwnPool("maxLifetime");
      limits = limits.lifetime(Objects.requireNonNull(time, "time"));
      return this;
    }

    /**
     * Sets deadlines and retries.
     *
     * @param callOptions the options of calls
     * @return this builder
     */
    public Builder callOptions(CallOptions callOptions) {
      options =
          options.toBuilder()
              .callOptions(Objects.requireNonNull(callOptions, "callOptions"))
              .build();
      return this;
    }

    /**
     * Sets who hears of calls.
     *
     * @param listener the listener
     * @return this builder
     */
    public Builder listener(CallListener listener) {
      options = options.toBuilder().listener(listener).build();
      return this;
    }

    /**
     * Opens the store. Nothing needs to be reachable yet. {@link VectorStore#unwrap} gives its
     * {@link PostgresConnections}, or the caller's {@link DataSource}.
     *
     * @return the store, to be closed by the caller
     * @throws VectorStoreException.InvalidRequest if the file of certificates to trust can't be
     *     read
     */
    public VectorStore open() {
      return source != null
          ? open(new CallersDataSource(source), DataSource.class, source)
          : open(pool(requireOwnPool("open")));
    }

    private PostgresPool pool(PostgresAddress at) {
      at.tls().check();
      KeySource password = new KeySource("password", options, SupabaseProvider.POSTGRESQL);
      return new PostgresPool(at, password, plainTextKey, limits);
    }

    private VectorStore open(PostgresPool pool) {
      return open(pool, PostgresConnections.class, new PostgresConnections(pool));
    }

    private <T> VectorStore open(Connections connections, Class<T> type, T client) {
      PostgresClient calls = new PostgresClient(connections);
      Catalog catalog =
          schema == null
              ? new Catalog(calls, Table.USUAL_SCHEMA, false)
              : new Catalog(calls, schema, true);
      PostgresTables tables =
          new PostgresTables(
              calls, catalog, new PostgresTables.Client<>(type, client), server(catalog.schema()));
      return EngineStore.open(
          new SupabaseEngine(new PostgresFunctions(calls), tables),
          options.callOptions(),
          options.listener());
    }

    private CallStart.Server server(String usual) {
      CallStart.Server server = CallStart.Server.of("postgresql");
      return address == null
          ? server
          : server.at(address.host(), address.port()).namespace(address.database() + "|" + usual);
    }
  }
}
