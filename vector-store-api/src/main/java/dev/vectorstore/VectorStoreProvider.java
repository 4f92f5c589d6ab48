package dev.vectorstore;

import java.util.Set;

/**
 * Opens stores of an engine by URL; found by {@link java.util.ServiceLoader}. Implementations have
 * a public constructor without arguments and are safe for threads.
 */
public interface VectorStoreProvider {
  /**
   * The schemes of the URLs that this provider opens, in lower case.
   *
   * @return for example "qdrant"
   */
  Set<String> schemes();

  /**
   * Opens a store. Nothing needs to be reachable yet.
   *
   * @param url a URL that starts with one of the schemes and a colon
   * @param options the key, deadlines and retries
   * @return the store, to be closed by the caller
   * @throws VectorStoreException.InvalidRequest if the URL can't be understood
   */
  VectorStore open(String url, StoreOptions options);
}
