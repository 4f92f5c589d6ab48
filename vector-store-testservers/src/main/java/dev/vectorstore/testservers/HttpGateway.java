package dev.vectorstore.testservers;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A gateway in front of a server on 127.0.0.1: it passes what comes, or answers itself, as one does
 * whose server is away. Connections stay open meanwhile, and end after such an answer. Safe for
 * threads.
 */
public final class HttpGateway implements AutoCloseable {
  private static final int CHUNK = 16_384;

  private final Front front;
  private final Deque<GatewayAnswer> answers = new ArrayDeque<>();
  private int answered;

  private HttpGateway(Front front) {
    this.front = front;
  }

  /** Starts a gateway on a free port that passes everything to this one. */
  public static HttpGateway to(int port) {
    try {
      ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Front front = new Front("http-gateway", listener, port);
      HttpGateway gateway = new HttpGateway(front);
      front.start(gateway::serve);
      return gateway;
    } catch (IOException e) {
      throw new UncheckedIOException("Can't start a gateway to port " + port, e);
    }
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return front.port();
  }

  /** Answers the next requests by itself. */
  public void answer(GatewayAnswer answer, int times) {
    synchronized (answers) {
      answers.clear();
      answers.addAll(Collections.nCopies(times, requireNonNull(answer, "answer")));
      answered = 0;
    }
  }

  /** How many answers it gave since it was last told to. */
  public int answered() {
    synchronized (answers) {
      return answered;
    }
  }

  private @Nullable GatewayAnswer next() {
    synchronized (answers) {
      GatewayAnswer next = answers.poll();
      answered += next == null ? 0 : 1;
      return next;
    }
  }

  private void serve(Socket client) throws IOException {
    @Nullable Socket server = null;
    try (PushbackInputStream in = new PushbackInputStream(client.getInputStream(), CHUNK)) {
      byte[] chunk = new byte[CHUNK];
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        GatewayAnswer answer = next();
        if (answer != null) {
          in.unread(chunk, 0, read);
          answer.write(in, client.getOutputStream());
          Front.linger(client);
          return;
        }
        if (server == null) {
          server = front.connect(client, client);
        }
        server.getOutputStream().write(chunk, 0, read);
      }
    } finally {
      if (server != null) {
        server.close();
      }
    }
  }

  /** Ends all connections; twice is fine. */
  @Override
  public void close() {
    front.close();
  }
}
