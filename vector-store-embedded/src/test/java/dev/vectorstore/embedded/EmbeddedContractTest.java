package dev.vectorstore.embedded;

import dev.vectorstore.CallOptions;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testkit.Credentials;
import dev.vectorstore.testkit.Endpoint;
import dev.vectorstore.testkit.EngineUnderTest;
import dev.vectorstore.testkit.VectorStoreContract;

class EmbeddedContractTest implements VectorStoreContract {
  @Override
  public EngineUnderTest engine() {
    return EngineUnderTest.inProcess();
  }

  @Override
  public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
    return Embedded.inMemory().callOptions(CallOptions.builder().retry(retry).build()).open();
  }
}
