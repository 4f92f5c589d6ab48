package dev.vectorstore.embedded;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.VectorStore;
import dev.vectorstore.support.EngineStore;
import java.util.Objects;
import org.apache.lucene.store.ByteBuffersDirectory;

/**
 * Opens vector stores in this process, on Apache Lucene: no server, no network. Each store is empty
 * when it is opened, lives in memory, and is gone when it is closed.
 *
 * <pre>{@code
 * try (VectorStore store = EmbeddedVectorStore.inMemory().open()) {
 *   VectorCollection pages = store.ensureCollection(
 *       CollectionSpec.builder("pages").vectors(384, Metric.COSINE).build());
 * }
 * }</pre>
 */
public final class EmbeddedVectorStore {
  private EmbeddedVectorStore() {}

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
    private CallOptions callOptions = CallOptions.defaults();
    private CallListener listener = call -> {};

    private Builder() {}

    /**
     * Sets deadlines and retries.
     *
     * @param options the options of calls
     * @return this builder
     */
    public Builder callOptions(CallOptions options) {
      callOptions = Objects.requireNonNull(options, "options");
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
     * Opens a new, empty store.
     *
     * @return the store, to be closed by the caller
     */
    public VectorStore open() {
      return EngineStore.open(
          new EmbeddedEngine(name -> new ByteBuffersDirectory()), callOptions, listener);
    }
  }
}
