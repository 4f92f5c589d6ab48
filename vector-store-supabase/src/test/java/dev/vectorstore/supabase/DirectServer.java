package dev.vectorstore.supabase;

import dev.vectorstore.CallOptions;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testkit.Credentials;
import dev.vectorstore.testkit.Endpoint;
import dev.vectorstore.testkit.EngineUnderTest;
import dev.vectorstore.testservers.PgBouncerServer;
import dev.vectorstore.testservers.PostgresDatabase;
import dev.vectorstore.testservers.PostgresServer;
import java.util.Map;

/**
 * A real Postgres of its own that asks for passwords, with Supabase's roles and our SQL in it,
 * which a role has installed that is no superuser, as on Supabase; as the contract wants an engine.
 */
final class DirectServer implements AutoCloseable {
  private final PostgresServer server;
  private final PostgresDatabase database;

  private DirectServer(PostgresServer server) {
    this.server = server;
    database = server.createDatabase("contract");
    database.sql(ManagedServer.ROLES);
    database.sql(
        "create role installer createrole bypassrls; grant service_role to installer; grant all on"
            + " database contract to installer; grant all on schema public to installer");
    database.sqlAs("installer", ManagedServer.script());
    database.sql("create role app login password 'the right one'; grant service_role to app");
  }

  static DirectServer start() {
    return new DirectServer(PostgresServer.startWithPasswords());
  }

  PostgresDatabase database() {
    return database;
  }

  /** A pooler before it, to be closed first. */
  PgBouncerServer pooler() {
    return PgBouncerServer.start(database, Map.of("app", "the right one"));
  }

  int port() {
    return server.port();
  }

  /** The engine at its own port, or at that of a pooler. */
  EngineUnderTest engine(int port) {
    return EngineUnderTest.remote(
            Endpoint.of("127.0.0.1", port),
            Credentials.key("the right one"),
            Credentials.key("a wrong one"))
        .killedBy(server::kill9)
        .restartedBy(server::restart);
  }

  static VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
    return Postgres.at("postgresql://app@" + endpoint + "/contract")
        .password(() -> credentials.key().orElse(null))
        .callOptions(CallOptions.builder().retry(retry).build())
        .open();
  }

  @Override
  public void close() {
    server.close();
  }
}
