package dev.vectorstore.supabase;

import dev.vectorstore.CallOptions;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testkit.Credentials;
import dev.vectorstore.testkit.Endpoint;
import dev.vectorstore.testkit.EngineUnderTest;
import dev.vectorstore.testservers.JwtIssuer;
import dev.vectorstore.testservers.PostgresDatabase;
import dev.vectorstore.testservers.PostgresServer;
import dev.vectorstore.testservers.PostgrestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** A real Postgres with Supabase's roles and our SQL in it, behind a real PostgREST. */
final class ManagedServer implements AutoCloseable {
  static final String ROLES =
      """
      do $$
      declare
        role_name text;
      begin
        perform pg_advisory_xact_lock(736453);
        foreach role_name in array array['anon', 'authenticated', 'service_role', 'authenticator'] loop
          if not exists (select from pg_roles where rolname = role_name) then
            execute format('create role %I', role_name);
          end if;
        end loop;
        alter role service_role bypassrls;
        alter role authenticator login noinherit;
        grant anon, authenticated, service_role to authenticator;
      end
      $$;
      grant usage on schema public to anon, authenticated, service_role;
      alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
      alter default privileges in schema public
        grant all on functions to anon, authenticated, service_role;
      """;

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final PostgresServer postgres;
  private final boolean owned;
  private final PostgresDatabase database;
  private final PostgrestServer postgrest;

  private ManagedServer(PostgresServer postgres, boolean owned, String before) {
    this.postgres = postgres;
    this.owned = owned;
    database = postgres.createDatabase("managed_" + DATABASES.incrementAndGet());
    database.sql(ROLES);
    database.sql(before + ";\n" + Supabase.sql());
    postgrest = PostgrestServer.builder(database.url("authenticator")).maxRows(1_000).start();
  }

  /** With a Postgres of its own, which can be killed. */
  static ManagedServer ofItsOwn() {
    return new ManagedServer(PostgresServer.start(), true, "");
  }

  /** The same, where an older version of our SQL was installed before, as people have it. */
  static ManagedServer upgraded() {
    return new ManagedServer(PostgresServer.start(), true, olderScript());
  }

  /** The SQL of version 3, the last one whose functions had their installer's rights. */
  static String olderScript() {
    try (InputStream script = ManagedServer.class.getResourceAsStream("/vector-store-3.sql")) {
      return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** A database of its own in the Postgres that all tests share. */
  static ManagedServer start() {
    return new ManagedServer(PostgresServer.shared(), false, "");
  }

  /** The same, where this was run before our SQL. */
  static ManagedServer after(String before) {
    return new ManagedServer(PostgresServer.shared(), false, before);
  }

  /** The SQL that we ship. */
  static String script() {
    return Supabase.sql();
  }

  PostgresDatabase database() {
    return database;
  }

  PostgrestServer postgrest() {
    return postgrest;
  }

  String address() {
    return postgrest.url().substring("postgrest:".length());
  }

  String serviceKey() {
    return postgrest.issuer().tokenFor("service_role");
  }

  VectorStore open(CallOptions options) {
    return Supabase.postgrest(address()).key(this::serviceKey).callOptions(options).open();
  }

  /** As the contract wants an engine. */
  EngineUnderTest engine() {
    return EngineUnderTest.remote(
            Endpoint.of("127.0.0.1", postgrest.port()),
            Credentials.key(serviceKey()),
            Credentials.key(
                new JwtIssuer("the secret of another project, unknown here")
                    .tokenFor("service_role")))
        .killedBy(this::kill9)
        .restartedBy(this::restart);
  }

  static VectorStore open(Endpoint endpoint, Credentials credentials, RetryPolicy retry) {
    return Supabase.postgrest("http://" + endpoint)
        .key(() -> credentials.key().orElse(null))
        .callOptions(CallOptions.builder().retry(retry).build())
        .open();
  }

  void kill9() {
    postgrest.kill9();
    postgres.kill9();
  }

  void restart() {
    postgres.restart();
    postgrest.restart();
  }

  @Override
  public void close() {
    postgrest.close();
    if (owned) {
      postgres.close();
    }
  }
}
