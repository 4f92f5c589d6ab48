package dev.vectorstore.testservers;

import static java.util.Objects.requireNonNull;

import dev.vectorstore.testkit.FreePort;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A real Qdrant on free ports of 127.0.0.1: the {@code qdrant} program of the PATH with a folder of
 * its own, or else a container; or one that runs already.
 *
 * <pre>{@code
 * try (QdrantServer server = QdrantServer.builder().apiKey("secret").start()) {
 *   server.kill9();
 *   server.restart(); // same ports, same data
 * }
 * }</pre>
 *
 * <p>Safe to use from several threads.
 */
public final class QdrantServer implements KillableServer {
  /** As the tests are run against: docs/engines/qdrant.md. */
  static final String IMAGE = "qdrant/qdrant:v1.18.3";

  private static final String PROGRAM = "qdrant";
  private static final String IN_CONTAINER = "/qdrant";
  private static final String URL_VARIABLE = "VECTORSTORE_QDRANT_URL";
  private static final String TLS_CERTIFICATE = "QDRANT__TLS__CERT";
  private static final String STORAGE = "QDRANT__STORAGE__STORAGE_PATH";
  private static final String SNAPSHOTS = "QDRANT__STORAGE__SNAPSHOTS_PATH";
  private static final String KEY_VARIABLE = "QDRANT_API_KEY";

  private final String host;
  private final int grpcPort;
  private final int httpPort;
  private final @Nullable String apiKey;
  private final boolean tls;
  private final @Nullable Path folder;
  private final @Nullable ServerRun run;

  QdrantServer(Builder builder, Path folder, ServerSource source) {
    this.host = "127.0.0.1";
    this.grpcPort = FreePort.next();
    this.httpPort = FreePort.next();
    this.apiKey = builder.apiKey;
    this.tls = builder.settings.containsKey(TLS_CERTIFICATE);
    this.folder = folder;
    this.run =
        source == ServerSource.CONTAINER
            ? new ServerContainer(containerPlan(builder))
            : new ServerProcess("Qdrant", command(builder), environment(builder, folder), folder);
  }

  /** Where a server comes from, with the one that the environment names or without it. */
  static ServerSource source(boolean orAttached) {
    return ServerSource.choose(
        orAttached && attachedUrl().isPresent(),
        Programs.onPath(PROGRAM).isPresent(),
        Docker::runs);
  }

  private static List<String> command(Builder builder) {
    List<String> command = new ArrayList<>();
    command.add(Programs.require(PROGRAM).toString());
    command.addAll(builder.arguments);
    return command;
  }

  ContainerPlan containerPlan(Builder builder) {
    List<String> command = new ArrayList<>();
    if (!builder.arguments.isEmpty()) {
      command.add("./qdrant");
      command.addAll(builder.arguments);
    }
    return new ContainerPlan(
        "Qdrant", IMAGE, environment(builder, Path.of(IN_CONTAINER)), command, builder.shared);
  }

  private QdrantServer(URI url, @Nullable String apiKey) {
    this.host = url.getHost();
    this.grpcPort = url.getPort() < 0 ? 6334 : url.getPort();
    this.httpPort = grpcPort - 1;
    this.apiKey = apiKey;
    this.tls = false;
    this.folder = null;
    this.run = null;
  }

  /** A server with Qdrant's default settings, started now. */
  public static QdrantServer start() {
    return builder().start();
  }

  /** Settings for a server to start. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The server that the tests of this JVM share: the one at {@code VECTORSTORE_QDRANT_URL} (with
   * the key in {@code QDRANT_API_KEY}) when that is set, else one that is started at the first call
   * and stopped when the JVM ends. Don't close or kill it.
   */
  public static QdrantServer shared() {
    return SharedServers.get(
        "qdrant",
        QdrantServer.class,
        () -> attachedUrl().map(QdrantServer::attach).orElseGet(QdrantServer::start));
  }

  /**
   * A server that runs already.
   *
   * @param url its gRPC address, such as {@code qdrant:http://host:6334} or {@code
   *     http://host:6334}; its REST port is taken to be the one below
   * @throws IllegalArgumentException when the address names no host
   */
  public static QdrantServer attach(String url) {
    URI address = URI.create(url.startsWith("qdrant:") ? url.substring("qdrant:".length()) : url);
    if (address.getHost() == null) {
      throw new IllegalArgumentException(
          "No host in the Qdrant address; write it as qdrant:http://host:6334");
    }
    return new QdrantServer(address, System.getenv(KEY_VARIABLE));
  }

  static Optional<String> attachedUrl() {
    return Optional.ofNullable(System.getenv(URL_VARIABLE)).filter(url -> !url.isBlank());
  }

  /** Where the server listens. */
  public String host() {
    return host;
  }

  /** The port of the gRPC interface. */
  public int grpcPort() {
    return grpcPort;
  }

  /** The port of the REST interface. */
  public int httpPort() {
    return httpPort;
  }

