package dev.vectorstore.testservers;

import dev.vectorstore.testkit.Await;
import dev.vectorstore.testkit.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real Postgres with pgvector: a fresh cluster in a folder of its own, or else in a container, on
 * a free port of 127.0.0.1, without passwords for local connections. As root it runs as the user
 * {@code postgres}.
 *
 * <p>What a commit acknowledged survives {@link #kill9()}; a loss of power it wouldn't, since
 * nothing waits for the disk here. Safe to use from several threads.
 */
public final class PostgresServer implements KillableServer {
  /** Of the versions that the tests are run against. */
  static final String IMAGE = "pgvector/pgvector:0.8.0-pg15";

  private static final String SUPERUSER = "postgres";
  private static final Duration START_LIMIT = Duration.ofSeconds(20);
  private static final Duration INITDB_LIMIT = Duration.ofMinutes(2);

  private final int port = FreePort.next();
  private final Path folder;
  private final boolean passwords;
  private final ServerRun run;
  private final Psql psql;

  PostgresServer(ServerSource source, Path folder, boolean passwords) {
    this.folder = folder;
    this.passwords = passwords;
    if (source == ServerSource.CONTAINER) {
      ServerContainer container = new ServerContainer(containerPlan());
      this.run = container;
      this.psql = Psql.in(container);
    } else {
      this.run =
          new ServerProcess("Postgres", ServerUser.command(serverCommand()), Map.of(), folder);
      this.psql = Psql.ofThePath();
    }
  }

  /** Where a server comes from. */
  static ServerSource source() {
    return ServerSource.choose(false, Programs.missingPostgres().isEmpty(), Docker::runs);
  }

  /**
   * A fresh server, started now.
   *
   * @throws IllegalStateException when there is none and no Docker, or it doesn't start; the
   *     message then ends with the tail of its log
   */
  public static PostgresServer start() {
    return start(false);
  }

  /**
   * A fresh server that asks every role but its superuser for a password.
   *
   * @throws IllegalStateException when there is none and no Docker, or it doesn't start; the
   *     message then ends with the tail of its log
   */
  public static PostgresServer startWithPasswords() {
    return start(true);
  }

  private static PostgresServer start(boolean passwords) {
    ServerSource source = source();
    source.require("Postgres with pgvector");
    PostgresServer server = new PostgresServer(source, TempFolder.create("postgres"), passwords);
    try {
      if (passwords) {
        server.writeRules();
      }
      if (source == ServerSource.PROGRAM) {
        ServerUser.own(server.folder);
        server.makeCluster();
      }
      server.run.start(server::ready);
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

  /**
   * Lets the server take encrypted connections beside others, from now on.
   *
   * @param shown the certificate that it shows
   */
  public void encrypt(TestCertificate shown) {
    PostgresDatabase admin = database(SUPERUSER);
    // By the server itself, whose files they have to be, wherever it runs.
    write(admin, shown.certificate(), "server.crt");
    write(admin, shown.key(), "server.key");
    admin.sql("alter system set ssl = on");
    admin.sql("select pg_reload_conf()");
    if (!Await.until(START_LIMIT, () -> admin.sql("show ssl").equals(List.of("on")))) {
      throw new IllegalStateException("Postgres takes no encrypted connections:\n" + log());
    }
  }

  private static void write(PostgresDatabase admin, Path file, String name) {
    try {
      admin.sql(
          "copy (select unnest(string_to_array('%s', E'\\n'))) to program 'umask 077; cat > %s'"
              .formatted(Files.readString(file).strip(), name));
    } catch (IOException e) {
      throw new UncheckedIOException("Can't read " + file, e);
    }
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
    return new PostgresDatabase(psql, SUPERUSER, port, name);
  }

  /** What it keeps on this machine. */
  Path folder() {
    return folder;
  }

  @Override
  public void kill9() {
    run.kill9();
  }

  @Override
  public void restart() {
    run.kill9();
    run.start(this::ready);
  }

  @Override
  public String log() {
    return run.tail();
  }

  @Override
  public void close() {
    run.stop("QUIT"); // at once, but with its shared memory freed; the data go anyway
    TempFolder.delete(folder);
  }

  private boolean ready() {
    return FreePort.answers(port) && database(SUPERUSER).answers();
  }

  private List<String> serverCommand() {
    List<String> command = new ArrayList<>();
    command.add(program("postgres"));
    command.addAll(List.of("-D", folder.resolve("data").toString()));
    command.addAll(List.of("-c", "unix_socket_directories="));
    command.addAll(settings());
    return command;
  }

  /** The image makes the cluster itself, with the help of a socket, which so has to stay. */
  ContainerPlan containerPlan() {
    List<String> command = new ArrayList<>(List.of("postgres"));
    command.addAll(settings());
    return new ContainerPlan(
        "Postgres",
        IMAGE,
        Map.of(
            "POSTGRES_HOST_AUTH_METHOD", "trust",
            "POSTGRES_INITDB_ARGS", "--auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync"),
        command,
        passwords ? List.of(rules()) : List.of());
  }

  private List<String> settings() {
    List<String> settings = new ArrayList<>(List.of("-p", Integer.toString(port)));
    for (String each :
        List.of(
            "listen_addresses=127.0.0.1",
            "fsync=off",
            "full_page_writes=off",
            "max_wal_size=2GB",
            "max_connections=200")) {
      settings.addAll(List.of("-c", each));
    }
    if (passwords) {
      settings.addAll(List.of("-c", "hba_file=" + rules()));
    }
    return settings;
  }

  private Path rules() {
    return folder.resolve("pg_hba.conf");
  }

  /** Who may log in, and how. */
  private void writeRules() {
    List<String> rules =
        List.of(
            "local all " + SUPERUSER + " trust",
            "host all " + SUPERUSER + " 127.0.0.1/32 trust",
            "host all all 127.0.0.1/32 scram-sha-256");
    try {
      Files.write(rules(), rules);
    } catch (IOException e) {
      throw new UncheckedIOException("Can't write the rules of who may log in", e);
    }
  }

  private static String program(String name) {
    return Programs.postgresFolder().orElseThrow().resolve(name).toString();
  }

  private void makeCluster() {
    List<String> initdb =
        List.of(
            program("initdb"),
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
