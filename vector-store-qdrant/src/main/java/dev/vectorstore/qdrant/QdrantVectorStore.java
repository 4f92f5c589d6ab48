package dev.vectorstore.qdrant;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.support.EngineStore;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens a {@link VectorStore} over a Qdrant server, or a cluster of them, by gRPC.
 *
 * <pre>{@code
 * try (VectorStore store =
 *     QdrantVectorStore.builder()
 *         .endpoint("https://cluster.example.org:6334")
 *         .key(() -> System.getenv("QDRANT_API_KEY"))
 *         .open()) {
 *   List<String> names = store.collections();
 * }
 * }</pre>
 *
 * <p>Stores are safe for threads. {@link VectorStore#unwrap(Class)} gives the {@link
 * ManagedChannel}.
 */
public final class QdrantVectorStore {
  private QdrantVectorStore() {}

  /**
   * A builder for a store; it needs an endpoint or a channel.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a store over Qdrant. Not safe for threads. */
  public static final class Builder {
    private final List<Endpoint> endpoints = new ArrayList<>();
    private @Nullable ManagedChannel channel;
    private @Nullable Path trusted;
    private Supplier<? extends @Nullable String> key = () -> null;
    private boolean plainTextKeyAllowed;
    private CallOptions callOptions = CallOptions.defaults();
    private CallListener listener = call -> {};
    private QdrantCollectionOptions collections = QdrantCollectionOptions.NONE;
    private final Map<String, QdrantCollectionOptions> byName = new HashMap<>();

    private Builder() {}

    /**
     * Adds a server; calls take turns between the servers, and pass by those that can't be reached.
     *
     * @param url {@code http://host:6334}, or {@code https} for an encrypted connection; several
     *     separated by commas
     * @return this builder
     * @throws InvalidRequest if the URL can't be understood
     */
    public Builder endpoint(String url) {
      endpoints.addAll(Endpoint.parseAll(url));
      return this;
    }

    /**
     * Uses a channel of the caller's, which the store doesn't close. Its inbound limit holds:
     * answers beyond it are read in smaller parts.
     *
     * @param channel the channel
     * @return this builder
     */
    public Builder channel(ManagedChannel channel) {
      this.channel = Objects.requireNonNull(channel, "channel");
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
     * @param key asked at each call; null or blank means none
     * @return this builder
     */
    public Builder key(Supplier<? extends @Nullable String> key) {
      this.key = Objects.requireNonNull(key, "key");
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
     * @param options the options of calls
     * @return this builder
     */
    public Builder callOptions(CallOptions options) {
      this.callOptions = Objects.requireNonNull(options, "options");
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
     * @throws InvalidRequest if there is neither endpoint nor channel, or both, or the key would go
     *     over plain text
     */
    public VectorStore open() {
      Map<String, QdrantCollectionOptions> own = Map.copyOf(byName);
      QdrantCollectionOptions others = collections;
      return EngineStore.open(
          new QdrantEngine(connection(), name -> own.getOrDefault(name, others)),
          callOptions,
          listener);
    }

    private Connection connection() {
      if (endpoints.isEmpty() == (channel == null)) {
        throw new InvalidRequest(
            "a Qdrant store needs either endpoint(\"http://host:6334\") or a channel");
      }
      boolean unsafe = endpoints.stream().anyMatch(at -> !at.tls() && !at.isLoopback());
      ApiKey apiKey = new ApiKey(key, plainTextKeyAllowed, unsafe);
      apiKey.check();
      if (channel != null) {
        return Connection.over(channel, apiKey);
      }
      return Connection.over(new OwnChannels(endpoints, trusted), apiKey);
    }
  }
}
