package dev.vectorstore.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/** What stands in front of a server on 127.0.0.1 and serves each connection by a thread. */
final class Front implements AutoCloseable {
  private static final int BUFFER = 16_384;
  private static final int LINGER_MILLIS = 2_000;

  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads;

  /** What is done with a connection, which is closed afterwards. */
  @FunctionalInterface
  interface Serving {
    void serve(Socket client) throws IOException;
  }

  Front(String name, ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
    threads =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
  }

  int port() {
    return listener.getLocalPort();
  }

  void start(Serving serving) {
    threads.execute(
        () -> {
          while (!listener.isClosed()) {
            try {
              Socket client = listener.accept();
              threads.execute(() -> serve(client, serving));
            } catch (IOException | RejectedExecutionException closed) {
              return;
            }
          }
        });
  }

  private void serve(Socket client, Serving serving) {
    open.add(client);
    try (client) {
      serving.serve(client);
    } catch (IOException | RejectedExecutionException ended) {
      // Either side may end a connection at any time; the client sees it.
    } finally {
      open.remove(client);
    }
  }

  /**
   * A connection to the server, whose bytes go to the client from now on.
   *
   * @param client where they are written
   * @param raw what is closed when the server ends the connection
   */
  Socket connect(Socket client, Socket raw) throws IOException {
    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
    open.add(server);
    threads.execute(
        () -> {
          try (server;
              raw) {
            copy(server, client);
          } catch (IOException ended) {
            // as above
          } finally {
            open.remove(server);
          }
        });
    return server;
  }

  static void copy(Socket from, Socket to) throws IOException {
    InputStream in = from.getInputStream();
    byte[] buffer = new byte[BUFFER];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      to.getOutputStream().write(buffer, 0, read);
    }
  }

  /** Ends a connection; what is left unread would reset it, and lose what was written last. */
  static void linger(Socket client) throws IOException {
    client.shutdownOutput();
    client.setSoTimeout(LINGER_MILLIS);
    byte[] rest = new byte[BUFFER];
    while (client.getInputStream().read(rest) >= 0) {
      // nobody needs it
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Can't close what is in front of a server", e);
    }
    threads.shutdownNow();
  }
}
