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
 * A real Qdrant: the {@code qdrant} program of the PATH on free ports of 127.0.0.1 with a folder of
 * its own, or one that runs already.
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
  private static final String URL_VARIABLE = "VECTORSTORE_QDRANT_URL";
  private static final String TLS_CERTIFICATE = "QDRANT__TLS__CERT";
  private static final String KEY_VARIABLE = "QDRANT_API_KEY";

  private final String host;
  private final int grpcPort;
  private final int httpPort;
  private final @Nullable String apiKey;
  private final boolean tls;
  private final @Nullable Path folder;
  private final @Nullable ServerProcess process;

  private QdrantServer(Builder builder, Path folder) {
    this.host = "127.0.0.1";
    this.grpcPort = FreePort.next();
    this.httpPort = FreePort.next();
    this.apiKey = builder.apiKey;
    this.tls = builder.settings.containsKey(TLS_CERTIFICATE);
    this.folder = folder;
    this.process =
        new ServerProcess("Qdrant", command(builder), environment(builder, folder), folder);
  }

  private static List<String> command(Builder builder) {
    List<String> command = new ArrayList<>();
    command.add(Programs.require("qdrant").toString());
    command.addAll(builder.arguments);
    return command;
  }

  private QdrantServer(URI url, @Nullable String apiKey) {
    this.host = url.getHost();
    this.grpcPort = url.getPort() < 0 ? 6334 : url.getPort();
    this.httpPort = grpcPort - 1;
    this.apiKey = apiKey;
    this.tls = false;
    this.folder = null;
    this.process = null;
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
    return process != null;
  }

  /**
   * The folder of the server's data, empty for a server that we only attached to.
   *
   * @throws IllegalStateException when the server isn't ours
   */
  public Path dataFolder() {
    ourProcess();
    return requireNonNull(folder).resolve("storage");
  }

  @Override
  public void kill9() {
    ourProcess().kill9();
  }

  @Override
  public void restart() {
    ServerProcess ours = ourProcess();
    ours.kill9();
    ours.start(this::ready);
  }

  @Override
  public String log() {
    return process == null ? "" : process.tail();
  }

  @Override
  public void close() {
    if (process != null && folder != null) {
      process.stop("TERM");
      TempFolder.delete(folder);
    }
  }

  private QdrantServer started() {
    try {
      ourProcess().start(this::ready);
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

  private ServerProcess ourProcess() {
    if (process == null) {
      throw new IllegalStateException(
          "The Qdrant at " + host + ":" + grpcPort + " isn't ours to kill; unset " + URL_VARIABLE);
    }
    return process;
  }

  private Map<String, String> environment(Builder builder, Path home) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("QDRANT__SERVICE__HOST", host);
    variables.put("QDRANT__SERVICE__HTTP_PORT", Integer.toString(httpPort));
    variables.put("QDRANT__SERVICE__GRPC_PORT", Integer.toString(grpcPort));
    variables.put("QDRANT__STORAGE__STORAGE_PATH", home.resolve("storage").toString());
    variables.put("QDRANT__STORAGE__SNAPSHOTS_PATH", home.resolve("snapshots").toString());
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
     * @throws IllegalStateException when there is no {@code qdrant} on the PATH, or the server
     *     doesn't answer in time; the message then ends with the tail of its log
     */
    public QdrantServer start() {
      Programs.require("qdrant");
      return new QdrantServer(this, TempFolder.create("qdrant")).started();
    }
  }
}
