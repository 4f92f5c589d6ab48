package dev.vectorstore;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What {@link VectorStores#open(String, StoreOptions)} needs beside the URL: the key, deadlines and
 * retries, a listener. Immutable. Keys come from a supplier that is asked whenever one is needed,
 * so that they can change; they are never part of a URL, a message or {@code toString}.
 */
public final class StoreOptions {
  private static final StoreOptions DEFAULTS = builder().build();

  private final @Nullable Function<String, @Nullable String> keys;
  private final CallOptions callOptions;
  private final CallListener listener;

  private StoreOptions(Builder builder) {
    keys = builder.keys;
    callOptions = builder.callOptions;
    listener = builder.listener;
  }

  /**
   * No key, default deadlines and retries, no listener.
   *
   * @return the defaults
   */
  public static StoreOptions defaults() {
    return DEFAULTS;
  }

  /**
   * The defaults with the keys of the environment: {@code QDRANT_API_KEY} for qdrant, {@code
   * SUPABASE_KEY} for supabase and postgrest, {@code PGPASSWORD} for postgresql. Nothing else in
   * the library reads the environment.
   *
   * @return the options
   */
  public static StoreOptions fromEnvironment() {
    Map<String, String> variables =
        Map.of(
            "qdrant", "QDRANT_API_KEY",
            "supabase", "SUPABASE_KEY",
            "postgrest", "SUPABASE_KEY",
            "postgresql", "PGPASSWORD");
    Builder builder = builder();
    builder.keys =
        scheme -> {
          String variable = variables.get(scheme.toLowerCase(Locale.ROOT));
          return variable == null ? null : System.getenv(variable);
        };
    return builder.build();
  }

  /**
   * A builder that starts with the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A builder that starts with these options.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.keys = keys;
    builder.callOptions = callOptions;
    builder.listener = listener;
    return builder;
  }

  /**
   * The key for an engine, asked anew at each call.
   *
   * @param scheme the scheme of the engine's URLs, such as "qdrant"
   * @return the key, or empty if there is none
   */
  public Optional<String> key(String scheme) {
    Objects.requireNonNull(scheme, "scheme");
    return Optional.ofNullable(keys)
        .map(supplied -> supplied.apply(scheme))
        .filter(key -> !key.isBlank());
  }

  /**
   * Whether it is set where the key comes from. There may be none all the same.
   *
   * @return false if {@link #key(String)} is empty whenever it is asked
   */
  public boolean hasKeySupplier() {
    return keys != null;
  }

  /**
   * Deadlines and retries.
   *
   * @return the options of calls
   */
  public CallOptions callOptions() {
    return callOptions;
  }

  /**
   * Who hears of calls.
   *
   * @return the listener; one that does nothing unless set
   */
  public CallListener listener() {
    return listener;
  }

  @Override
  public String toString() {
    return "StoreOptions[" + callOptions + "]";
  }

  /** Builds {@link StoreOptions}. Not safe for threads. */
  public static final class Builder {
    private @Nullable Function<String, @Nullable String> keys;
    private CallOptions callOptions = CallOptions.defaults();
    private CallListener listener = CallListener.NONE;

    private Builder() {}

    /**
     * Sets where the key comes from.
     *
     * @param key asked whenever a key is needed, by a thread of the store; null or blank means
     *     none. What it throws is {@code InvalidRequest} of the call, and no answer within the
     *     attempt's time {@code Unavailable}
     * @return this builder
     */
    public Builder key(Supplier<? extends @Nullable String> key) {
      Objects.requireNonNull(key, "key");
      this.keys = scheme -> key.get();
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
     * The options.
     *
     * @return new options
     */
    public StoreOptions build() {
      return new StoreOptions(this);
    }
  }
}
