package dev.vectorstore.supabase.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether it is PostgREST itself that is spoken to by https, of which it knows nothing: it waits
 * for the rest of what it takes for a request, in silence. Anything else says at once that it can't
 * read this, or takes its time for another reason.
 */
final class PlainPostgrest {
  private static final Logger LOG = LoggerFactory.getLogger(PlainPostgrest.class);
  private static final int MILLIS = 1_000;
  private static final int LONGEST = 2_000;

  private PlainPostgrest() {}

  /** Asks in plain text, without a key and for what isn't there, which costs the server least. */
  static boolean answers(URI address) {
    String host = address.getHost();
    if (!"https".equals(address.getScheme()) || host == null) {
      return false;
    }
    int port = address.getPort() < 0 ? 443 : address.getPort();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host.replaceAll("[\\[\\]]", ""), port), MILLIS);
      socket.setSoTimeout(MILLIS);
      String request = "HEAD /- HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      String head = new String(socket.getInputStream().readNBytes(LONGEST), ISO_8859_1);
      return head.startsWith("HTTP/1.")
          && head.toLowerCase(Locale.ROOT).contains("\r\nserver: postgrest/");
    } catch (IOException | IllegalArgumentException noAnswer) {
      LOG.debug("{} doesn't answer in plain text", address, noAnswer);
      return false;
    }
  }
}
