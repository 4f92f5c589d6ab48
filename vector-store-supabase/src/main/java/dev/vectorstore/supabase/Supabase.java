package dev.vectorstore.supabase;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.supabase.managed.ServerScript;
import dev.vectorstore.supabase.rest.HttpSender;
import dev.vectorstore.supabase.rest.RestAddress;
import dev.vectorstore.supabase.rest.RestClient;
import dev.vectorstore.supabase.rest.RestFunctions;
import dev.vectorstore.supabase.rest.RestTables;
import dev.vectorstore.support.EngineStore;
import dev.vectorstore.support.KeySource;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens a Supabase store, or any Postgres with pgvector behind a PostgREST. Where {@link #sql()} is
 * installed, collections are made, written and searched with all that the contract says; existing
 * tables can be adopted ({@link SupabaseTables}). Without it, an existing store is read as it is:
 * tables with vectors and those that they refer to are collections, each row is a record with a
 * payload key per column, and a function {@code match_TABLE} answers searches.
 *
 * <pre>{@code
 * try (VectorStore store =
 *     Supabase.project("https://project.supabase.co").key(() -> key).open()) {
 *   Page page = store.collection("crawled_pages").scan(ScanRequest.all());
 * }
 * }</pre>
 */
public final class Supabase {
  private Supabase() {}

  /**
   * The SQL script that installs the server side, or upgrades it; running it twice changes nothing.
   *
   * @return the script, for psql or the SQL editor of Supabase
   */
  public static String sql() {
    return ServerScript.text();
  }

  /**
   * A builder for a Supabase project.
   *
   * @param url the project's URL, such as {@code https://project.supabase.co}
   * @return a new builder
   * @throws VectorStoreException.InvalidRequest if it isn't an http or https URL
   */
  public static Builder project(String url) {
    return new Builder(
        RestAddress.ofSupabase(Objects.requireNonNull(url, "url")), SupabaseProvider.SUPABASE);
  }

  /**
   * A builder for a PostgREST without Supabase around it.
   *
   * @param url where PostgREST is, such as {@code http://127.0.0.1:3000}
   * @return a new builder
   * @throws VectorStoreException.InvalidRequest if it isn't an http or https URL
   */
  public static Builder postgrest(String url) {
    return new Builder(
        RestAddress.of(Objects.requireNonNull(url, "url")), SupabaseProvider.POSTGREST);
  }

  /** Builds a store that is read over PostgREST. Not safe for threads. */
  public static final class Builder {
    private final URI address;
    private final String scheme;
    private StoreOptions options = StoreOptions.defaults();
    private @Nullable HttpClient client;
    private boolean plainTextKey;

    private Builder(URI address, String scheme) {
      this.address = address;
      this.scheme = scheme;
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
     * Sets the key: the service_role key or a secret key to read everything, a public one to read
     * what row-level security lets it. No key unless set.
     *
     * @param key asked before each request, by a thread of the store's; null or blank for none.
     *     What it throws is {@code InvalidRequest} of the call, and no answer within the attempt's
     *     time {@code Unavailable}
     * @return this builder
     */
    public Builder key(Supplier<? extends @Nullable String> key) {
      options = options.toBuilder().key(key).build();
      return this;
    }

    /**
     * Sends a key over plain http to other machines too, where anyone on the way can read it. It is
     * refused unless this is called, but for loopback addresses.
     *
     * @return this builder
     */
    public Builder allowPlainTextKey() {
      plainTextKey = true;
      return this;
    }

    /**
     * Uses a client of the caller, which isn't closed with the store. One of its own unless set.
     * Where a thread of the client runs out of memory, the JDK's client answers no more: one of the
     * store's own is then made anew, one of the caller's isn't.
     *
     * @param client the client
     * @return this builder
     */
    public Builder httpClient(HttpClient client) {
      this.client = Objects.requireNonNull(client, "client");
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
     * Opens the store. Nothing needs to be reachable yet.
     *
     * @return the store, to be closed by the caller
     */
    public VectorStore open() {
      HttpSender sender = client == null ? HttpSender.own(this::settings) : HttpSender.of(client);
      StoreOptions from = options;
      KeySource key = new KeySource("key", from, scheme);
      RestClient client = new RestClient(address, sender, key, plainTextKey);
      return EngineStore.open(
          new SupabaseEngine(new RestFunctions(client), new RestTables(client)),
          from.callOptions(),
          from.listener());
    }

    private HttpClient.Builder settings(HttpClient.Builder own) {
      own.connectTimeout(Duration.ofSeconds(4)); // less than a ping has
      if ("http".equals(address.getScheme())) {
        // Else the first request asks for an upgrade to HTTP/2, which PostgREST doesn't know.
        own.version(HttpClient.Version.HTTP_1_1);
      }
      return own;
    }
  }
}
