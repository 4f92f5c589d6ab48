package dev.vectorstore.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScriptedHttpServerTest {
  /** Long enough for a busy machine to answer, where an answer is due. */
  private static final int TIMEOUT_MILLIS = 2_000;

  @Test
  void givesTheRepliesInOrderAndRepeatsTheLast() throws IOException {
    try (var server =
        ScriptedHttpServer.start(
            HttpReply.of(429).header("Retry-After", "7"), HttpReply.json("[1]"))) {
      HttpURLConnection first = post(server, "/rows?id=eq.1", "{\"a\": 1}");
      assertThat(first.getResponseCode()).isEqualTo(429);
      assertThat(first.getHeaderField("Retry-After")).isEqualTo("7");
      assertThat(body(post(server, "/", ""))).isEqualTo("[1]");
      assertThat(body(post(server, "/", ""))).isEqualTo("[1]");

      assertThat(server.requests()).hasSize(3);
      HttpRequestSeen seen = server.requests().get(0);
      assertThat(seen.method()).isEqualTo("POST");
      assertThat(seen.target()).isEqualTo("/rows?id=eq.1");
      assertThat(seen.body()).isEqualTo("{\"a\": 1}");
      assertThat(seen.header("X-Test")).contains("yes");
    }
  }

  @Test
  void breaksABodyOff() {
    try (var server = ScriptedHttpServer.start(HttpReply.json("[1, 2, 3]").truncatedTo(4))) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(server.url())).build();
      HttpClient client = HttpClient.newHttpClient();

      // The older client of the JDK takes a body that broke off for a whole one.
      assertThatThrownBy(() -> client.send(request, HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("content-length: 9, bytes received: 4");
    }
  }

  @Test
  void stallsABody() throws IOException {
    try (var server = ScriptedHttpServer.start(HttpReply.json("[1, 2, 3]").stalledAfter(4))) {
      HttpURLConnection connection = post(server, "/", "");
      InputStream body = connection.getInputStream();

      assertThat(body.readNBytes(4)).hasSize(4);
      assertThatThrownBy(body::read).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void answersNothingOrNotAtAll() throws IOException {
    try (var server = ScriptedHttpServer.start(HttpReply.silence())) {
      HttpURLConnection silent = post(server, "/", "");
      assertThatThrownBy(silent::getResponseCode).isInstanceOf(SocketTimeoutException.class);

      server.script(HttpReply.none());
      HttpURLConnection dropped = post(server, "/", "x");
      assertThatThrownBy(dropped::getResponseCode)
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void answersLate() throws IOException {
    Duration delay = Duration.ofMillis(200);
    try (var server = ScriptedHttpServer.start(HttpReply.of(503).after(delay))) {
      long start = System.nanoTime();
      assertThat(post(server, "/", "").getResponseCode()).isEqualTo(503);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(delay);
    }
  }

  private static HttpURLConnection post(ScriptedHttpServer server, String path, String body)
      throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(server.url() + path).toURL().openConnection();
    connection.setReadTimeout(TIMEOUT_MILLIS);
    connection.setRequestMethod("POST");
    connection.setRequestProperty("X-Test", "yes");
    connection.setDoOutput(true);
    connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    return connection;
  }

  private static String body(HttpURLConnection connection) throws IOException {
    return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
