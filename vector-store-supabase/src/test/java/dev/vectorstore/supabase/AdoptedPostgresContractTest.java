package dev.vectorstore.supabase;

import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testkit.Credentials;
import dev.vectorstore.testkit.Endpoint;
import dev.vectorstore.testkit.EngineUnderTest;
import dev.vectorstore.testkit.VectorStoreContract;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The whole contract over a direct connection, on tables that were made by others and adopted. */
@RequiresEngine(TestEngine.SUPABASE)
class AdoptedPostgresContractTest implements VectorStoreContract {
  private static DirectServer server;
  private static AdoptedTables tables;

  @BeforeAll
  static void start() {
    server = DirectServer.start();
    tables = new AdoptedTables(server.database());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  public EngineUnderTest engine() {
    return server.engine(server.port());
  }

  @Override
  public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
    return new AdoptedStore(DirectServer.open(endpoint, credentials, retry), tables);
  }
}
