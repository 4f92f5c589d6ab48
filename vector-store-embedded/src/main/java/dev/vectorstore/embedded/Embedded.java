package dev.vectorstore.embedded;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorStore;
import dev.vectorstore.support.EngineStore;
import java.util.Objects;
import org.apache.lucene.store.ByteBuffersDirectory;

/**
 * Opens vector stores in this process, on Apache Lucene: no server, no network. Each store is empty
 * when it is opened, lives in memory, and is gone when it is closed.
 *
 * <pre>{@code
 * try (VectorStore store = Embedded.inMemory().open()) {
 *   VectorCollection pages = store.ensureCollection(
 *       CollectionSpec.builder("pages").vectors(384, Metric.COSINE).build());
 * }
 * }</pre>
 */
public final class Embedded {
  private Embedded() {}

  /**
   * A builder of stores in memory. A store takes what its records and vectors take, and up to twice
   * that for a moment while segments are merged; size the heap by it.
   *
   * @return a new builder
   */
  public static Builder inMemory() {
    return new Builder();
  }

  /** Builds stores. Not safe for threads; the stores are. */
  public static final class Builder {
    private StoreOptions options = StoreOptions.defaults();

    private Builder() {}

    /**
     * Sets deadlines, retries and listener at once, in place of what was set before.
     *
     * @param options the options
     * @return this builder
     */
    public Builder options(StoreOptions options) {
      this.options = Objects.requireNonNull(options, "options");
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
     * Opens a new, empty store.
     *
     * @return the store, to be closed by the caller
     */
    public VectorStore open() {
      return EngineStore.open(
          new EmbeddedEngine(name -> new ByteBuffersDirectory()),
          options.callOptions(),
          options.listener());
    }
  }
}
