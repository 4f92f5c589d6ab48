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

/** The whole contract over PostgREST, on collections that our SQL manages. */
@RequiresEngine(TestEngine.SUPABASE)
class SupabaseContractTest implements VectorStoreContract {
  private static ManagedServer server;

  @BeforeAll
  static void start() {
    server = ManagedServer.upgraded();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  public EngineUnderTest engine() {
    return server.engine();
  }

  @Override
  public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
    return ManagedServer.open(endpoint, credentials, retry);
  }
}
