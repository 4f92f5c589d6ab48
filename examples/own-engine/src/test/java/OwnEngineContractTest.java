import dev.vectorstore.CallOptions;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.testkit.Credentials;
import dev.vectorstore.testkit.Endpoint;
import dev.vectorstore.testkit.EngineUnderTest;
import dev.vectorstore.testkit.VectorStoreContract;

/**
 * The whole contract on an engine of your own: put yours where {@code memory:} stands. One across a
 * network returns {@code EngineUnderTest.remote(...)}, with {@code killedBy} and {@code
 * restartedBy} where it is durable, and connects to the endpoint with the credentials.
 */
class OwnEngineContractTest implements VectorStoreContract {
  @Override
  public EngineUnderTest engine() {
    return EngineUnderTest.inProcess();
  }

  @Override
  public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
    return VectorStores.open(
        "memory:",
        StoreOptions.builder().callOptions(CallOptions.builder().retry(retry).build()).build());
  }
}
