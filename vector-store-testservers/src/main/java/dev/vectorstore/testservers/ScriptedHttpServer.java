package dev.vectorstore.testservers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;

/**
 * A real HTTP server on 127.0.0.1 that answers what a test tells it to: statuses and headers that a
 * real engine gives only on its bad days, bodies that break off, bodies that never end.
 *
 * <p>Each request takes the next reply of the script; when there is none left, the last one is
 * given again. Safe to use from several threads.
 */
public final class ScriptedHttpServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService handlers =
      Executors.newCachedThreadPool(ScriptedHttpServer::thread);
  private final LinkedBlockingDeque<HttpReply> script = new LinkedBlockingDeque<>();
  private final List<HttpRequestSeen> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  private ScriptedHttpServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts a server on a free port.
   *
   * @param first the reply to the first request
   * @param next those to the next ones; the last of all is repeated
   */
  public static ScriptedHttpServer start(HttpReply first, HttpReply... next) {
    try {
      HttpServer http =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      ScriptedHttpServer scripted = new ScriptedHttpServer(http);
      scripted.script(first, next);
      http.createContext("/", scripted::handle);
      http.setExecutor(scripted.handlers);
      http.start();
      return scripted;
    } catch (IOException e) {
      throw new UncheckedIOException("Can't start the scripted HTTP server", e);
    }
  }

  /** Replaces the rest of the script. */
  public void script(HttpReply first, HttpReply... next) {
    synchronized (script) {
      script.clear();
      script.add(first);
      script.addAll(List.of(next));
    }
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** The address, without a path. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** The requests until now, in the order in which their bodies were read. */
  public List<HttpRequestSeen> requests() {
    return List.copyOf(requests);
  }

  /** Ends all connections, stalled ones too; twice is fine. */
  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    handlers.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.add(seen(exchange));
      answer(exchange, nextReply());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server is being closed
    }
  }

  private HttpReply nextReply() {
    synchronized (script) {
      return script.size() > 1 ? script.removeFirst() : script.getFirst();
    }
  }

  private void answer(HttpExchange exchange, HttpReply reply)
      throws IOException, InterruptedException {
    if (closed.await(reply.delay().toNanos(), TimeUnit.NANOSECONDS)) {
      return;
    }
    switch (reply.ending()) {
      case NONE -> {} // closing the exchange without headers closes the connection
      case SILENCE -> closed.await();
      case WHOLE, TRUNCATED -> send(exchange, reply);
      case STALLED -> {
        send(exchange, reply);
        closed.await();
      }
    }
  }

  // The stream isn't closed here: that would fail for a body that breaks off. The exchange is.
  private static void send(HttpExchange exchange, HttpReply reply) throws IOException {
    reply.headers().forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
    int announced = reply.bodyLength();
    exchange.sendResponseHeaders(reply.status(), announced == 0 ? -1 : announced);
    OutputStream out = exchange.getResponseBody();
    out.write(reply.sentBody());
    out.flush();
  }

  private static HttpRequestSeen seen(HttpExchange exchange) throws IOException {
    Map<String, List<String>> headers = new TreeMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
    return new HttpRequestSeen(
        exchange.getRequestMethod(),
        exchange.getRequestURI().toString(),
        headers,
        new String(exchange.getRequestBody().readAllBytes(), UTF_8));
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "scripted-http");
    thread.setDaemon(true);
    return thread;
  }
}
