package com.example.service;

import com.sun.net.httpserver.HttpServer;
import dev.vectorstore.CallOptions;
import dev.vectorstore.Payload;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStores;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves a collection of pages over HTTP, each request on a virtual thread of its own. */
public final class PageService {
  private static final int MOST_SECONDS_TO_FINISH = 10;
  private static final CallOptions IMPATIENT =
      CallOptions.builder().attemptTimeout(Duration.ofSeconds(1)).build();

  private PageService() {}

  public static void main(String[] args) {
    if (args.length != 2 || !args[1].matches("\\d{1,4}|[1-5]\\d{4}")) {
      fail("usage: PageService STORE-URL PORT, such as memory: 8080; port 0 is any free one");
    }
    int port = Integer.parseInt(args[1]);
    try {
      start(VectorStores.open(args[0], StoreOptions.fromEnvironment()), port);
    } catch (VectorStoreException failure) {
      fail(failure.getMessage());
    } catch (IOException failure) {
      fail("can't listen on port " + port + ": " + failure.getMessage());
    }
  }

  private static void start(VectorStore store, int port) throws IOException {
    Pages pages = new Pages(store);
    VectorStore impatient = store.with(IMPATIENT);
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    HttpServer server = HttpServer.create(address, 0);
    ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(requests);

    server.createContext("/pages", new Endpoint("POST", request -> pages.put(request.body())));
    server.createContext("/search", new Endpoint("GET", request -> pages.search(request.query())));
    server.createContext(
        "/health",
        new Endpoint(
            "GET",
            request -> {
              impatient.ping();
              return Payload.of(Map.of("status", "up"));
            }));

    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, requests, store)));
    server.start();
    System.out.println("listening on http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Takes no more requests, finishes those that run, and only then closes what they need. */
  private static void stop(HttpServer server, ExecutorService requests, VectorStore store) {
    server.stop(MOST_SECONDS_TO_FINISH);
    requests.close();
    store.close();
    System.out.println("stopped");
  }

  private static void fail(String sentence) {
    System.err.println("page-service: " + sentence);
    System.exit(1);
  }
}
