package dev.vectorstore.testservers;

import dev.vectorstore.testkit.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real Postgres with pgvector: a fresh cluster in a folder of its own, on a free port of
 * 127.0.0.1, without passwords for local connections. As root it runs as the user {@code postgres}.
 *
 * <p>What a commit acknowledged survives {@link #kill9()}; a loss of power it wouldn't, since
 * nothing waits for the disk here. Safe to use from several threads.
 */
public final class PostgresServer implements KillableServer {
  private static final String SUPERUSER = "postgres";
  private static final Duration INITDB_LIMIT = Duration.ofMinutes(2);

  private final int port = FreePort.next();
  private final Path folder;
  private final Path programs;
  private final ServerProcess process;

  private PostgresServer(Path programs, Path folder) {
    this.programs = programs;
    this.folder = folder;
    this.process =
        new ServerProcess("Postgres", ServerUser.command(serverCommand()), Map.of(), folder);
  }

  /**
   * A fresh server, started now.
   *
   * @throws IllegalStateException when Postgres isn't installed, or doesn't start; the message then
   *     ends with the tail of its log
   */
  public static PostgresServer start() {
    return start(false);
  }

  /**
   * A fresh server that asks every role but its superuser for a password.
   *
   * @throws IllegalStateException when Postgres isn't installed, or doesn't start; the message then
   *     ends with the tail of its log
   */
  public static PostgresServer startWithPasswords() {
    return start(true);
  }

  private static PostgresServer start(boolean passwords) {
    Path programs =
        Programs.postgresFolder()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "Postgres isn't installed; run tools/install-engines as root"));
    PostgresServer server = new PostgresServer(programs, TempFolder.create("postgres"));
    try {
      ServerUser.own(server.folder);
      server.makeCluster();
      if (passwords) {
        server.askForPasswords();
      }
      server.process.start(server::ready);
      return server;
    } catch (IllegalStateException | UncheckedIOException e) {
      server.close();
      throw e;
    }
  }

  /**
   * The server that the tests of this JVM share, started at the first call and stopped when the JVM
   * ends. Make a database of your own in it; don't close or kill it.
   */
  public static PostgresServer shared() {
    return SharedServers.get("postgres", PostgresServer.class, PostgresServer::start);
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /**
   * Makes a database with pgvector in it.
   *
   * @param name a name that isn't taken: lower-case letters, digits and underscores
   * @throws IllegalStateException when the name is taken or pgvector isn't installed
   */
  public PostgresDatabase createDatabase(String name) {
    database(SUPERUSER).sql("create database " + name);
    PostgresDatabase made = database(name);
    made.sql("create extension vector");
    return made;
  }

  /** An existing database. */
  public PostgresDatabase database(String name) {
    return new PostgresDatabase(SUPERUSER, port, name);
  }

  @Override
  public void kill9() {
    process.kill9();
  }

  @Override
  public void restart() {
    process.kill9();
    process.start(this::ready);
  }

  @Override
  public String log() {
    return process.tail();
  }

  @Override
  public void close() {
    process.stop("QUIT"); // at once, but with its shared memory freed; the data go anyway
    TempFolder.delete(folder);
  }

  private boolean ready() {
    return FreePort.answers(port) && database(SUPERUSER).answers();
  }

  private List<String> serverCommand() {
    return List.of(
        programs.resolve("postgres").toString(),
        "-D",
        folder.resolve("data").toString(),
        "-p",
        Integer.toString(port),
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "unix_socket_directories=",
        "-c",
        "fsync=off",
        "-c",
        "full_page_writes=off",
        "-c",
        "max_wal_size=2GB",
        "-c",
        "max_connections=200");
  }

  private void askForPasswords() {
    String rules =
        "host all " + SUPERUSER + " 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n";
    try {
      Files.writeString(folder.resolve("data").resolve("pg_hba.conf"), rules);
    } catch (IOException e) {
      throw new UncheckedIOException("Can't write the rules of who may log in", e);
    }
  }

  private void makeCluster() {
    List<String> initdb =
        List.of(
            programs.resolve("initdb").toString(),
            "-D",
            folder.resolve("data").toString(),
            "--username=" + SUPERUSER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync");
    Path log = folder.resolve("initdb.log");
    try {
      Process running =
          new ProcessBuilder(ServerUser.command(initdb))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      boolean ended = running.waitFor(INITDB_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended || running.exitValue() != 0) {
        running.destroyForcibly();
        throw new IllegalStateException("initdb failed:\n" + Files.readString(log));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Can't run initdb", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while initdb ran", e);
    }
  }
}
