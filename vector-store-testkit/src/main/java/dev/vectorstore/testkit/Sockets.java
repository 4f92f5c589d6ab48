package dev.vectorstore.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;

/** Ends sockets without a word about those that ended already. */
final class Sockets {
  private Sockets() {}

  /** Ends a connection with a RST instead of a FIN. */
  static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // it is closed already
    }
    close(socket);
  }

  static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // there is nothing left to close
    }
  }
}
