package dev.vectorstore.testkit;

import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;

/** The model itself passes the contract, so what it is compared with must too. */
final class ModelStoreContractTest implements VectorStoreContract {
  @Override
  public EngineUnderTest engine() {
    return EngineUnderTest.inProcess();
  }

  @Override
  public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
    return ModelStore.open();
  }
}
