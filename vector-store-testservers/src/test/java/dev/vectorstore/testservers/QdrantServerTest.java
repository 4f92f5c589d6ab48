package dev.vectorstore.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.testkit.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QdrantServerTest {
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  @RequiresEngine(TestEngine.QDRANT)
  void whatWasAcknowledgedSurvivesKill9OnTheSamePorts() throws Exception {
    try (QdrantServer server = QdrantServer.start()) {
      put(server, "/collections/c", "{\"vectors\": {\"size\": 2, \"distance\": \"Cosine\"}}");
      put(
          server,
          "/collections/c/points?wait=true",
          "{\"points\": [{\"id\": 7, \"vector\": [1, 2], \"payload\": {\"k\": 42}}]}");
      int port = server.grpcPort();

      server.kill9();
      assertThat(FreePort.answers(server.grpcPort())).isFalse();
      server.restart();

      assertThat(server.grpcPort()).isEqualTo(port);
      assertThat(get(server, "/collections/c/points/7", "").body()).contains("\"k\":42");
      assertThat(server.dataFolder().filter(folder -> !Files.isDirectory(folder))).isEmpty();
    }
  }

  @Test
  @RequiresEngine(TestEngine.QDRANT)
  void asksForItsKey() throws Exception {
    try (QdrantServer server = QdrantServer.builder().apiKey("a key").start()) {
      assertThat(get(server, "/collections", "").statusCode()).isEqualTo(401);
      assertThat(get(server, "/collections", "a key").statusCode()).isEqualTo(200);
      assertThat(server.apiKey()).contains("a key");
    }
  }

  @Test
  @RequiresEngine(TestEngine.QDRANT)
  void closeFreesThePortsAndDeletesTheFolder() {
    QdrantServer server = QdrantServer.start();
    Optional<Path> home = server.dataFolder().map(Path::getParent);

    server.close();

    assertThat(home.filter(Files::exists)).isEmpty();
    assertThat(FreePort.answers(server.grpcPort())).isFalse();
    assertThat(FreePort.answers(server.httpPort())).isFalse();
  }

  @Test
  @RequiresEngine(TestEngine.QDRANT)
  void aServerThatCannotStartShowsItsLog() {
    QdrantServer.Builder broken =
        QdrantServer.builder()
            .setting("QDRANT__LOG_LEVEL", "info")
            .setting("QDRANT__SERVICE__HTTP_PORT", "no number");

    assertThatThrownBy(broken::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Its log ends with")
        .hasMessageContaining("http_port");
  }

  @Test
  void aServerThatIsNotOursCannotBeKilled() {
    QdrantServer server = QdrantServer.attach("qdrant:http://example.test:7334");

    assertThat(server.host()).isEqualTo("example.test");
    assertThat(server.grpcPort()).isEqualTo(7334);
    assertThat(server.url()).isEqualTo("qdrant:http://example.test:7334");
    assertThat(server.ours()).isFalse();
    assertThatThrownBy(server::kill9).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(server::restart).isInstanceOf(IllegalStateException.class);
    server.close();
  }

  private HttpResponse<String> get(QdrantServer server, String path, String key)
      throws IOException, InterruptedException {
    return send(request(server, path).header("api-key", key).GET());
  }

  private void put(QdrantServer server, String path, String json)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        send(
            request(server, path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json)));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  private static HttpRequest.Builder request(QdrantServer server, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
