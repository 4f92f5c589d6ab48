package dev.vectorstore.supabase;

import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testkit.Credentials;
import dev.vectorstore.testkit.Endpoint;
import dev.vectorstore.testkit.EngineUnderTest;
import dev.vectorstore.testkit.VectorStoreContract;
import dev.vectorstore.testservers.PgBouncerServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The whole contract through a pooler in transaction mode, on collections that our SQL manages. */
@RequiresEngine({TestEngine.SUPABASE, TestEngine.PGBOUNCER})
class PooledContractTest implements VectorStoreContract {
  private static DirectServer server;
  private static PgBouncerServer pooler;

  @BeforeAll
  static void start() {
    server = DirectServer.start();
    pooler = server.pooler();
  }

  @AfterAll
  static void stop() {
    pooler.close();
    server.close();
  }

  @Override
  public EngineUnderTest engine() {
    return server.engine(pooler.port());
  }

  @Override
  public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
    return DirectServer.open(endpoint, credentials, retry);
  }
}
