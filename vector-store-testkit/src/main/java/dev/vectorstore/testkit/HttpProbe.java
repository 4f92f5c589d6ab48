package dev.vectorstore.testkit;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** Asks a server's health page for its status. */
final class HttpProbe {
  private static final int TIMEOUT_MILLIS = 2_000;

  private HttpProbe() {}

  /** Whether a GET of this page of 127.0.0.1 answers 200. */
  static boolean answersOk(int port, String path) {
    try {
      // Not java.net.http: its client would keep threads after the probe, and leak checks see them.
      URI page = URI.create("http://127.0.0.1:" + port + path);
      HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      try {
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      return false;
    }
  }
}
