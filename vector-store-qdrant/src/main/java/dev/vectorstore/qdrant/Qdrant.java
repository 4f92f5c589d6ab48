package dev.vectorstore.qdrant;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.CallStart;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.support.EngineStore;
import dev.vectorstore.support.KeySource;
import dev.vectorstore.support.Ticker;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Opens a {@link VectorStore} over a Qdrant server, or a cluster of them, by gRPC.
 *
 * <pre>{@code
 * try (VectorStore store =
 *     Qdrant.at("https://cluster.example.org:6334")
 *         .key(() -> System.getenv("QDRANT_API_KEY"))
 *         .open()) {
 *   List<String> names = store.collections();
 * }
 * }</pre>
 *
 * <p>Stores are safe for threads. {@link VectorStore#unwrap(Class)} gives the {@link
 * ManagedChannel}.
 */
public final class Qdrant {
  private static final Pattern AUTHORITY = Pattern.compile("\\[?([^\\[\\]]+?)]?:(\\d{1,5})");

  private Qdrant() {}

  /**
   * A builder for a server, or the servers of a cluster: calls take turns between them, and pass by
   * those that can't be reached.
   *
   * @param url {@code http://host:6334} with the port of gRPC, or {@code https} for an encrypted
   *     connection; several separated by commas
   * @return a new builder
   * @throws InvalidRequest if the URL can't be understood
   */
  public static Builder at(String url) {
    return new Builder(Endpoint.parseAll(Objects.requireNonNull(url, "url")), null);
  }

  /**
   * A builder for a channel of the caller's, which the store doesn't close. Its inbound limit
   * holds: answers beyond it are read in smaller parts.
   *
   * @param channel the channel
   * @return a new builder
   */
  public static Builder over(ManagedChannel channel) {
    return new Builder(List.of(), Objects.requireNonNull(channel, "channel"));
  }

  /** Builds a store over Qdrant. Not safe for threads. */
  public static final class Builder {
    private final List<Endpoint> endpoints;
    private final @Nullable ManagedChannel channel;
    private StoreOptions options = StoreOptions.defaults();
    private @Nullable Path trusted;
    private boolean plainTextKeyAllowed;
    private QdrantCollectionOptions collections = QdrantCollectionOptions.NONE;
    private final Map<String, QdrantCollectionOptions> byName = new HashMap<>();

    private Builder(List<Endpoint> endpoints, @Nullable ManagedChannel channel) {
      this.endpoints = endpoints;
      this.channel = channel;
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
     * Trusts these certificates for {@code https} instead of the platform's.
     *
     * @param pem a file of certificates in PEM form
     * @return this builder
     */
    public Builder trust(Path pem) {
      this.trusted = Objects.requireNonNull(pem, "pem");
      return this;
    }

    /**
     * Sets where the API key comes from.
     *
     * @param key asked at each call, by a thread of the store's; null or blank means none. What it
     *     throws is {@code InvalidRequest} of the call, and no answer within the attempt's time
     *     {@code Unavailable}
     * @return this builder
     */
    public Builder key(Supplier<? extends @Nullable String> key) {
      options = options.toBuilder().key(key).build();
      return this;
    }

    /**
     * Lets the key go over connections without encryption. Without this it does so only to a
     * loopback address, and is refused elsewhere.
     *
     * @return this builder
     */
    public Builder allowPlainTextKey() {
      this.plainTextKeyAllowed = true;
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
     * Sets Qdrant's own settings of all collections that have none of their own.
     *
     * @param options the settings
     * @return this builder
     */
    public Builder collections(QdrantCollectionOptions options) {
      this.collections = Objects.requireNonNull(options, "options");
      return this;
    }

    /**
     * Sets Qdrant's own settings of one collection, in place of those of all.
     *
     * @param name the collection's name
     * @param options its settings
     * @return this builder
     */
    public Builder collection(String name, QdrantCollectionOptions options) {
      byName.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(options, "options"));
      return this;
    }

    /**
     * Opens the store. Nothing is connected yet.
     *
     * @return the store, to be closed by the caller
     * @throws InvalidRequest if the key would go over plain text
     */
    public VectorStore open() {
      Map<String, QdrantCollectionOptions> own = Map.copyOf(byName);
      QdrantCollectionOptions others = collections;
      return EngineStore.open(
          new QdrantEngine(
              connection(), server(), name -> own.getOrDefault(name, others), Ticker.SYSTEM),
          options.callOptions(),
          options.listener());
    }

    private Connection connection() {
      boolean unsafe = endpoints.stream().anyMatch(at -> !at.tls() && !at.isLoopback());
      KeySource source = new KeySource("API key", options, QdrantProvider.SCHEME);
      ApiKey apiKey = new ApiKey(source, plainTextKeyAllowed, unsafe);
      try {
        apiKey.check(options.callOptions()::attemptTimeout);
        return channel != null
            ? Connection.over(channel, apiKey)
            : Connection.over(new OwnChannels(endpoints, trusted), apiKey);
      } catch (VectorStoreException refused) {
        apiKey.close();
        throw refused;
      }
    }

    /** The first, of several. */
    private CallStart.Server server() {
      CallStart.Server server = CallStart.Server.of(QdrantEngine.NAME);
      if (channel == null) {
        return server.at(endpoints.get(0).host(), endpoints.get(0).port());
      }
      Matcher authority = AUTHORITY.matcher(channel.authority());
      return authority.matches()
          ? server.at(authority.group(1), Integer.parseInt(authority.group(2)))
          : server;
    }
  }
}
