package dev.vectorstore.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Ends TLS in front of a server in plain text, as a proxy in production does. Safe for threads.
 *
 * <pre>{@code
 * try (TlsFront front = TlsFront.start(postgrest.port(), certificate, tls -> {})) {
 *   Supabase.postgrest("https://127.0.0.1:" + front.port());
 * }
 * }</pre>
 */
public final class TlsFront implements AutoCloseable {
  private final Front front;

  private TlsFront(Front front) {
    this.front = front;
  }

  /**
   * Starts on a free port of 127.0.0.1.
   *
   * @param target the port of the server, on 127.0.0.1
   * @param shown the certificate
   * @param settings changes versions, ciphers, protocols, and whether clients need certificates
   */
  public static TlsFront start(
      int target, TestCertificate shown, Consumer<SSLParameters> settings) {
    return start(0, target, shown, settings);
  }

  /** Starts on this port. */
  public static TlsFront start(
      int port, int target, TestCertificate shown, Consumer<SSLParameters> settings) {
    try {
      SSLSocketFactory factory = shown.ofServer().getSocketFactory();
      ServerSocket listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
      Front front = new Front("tls-front", listener, target);
      front.start(client -> serve(front, client, factory, settings));
      return new TlsFront(front);
    } catch (IOException e) {
      throw new UncheckedIOException("Can't start TLS in front of port " + target, e);
    }
  }

  private static void serve(
      Front front, Socket raw, SSLSocketFactory factory, Consumer<SSLParameters> settings)
      throws IOException {
    SSLSocket client = (SSLSocket) factory.createSocket(raw, null, false);
    SSLParameters parameters = client.getSSLParameters();
    settings.accept(parameters);
    client.setSSLParameters(parameters);
    try {
      client.startHandshake();
    } catch (SSLException refused) {
      Front.linger(raw);
      return;
    }
    try (Socket server = front.connect(client, raw)) {
      Front.copy(client, server);
    }
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return front.port();
  }

  /** Ends all connections; twice is fine. */
  @Override
  public void close() {
    front.close();
  }
}
