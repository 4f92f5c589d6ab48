package dev.vectorstore.qdrant;

import dev.vectorstore.CallOptions;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testkit.Credentials;
import dev.vectorstore.testkit.Endpoint;
import dev.vectorstore.testkit.EngineUnderTest;
import dev.vectorstore.testkit.VectorStoreContract;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

@RequiresEngine(TestEngine.QDRANT)
class QdrantContractTest implements VectorStoreContract {
  private static QdrantServer server;

  @BeforeAll
  static void start() {
    server = QdrantServer.builder().apiKey("the-right-key").start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  public EngineUnderTest engine() {
    return EngineUnderTest.remote(
            Endpoint.of(server.host(), server.grpcPort()),
            Credentials.key("the-right-key"),
            Credentials.key("a-wrong-key"))
        .killedBy(server::kill9)
        .restartedBy(server::restart);
  }

  @Override
  public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
    return Qdrant.at("http://" + endpoint)
        .key(() -> credentials.key().orElse(null))
        .callOptions(CallOptions.builder().retry(retry).build())
        .open();
  }
}
