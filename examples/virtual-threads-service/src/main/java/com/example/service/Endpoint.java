package com.example.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.vectorstore.Payload;
import dev.vectorstore.VectorStoreException;
import java.io.IOException;
import java.util.Map;

/** Answers the requests of one method with JSON, and failures with the status that fits them. */
record Endpoint(String method, Answer answer) implements HttpHandler {
  private static final int MOST_BYTES = 1_000_000;

  /** Makes the answer to a request. */
  interface Answer {
    Payload to(Request request) throws IOException;
  }

  /** Reads what a client sent. */
  record Request(HttpExchange exchange) {
    Payload body() throws IOException {
      byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES);
      return Payload.parse(new String(body, UTF_8));
    }

    String query() {
      String query = exchange.getRequestURI().getQuery();
      if (query == null || !query.startsWith("q=")) {
        throw new VectorStoreException.InvalidRequest("say what to search for: /search?q=words");
      }
      return query.substring("q=".length());
    }
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals(method)) {
        send(exchange, 405, error("only " + method + " is answered here"));
        return;
      }
      try {
        send(exchange, 200, answer.to(new Request(exchange)));
      } catch (VectorStoreException failure) {
        boolean clientsFault = failure instanceof VectorStoreException.InvalidRequest;
        send(exchange, clientsFault ? 400 : 503, error(failure.getMessage()));
      }
    }
  }

  private static Payload error(String message) {
    return Payload.of(Map.of("error", message));
  }

  private static void send(HttpExchange exchange, int status, Payload json) throws IOException {
    byte[] body = json.toJson().getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
