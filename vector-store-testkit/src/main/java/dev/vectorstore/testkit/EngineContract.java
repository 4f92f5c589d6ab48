package dev.vectorstore.testkit;

import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;

/** What an engine fills in so that the tests of the kit can be run on it. */
public interface EngineContract {
  /** The engine, ready to be used; the same at each call. */
  EngineUnderTest engine();

  /**
   * Opens a store of the engine as a user would, with default deadlines. The kit closes it.
   *
   * @param endpoint where to connect to: the engine, or a proxy before it
   * @param credentials the key: the right one, a wrong one, or none
   * @param retry how failed attempts are tried again
   */
  VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry);
}
