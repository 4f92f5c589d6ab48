package dev.vectorstore.supabase;

import dev.vectorstore.CallOptions;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testkit.Credentials;
import dev.vectorstore.testkit.Endpoint;
import dev.vectorstore.testkit.EngineUnderTest;
import dev.vectorstore.testkit.PgBouncerServer;
import dev.vectorstore.testkit.PostgresDatabase;
import dev.vectorstore.testkit.PostgresServer;
import dev.vectorstore.testkit.RequiresEngine;
import dev.vectorstore.testkit.TestEngine;
import dev.vectorstore.testkit.VectorStoreContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The whole contract through a pooler in transaction mode, on collections that our SQL manages. */
@RequiresEngine({TestEngine.SUPABASE, TestEngine.PGBOUNCER})
class PooledContractTest implements VectorStoreContract {
  private static PostgresServer server;
  private static PgBouncerServer pooler;

  @BeforeAll
  static void start() {
    server = PostgresServer.startWithPasswords();
    PostgresDatabase database = server.createDatabase("contract");
    database.sql(ManagedServer.ROLES);
    database.sql(ManagedServer.script());
    database.sql("create role app login password 'the right one'; grant service_role to app");
    pooler = PgBouncerServer.start(database, Map.of("app", "the right one"));
  }

  @AfterAll
  static void stop() {
    pooler.close();
    server.close();
  }

  @Override
  public EngineUnderTest engine() {
    return EngineUnderTest.remote(
            Endpoint.of("127.0.0.1", pooler.port()),
            Credentials.key("the right one"),
            Credentials.key("a wrong one"))
        .killedBy(server::kill9)
        .restartedBy(server::restart);
  }

  @Override
  public VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
    return PostgresVectorStore.at("postgresql://app@" + endpoint + "/contract")
        .password(() -> credentials.key().orElse(null))
        .callOptions(CallOptions.builder().retry(retry).build())
        .open();
  }
}
