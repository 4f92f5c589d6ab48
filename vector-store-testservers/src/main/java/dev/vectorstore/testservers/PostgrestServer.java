package dev.vectorstore.testservers;

import static java.util.Objects.requireNonNull;

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
import java.util.OptionalInt;

/**
 * A real PostgREST in front of a database, on a free port of 127.0.0.1.
 *
 * <p>Safe to use from several threads.
 */
public final class PostgrestServer implements KillableServer {
  private static final String SECRET = "a secret of this test run, known to nobody else";
  private static final String LOADED = "Schema cache loaded";
  private static final Duration RELOAD_LIMIT = Duration.ofSeconds(20);
  private static final Duration SIGNAL_AGAIN = Duration.ofSeconds(2);

  private final int port = FreePort.next();
  private final int adminPort = FreePort.next();
  private final JwtIssuer issuer = new JwtIssuer(SECRET);
  private final Path folder;
  private final ServerProcess process;

  private PostgrestServer(Builder builder, Path folder) {
    this.folder = folder;
    Path settings = folder.resolve("postgrest.conf");
    write(settings, settings(builder));
    this.process =
        new ServerProcess(
            "PostgREST",
            List.of(Programs.require("postgrest").toString(), settings.toString()),
            Map.of(),
            folder);
  }

  /**
   * Settings for a server to start.
   *
   * @param databaseUrl the database, with the role that PostgREST logs in as
   */
  public static Builder builder(String databaseUrl) {
    return new Builder(requireNonNull(databaseUrl, "databaseUrl"));
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** The address in the form that {@code VectorStores.open} takes. */
  public String url() {
    return "postgrest:http://127.0.0.1:" + port;
  }

  /** Makes keys that this server takes. */
  public JwtIssuer issuer() {
    return issuer;
  }

  /**
   * Makes the server read the database's schema again, after a change of tables or functions, and
   * returns when it knows the new one.
   *
   * @throws IllegalStateException when it doesn't in time; the message ends with the tail of its
   *     log
   */
  public void reloadSchema() {
    synchronized (process) {
      long before = loads();
      boolean reloaded = false;
      for (Duration spent = Duration.ZERO;
          !reloaded && spent.compareTo(RELOAD_LIMIT) < 0;
          spent = spent.plus(SIGNAL_AGAIN)) {
        process.signal("USR1");
        reloaded = Await.until(SIGNAL_AGAIN, () -> loads() > before);
      }
      if (!reloaded) {
        throw new IllegalStateException(
            "PostgREST didn't read its schema again within " + RELOAD_LIMIT + ":\n" + log());
      }
    }
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
    process.stop("TERM");
    TempFolder.delete(folder);
  }

  private PostgrestServer started() {
    try {
      process.start(this::ready);
      return this;
    } catch (IllegalStateException e) {
      close();
      throw e;
    }
  }

  private boolean ready() {
    return HttpProbe.answersOk(adminPort, "/ready") && FreePort.answers(port);
  }

  private long loads() {
    return process.output().lines().filter(line -> line.contains(LOADED)).count();
  }

  private String settings(Builder builder) {
    List<String> lines = new ArrayList<>();
    lines.add("db-uri = \"" + builder.databaseUrl + "\"");
    lines.add("db-schemas = \"" + builder.schemas + "\"");
    lines.add("db-anon-role = \"" + builder.anonymousRole + "\"");
    lines.add("jwt-secret = \"" + issuer.secret() + "\"");
    lines.add("server-host = \"127.0.0.1\"");
    lines.add("server-port = " + port);
    lines.add("admin-server-port = " + adminPort);
    builder.maxRows.ifPresent(rows -> lines.add("db-max-rows = " + rows));
    return String.join("\n", lines) + "\n";
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("Can't write " + file, e);
    }
  }

  /** What a server is started with. Not safe for use by several threads. */
  public static final class Builder {
    private final String databaseUrl;
    private String schemas = "public";
    private String anonymousRole = "anon";
    private OptionalInt maxRows = OptionalInt.empty();

    private Builder(String databaseUrl) {
      this.databaseUrl = databaseUrl;
    }

    /** The schemas that it serves, separated by commas; {@code public} when not called. */
    public Builder schemas(String names) {
      this.schemas = requireNonNull(names, "names");
      return this;
    }

    /** The role of requests without a key; {@code anon} when not called. */
    public Builder anonymousRole(String role) {
      this.anonymousRole = requireNonNull(role, "role");
      return this;
    }

    /**
     * The largest number of rows in an answer ({@code db-max-rows}); no limit when not called.
     *
     * @throws IllegalArgumentException when it isn't positive
     */
    public Builder maxRows(int rows) {
      if (rows <= 0) {
        throw new IllegalArgumentException("The limit of rows must be positive, not " + rows);
      }
      this.maxRows = OptionalInt.of(rows);
      return this;
    }

    /**
     * Starts the server and returns when it answers and knows the schema.
     *
     * @throws IllegalStateException when there is no {@code postgrest} on the PATH, or the server
     *     doesn't answer in time; the message then ends with the tail of its log
     */
    public PostgrestServer start() {
      Programs.require("postgrest");
      return new PostgrestServer(this, TempFolder.create("postgrest")).started();
    }
  }
}
