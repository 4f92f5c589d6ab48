package dev.vectorstore.testservers;

import static java.util.Objects.requireNonNull;

import dev.vectorstore.testkit.Await;
import dev.vectorstore.testkit.FreePort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A real PostgREST in front of a database, on a free port of 127.0.0.1.
 *
 * <p>Safe to use from several threads.
 */
public final class PostgrestServer implements KillableServer {
  /** As tools/install-engines installs it. */
  static final String IMAGE = "postgrest/postgrest:v12.0.2";

  private static final String PROGRAM = "postgrest";
  private static final String SECRET = "a secret of this test run, known to nobody else";
  private static final String LOADED = "Schema cache loaded";
  private static final Duration RELOAD_LIMIT = Duration.ofSeconds(20);
  private static final Duration SIGNAL_AGAIN = Duration.ofSeconds(2);

  private final int port = FreePort.next();
  private final int adminPort = FreePort.next();
  private final JwtIssuer issuer = new JwtIssuer(SECRET);
  private final Path folder;
  private final ServerRun run;

  PostgrestServer(Builder builder, Path folder, ServerSource source) {
    this.folder = folder;
    this.run =
        source == ServerSource.CONTAINER
            ? new ServerContainer(containerPlan(builder))
            : new ServerProcess(
                "PostgREST",
                List.of(Programs.require(PROGRAM).toString()),
                environment(builder),
                folder);
  }

  /** Where a server comes from. */
  static ServerSource source() {
    return ServerSource.choose(false, Programs.onPath(PROGRAM).isPresent(), Docker::runs);
  }

  ContainerPlan containerPlan(Builder builder) {
    return new ContainerPlan("PostgREST", IMAGE, environment(builder), List.of(), List.of());
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
    synchronized (run) {
      long before = loads();
      boolean reloaded = false;
      for (Duration spent = Duration.ZERO;
          !reloaded && spent.compareTo(RELOAD_LIMIT) < 0;
          spent = spent.plus(SIGNAL_AGAIN)) {
        run.signal("USR1");
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
    run.stop("TERM");
    TempFolder.delete(folder);
  }

  private PostgrestServer started() {
    try {
      run.start(this::ready);
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
    return run.output().lines().filter(line -> line.contains(LOADED)).count();
  }

  private Map<String, String> environment(Builder builder) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("PGRST_DB_URI", builder.databaseUrl);
    variables.put("PGRST_DB_SCHEMAS", builder.schemas);
    variables.put("PGRST_DB_ANON_ROLE", builder.anonymousRole);
    variables.put("PGRST_JWT_SECRET", issuer.secret());
    variables.put("PGRST_SERVER_HOST", "127.0.0.1");
    variables.put("PGRST_SERVER_PORT", Integer.toString(port));
    variables.put("PGRST_ADMIN_SERVER_PORT", Integer.toString(adminPort));
    variables.putAll(builder.more);
    builder.maxRows.ifPresent(rows -> variables.put("PGRST_DB_MAX_ROWS", Integer.toString(rows)));
    return variables;
  }

  /** What a server is started with. Not safe for use by several threads. */
  public static final class Builder {
    private final String databaseUrl;
    private String schemas = "public";
    private String anonymousRole = "anon";
    private OptionalInt maxRows = OptionalInt.empty();
    private final Map<String, String> more = new LinkedHashMap<>();

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

    /** Its {@code openapi-mode}; that of the roles' rights when not called. */
    public Builder openapiMode(String mode) {
      more.put("PGRST_OPENAPI_MODE", requireNonNull(mode, "mode"));
      return this;
    }

    /** The function that answers in the place of its description ({@code db-root-spec}). */
    public Builder rootSpec(String function) {
      more.put("PGRST_DB_ROOT_SPEC", requireNonNull(function, "function"));
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
     * @throws IllegalStateException when there is no {@code postgrest} on the PATH and no Docker,
     *     or the server doesn't answer in time; the message then ends with the tail of its log
     */
    public PostgrestServer start() {
      ServerSource source = source();
      source.require(PROGRAM);
      return new PostgrestServer(this, TempFolder.create(PROGRAM), source).started();
    }
  }
}
