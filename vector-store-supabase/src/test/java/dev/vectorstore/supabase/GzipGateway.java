package dev.vectorstore.supabase;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

/**
 * A gateway as Supabase has one in front of PostgREST: it hands requests on, and compresses answers
 * where that is asked for.
 */
final class GzipGateway implements AutoCloseable {
  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "host", "connection", "content-length", "transfer-encoding", "upgrade", "http2-settings");

  private final String target;
  private final HttpServer server;
  private final ExecutorService handlers = Executors.newCachedThreadPool();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger lastConnection = new AtomicInteger();
  private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
  private volatile boolean rootHidden;

  /**
   * What went through.
   *
   * @param path of the request, with its query
   * @param accepted the encodings that the request takes, or nothing
   * @param encoded that of the request's own body, or nothing
   * @param plain the bytes of the answer
   * @param sent as they were sent
   * @param connection of the caller
   */
  record Exchange(
      String path, String accepted, String encoded, int plain, int sent, int connection) {}

  private GzipGateway(String target, HttpServer server) {
    this.target = target;
    this.server = server;
  }

  static GzipGateway before(String target) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      GzipGateway gateway = new GzipGateway(target, server);
      server.createContext("/", gateway::handle);
      server.setExecutor(gateway.handlers);
      server.start();
      return gateway;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on its root answers secret keys only, and here there is none. */
  GzipGateway hidingTheRoot() {
    rootHidden = true;
    return this;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What went through since this was asked for last. */
  List<Exchange> exchanges() {
    List<Exchange> seen = List.copyOf(exchanges);
    exchanges.clear();
    return seen;
  }

  /** Of the request that came last. */
  int lastConnection() {
    return lastConnection.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (rootHidden && exchange.getRequestURI().getPath().equals("/")) {
        exchange.sendResponseHeaders(403, -1);
        return;
      }
      HttpResponse<byte[]> answer = client.send(request(exchange), bytes());
      String accepted = header(exchange, "Accept-Encoding");
      boolean zipped = accepted.contains("gzip");
      byte[] body = zipped ? gzip(answer.body()) : answer.body();
      answer
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                  values.forEach(value -> exchange.getResponseHeaders().add(name, value));
                }
              });
      if (zipped) {
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
      }
      lastConnection.set(exchange.getRemoteAddress().getPort());
      exchanges.add(
          new Exchange(
              exchange.getRequestURI().toString(),
              accepted,
              header(exchange, "Content-Encoding"),
              answer.body().length,
              body.length,
              exchange.getRemoteAddress().getPort()));
      // Without a length, as gateways send what they compress on the fly.
      exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : 0);
      if (body.length > 0) {
        exchange.getResponseBody().write(body);
      }
      exchange.getResponseBody().close();
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private static HttpResponse.BodyHandler<byte[]> bytes() {
    return HttpResponse.BodyHandlers.ofByteArray();
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  private HttpRequest request(HttpExchange exchange) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return request.build();
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(compressed)) {
      out.write(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return compressed.toByteArray();
  }

  @Override
  public void close() {
    server.stop(0);
    handlers.shutdownNow();
  }
}
