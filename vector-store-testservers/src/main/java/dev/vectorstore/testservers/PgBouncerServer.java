package dev.vectorstore.testservers;

import static java.util.Objects.requireNonNull;

import dev.vectorstore.testkit.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A real PgBouncer in transaction mode before a {@link PostgresServer}, on a free port of
 * 127.0.0.1: what a client leaves in a session is there for the next one, as behind the pooler of
 * Supabase.
 *
 * <p>Safe to use from several threads.
 */
public final class PgBouncerServer implements KillableServer {
  private static final String PROGRAM = "pgbouncer";

  private final int port = FreePort.next();
  private final Path folder;
  private final ServerProcess process;

  private PgBouncerServer(PostgresDatabase database, Map<String, String> passwords, Path folder) {
    this.folder = folder;
    Path settings = folder.resolve("pgbouncer.ini");
    write(settings, settings(database));
    StringBuilder users = new StringBuilder();
    passwords.forEach(
        (role, password) ->
            users.append('"').append(role).append("\" \"").append(password).append("\"\n"));
    write(folder.resolve("users"), users.toString());
    ServerUser.own(folder);
    process =
        new ServerProcess(
            "PgBouncer",
            ServerUser.command(List.of(Programs.require(PROGRAM).toString(), settings.toString())),
            Map.of(),
            folder);
  }

  /**
   * Starts a pooler of two connections.
   *
   * @param database what is behind it, under its own name
   * @param passwords of the roles that may log in
   * @throws IllegalStateException when there is no {@code pgbouncer} on the PATH, or it doesn't
   *     answer in time; the message then ends with the tail of its log
   */
  public static PgBouncerServer start(PostgresDatabase database, Map<String, String> passwords) {
    PgBouncerServer server =
        new PgBouncerServer(
            requireNonNull(database, "database"), passwords, TempFolder.create(PROGRAM));
    try {
      server.process.start(() -> FreePort.answers(server.port));
      return server;
    } catch (IllegalStateException e) {
      server.close();
      throw e;
    }
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return port;
  }

  @Override
  public void kill9() {
    process.kill9();
  }

  @Override
  public void restart() {
    process.kill9();
    process.start(() -> FreePort.answers(port));
  }

  @Override
  public String log() {
    return process.tail();
  }

  @Override
  public void close() {
    process.stop("INT");
    TempFolder.delete(folder);
  }

  private String settings(PostgresDatabase database) {
    return String.join(
        "\n",
        "[databases]",
        database.name() + " = host=127.0.0.1 port=" + database.port(),
        "[pgbouncer]",
        "listen_addr = 127.0.0.1",
        "listen_port = " + port,
        "unix_socket_dir =",
        "auth_type = scram-sha-256",
        "auth_file = " + folder.resolve("users"),
        "pool_mode = transaction",
        "default_pool_size = 2",
        "max_client_conn = 200",
        "server_login_retry = 0.2",
        // The driver says it at its start; that line is in every guide to drivers and poolers.
        "ignore_startup_parameters = extra_float_digits",
        "");
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("Can't write " + file, e);
    }
  }
}
