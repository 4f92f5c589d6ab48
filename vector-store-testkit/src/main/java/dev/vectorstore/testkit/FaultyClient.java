package dev.vectorstore.testkit;

import dev.vectorstore.CallOptions;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Unavailable;
import java.time.Duration;

/** A store that reaches its engine through a proxy, which a test lets fail. */
final class FaultyClient implements AutoCloseable {
  private final TcpProxy proxy;
  private final VectorStore store;
  private final RetryPolicy retry;

  FaultyClient(EngineContract contract, RetryPolicy retry) {
    EngineUnderTest engine = contract.engine();
    this.retry = retry;
    proxy = TcpProxy.to(engine.endpoint().host(), engine.endpoint().port());
    store = contract.open(Endpoint.of("127.0.0.1", proxy.port()), engine.credentials(), retry);
  }

  TcpProxy proxy() {
    return proxy;
  }

  VectorStore store() {
    return store;
  }

  /** A collection whose description was read, over a connection that is open. */
  VectorCollection warm(VectorCollection same) {
    VectorCollection collection = store.collection(same.name());
    collection.describe();
    collection.count();
    return collection;
  }

  /** As {@link #warm}, with this deadline for attempts and calls. */
  VectorCollection warm(VectorCollection same, Duration timeout) {
    CallOptions options =
        CallOptions.builder()
            .attemptTimeout(timeout)
            .readTimeout(timeout)
            .writeTimeout(timeout)
            .retry(retry)
            .build();
    return warm(same).with(options);
  }

  /**
   * Takes the engine away, and lets the store notice it by a read: a request that is written to a
   * connection just reset may, for all that the client knows, have arrived.
   */
  void cutOff(VectorCollection warm) {
    proxy.mode(ProxyMode.refuse());
    VectorCollection impatient = warm.with(CallOptions.builder().retry(RetryPolicy.none()).build());
    Expect.failure(Unavailable.class, "a read after the engine went away", impatient::count);
  }

  @Override
  public void close() {
    try (proxy) {
      store.close();
    }
  }
}
