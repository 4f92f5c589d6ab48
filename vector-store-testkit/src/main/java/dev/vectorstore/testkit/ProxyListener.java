package dev.vectorstore.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The open port of a {@link TcpProxy}; another one takes its place when it was closed. */
final class ProxyListener {
  private static final int CLOSE_LIMIT_SECONDS = 10;

  private final ServerSocket socket;
  private final CountDownLatch ended = new CountDownLatch(1);

  ProxyListener(int port) {
    try {
      socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException("Can't listen on port " + port, e);
    }
  }

  /** Hands on each client until the port is closed. */
  void accept(Consumer<Socket> clients) {
    try {
      while (!socket.isClosed()) {
        clients.accept(socket.accept());
      }
    } catch (IOException e) {
      // closed; an accept that fails otherwise leaves nothing to accept from either
    } finally {
      ended.countDown();
    }
  }

  boolean isClosed() {
    return socket.isClosed();
  }

  /**
   * Closes the port and returns when no client can connect any more: as long as a thread still
   * waits in accept, the system keeps the port open.
   */
  void close() {
    Sockets.close(socket);
    try {
      if (!ended.await(CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("The proxy's port doesn't close");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
