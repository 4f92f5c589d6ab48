package dev.vectorstore.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Sends back what it gets, and counts it. */
final class EchoServer implements AutoCloseable {
  private final ServerSocket listener;
  private final Thread acceptor;
  private final AtomicLong received = new AtomicLong();

  EchoServer() throws IOException {
    listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    acceptor = thread(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  long received() {
    return received.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    // The system keeps the port open while a thread still waits in accept.
    Await.until(Duration.ofSeconds(10), () -> !acceptor.isAlive());
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        thread(() -> echo(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void echo(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[4_096];
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        received.addAndGet(length);
        socket.getOutputStream().write(buffer, 0, length);
      }
    } catch (IOException e) {
      // the client is gone
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "echo");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
