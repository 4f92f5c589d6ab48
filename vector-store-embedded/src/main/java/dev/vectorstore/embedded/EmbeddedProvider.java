package dev.vectorstore.embedded;

import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreProvider;
import java.util.Set;

/** Opens {@code memory:}, each time a new, empty store. */
public final class EmbeddedProvider implements VectorStoreProvider {
  /** Made by {@link java.util.ServiceLoader}. */
  public EmbeddedProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("memory");
  }

  @Override
  public VectorStore open(String url, StoreOptions options) {
    if (url.length() > "memory:".length()) {
      throw new InvalidRequest(
          "memory: takes nothing behind the colon: each store in memory is new and empty, and has"
              + " no name");
    }
    return Embedded.inMemory().options(options).open();
  }
}