  /** The address in the form that {@code VectorStores.open} takes. */
  public String url() {
    return "qdrant:http://" + host + ":" + grpcPort;
  }

  /** The key that the server asks for, if it asks for one. */
  public Optional<String> apiKey() {
    return Optional.ofNullable(apiKey);
  }

  /** Whether we started the server, so that it can be killed and restarted. */
  public boolean ours() {
    return run != null;
  }

  /**
   * The folder of the server's data; empty for a server in a container, and for one that we only
   * attached to.
   */
  public Optional<Path> dataFolder() {
    return run instanceof ServerProcess
        ? Optional.ofNullable(folder).map(home -> home.resolve("storage"))
        : Optional.empty();
  }

  @Override
  public void kill9() {
    ourRun().kill9();
  }

  /** Lets the server hang: it takes connections and requests, and answers none. */
  public void suspend() {
    ourRun().signal("STOP");
  }

  /** Lets a server that hangs go on. */
  public void resume() {
    ourRun().signal("CONT");
  }

  @Override
  public void restart() {
    ServerRun ours = ourRun();
    ours.kill9();
    ours.start(this::ready);
  }

  @Override
  public String log() {
    return run == null ? "" : run.tail();
  }

  @Override
  public void close() {
    if (run != null && folder != null) {
      run.stop("TERM");
      TempFolder.delete(folder);
    }
  }

  private QdrantServer started() {
    try {
      ourRun().start(this::ready);
      return this;
    } catch (IllegalStateException e) {
      close();
      throw e;
    }
  }

  private boolean ready() {
    boolean up = tls ? FreePort.answers(httpPort) : HttpProbe.answersOk(httpPort, "/readyz");
    return up && FreePort.answers(grpcPort);
  }

  private ServerRun ourRun() {
    if (run == null) {
      throw new IllegalStateException(
          "The Qdrant at " + host + ":" + grpcPort + " isn't ours to kill; unset " + URL_VARIABLE);
    }
    return run;
  }

  private Map<String, String> environment(Builder builder, Path home) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("QDRANT__SERVICE__HOST", host);
    variables.put("QDRANT__SERVICE__HTTP_PORT", Integer.toString(httpPort));
    variables.put("QDRANT__SERVICE__GRPC_PORT", Integer.toString(grpcPort));
    variables.put(STORAGE, home.resolve("storage").toString());
    variables.put(SNAPSHOTS, home.resolve("snapshots").toString());
    variables.put("QDRANT__TELEMETRY_DISABLED", "true");
    if (builder.apiKey != null) {
      variables.put("QDRANT__SERVICE__API_KEY", builder.apiKey);
    }
    variables.putAll(builder.settings);
    return variables;
  }

  /** What a server is started with. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<String> arguments = new ArrayList<>();
    private final List<Path> shared = new ArrayList<>();
    private @Nullable String apiKey;

    private Builder() {}

    /** The key that the server shall ask for. */
    public Builder apiKey(String key) {
      this.apiKey = requireNonNull(key, "key");
      return this;
    }

    /**
     * Lets the server talk TLS only, on both ports.
     *
     * @param certificate its certificate, in a file of PEM
     * @param privateKey that one's key, in a file of PEM
     */
    public Builder tls(Path certificate, Path privateKey) {
      settings.put("QDRANT__SERVICE__ENABLE_TLS", "true");
      settings.put(TLS_CERTIFICATE, certificate.toAbsolutePath().toString());
      settings.put("QDRANT__TLS__KEY", privateKey.toAbsolutePath().toString());
      shared.add(certificate.toAbsolutePath());
      shared.add(privateKey.toAbsolutePath());
      return this;
    }

    /** Keeps the server's data in a folder of the caller, which stays when the server is closed. */
    public Builder storageIn(Path disk) {
      settings.put(STORAGE, disk.resolve("storage").toAbsolutePath().toString());
      settings.put(SNAPSHOTS, disk.resolve("snapshots").toAbsolutePath().toString());
      shared.add(disk.toAbsolutePath());
      return this;
    }

    /**
     * One of Qdrant's settings.
     *
     * @param variable its name in the environment, such as {@code
     *     QDRANT__STORAGE__WAL__WAL_CAPACITY_MB}
     * @param value its value
     */
    public Builder setting(String variable, String value) {
      settings.put(requireNonNull(variable, "variable"), requireNonNull(value, "value"));
      return this;
    }

    /** More arguments of the program. */
    Builder arguments(String... more) {
      arguments.addAll(List.of(more));
      return this;
    }

    /**
     * Starts the server and returns when it answers on both ports.
     *
     * @throws IllegalStateException when there is no {@code qdrant} on the PATH and no Docker, or
     *     the server doesn't answer in time; the message then ends with the tail of its log
     */
    public QdrantServer start() {
      ServerSource source = source(false);
      source.require(PROGRAM);
      return new QdrantServer(this, TempFolder.create(PROGRAM), source).started();
    }
  }
}
