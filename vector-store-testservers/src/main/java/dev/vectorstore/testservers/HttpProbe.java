package dev.vectorstore.testservers;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks a server's health page for its status. */
final class HttpProbe {
  private static final int TIMEOUT_MILLIS = 2_000;

  private HttpProbe() {}

  /** Whether a GET of this page of 127.0.0.1 answers 200. */
  static boolean answersOk(int port, String path) {
    return page(port, path).isPresent();
  }

  /** What a GET of this page of 127.0.0.1 answers, if it is a 200. */
  static Optional<String> page(int port, String path) {
    return answer(port, path, null);
  }

  /** What a POST of JSON to this page of 127.0.0.1 answers, if it is a 200. */
  static Optional<String> post(int port, String path, String json) {
    return answer(port, path, json);
  }

  private static Optional<String> answer(int port, String path, @Nullable String json) {
    try {
      // Not java.net.http: its client would keep threads after the probe, and leak checks see them.
      URI page = URI.create("http://127.0.0.1:" + port + path);
      HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      try {
        if (json != null) {
          connection.setDoOutput(true);
          connection.setRequestProperty("Content-Type", "application/json");
          connection.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
        }
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK
            ? Optional.of(
                new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            : Optional.empty();
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
