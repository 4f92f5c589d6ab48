package dev.vectorstore.qdrant;

import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreProvider;
import java.util.Set;

/**
 * Opens {@code qdrant:http://host:6334}, with {@code https} for an encrypted connection and several
 * hosts separated by commas. The port is the one of gRPC.
 */
public final class QdrantProvider implements VectorStoreProvider {
  static final String SCHEME = "qdrant";

  /** For {@link java.util.ServiceLoader}. */
  public QdrantProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of(SCHEME);
  }

  @Override
  public VectorStore open(String url, StoreOptions options) {
    if (!url.regionMatches(true, 0, SCHEME + ":", 0, SCHEME.length() + 1)) {
      throw new InvalidRequest("the URL doesn't start with qdrant:, as in qdrant:http://host:6334");
    }
    return Qdrant.at(url.substring(SCHEME.length() + 1)).options(options).open();
  }
}
