package dev.vectorstore.testkit;

import dev.vectorstore.testkit.ProxyMode.Direction;
import dev.vectorstore.testkit.ProxyMode.Kind;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** One client's connection through a {@link TcpProxy}: a thread for each direction. */
final class ProxyConnection {
  private static final int CONNECT_LIMIT_MILLIS = 5_000;

  private final TcpProxy proxy;
  private final Socket client;
  private final Socket target = new Socket();
  private final AtomicInteger endedDirections = new AtomicInteger();
  private volatile boolean targetDropped;

  ProxyConnection(TcpProxy proxy, Socket client) {
    this.proxy = proxy;
    this.client = client;
  }

  void start() {
    proxy.run(() -> carry(Direction.TO_TARGET));
  }

  /** Ends the connection with a RST on both sides. */
  void reset() {
    Sockets.reset(client);
    Sockets.reset(target);
    proxy.forget(this);
  }

  /** Ends the target's side only: the client isn't told. */
  void dropTarget() {
    targetDropped = true;
    Sockets.reset(target);
  }

  boolean targetDropped() {
    return targetDropped;
  }

  Socket from(Direction direction) {
    return direction == Direction.TO_TARGET ? client : target;
  }

  Socket to(Direction direction) {
    return direction == Direction.TO_TARGET ? target : client;
  }

  private void carry(Direction direction) {
    try {
      if (direction == Direction.TO_TARGET) {
        connect();
      }
      if (new ProxyPump(proxy, this, direction).run()) {
        ended(direction);
      } else {
        reset();
      }
    } catch (IOException e) {
      if (direction == Direction.TO_TARGET || !targetDropped) {
        reset();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reset();
    }
  }

  private void connect() throws IOException, InterruptedException {
    client.setTcpNoDelay(true);
    if (proxy.flowingMode().kind() == Kind.HALF_OPEN) {
      dropTarget();
      return;
    }
    target.connect(proxy.target(), CONNECT_LIMIT_MILLIS);
    target.setTcpNoDelay(true);
    proxy.run(() -> carry(Direction.TO_CLIENT));
  }

  /** Hands on the end of one direction; the other may go on. */
  private void ended(Direction direction) throws IOException {
    if (targetDropped) {
      reset();
      return;
    }
    to(direction).shutdownOutput();
    if (endedDirections.incrementAndGet() == Direction.values().length) {
      Sockets.close(client);
      Sockets.close(target);
      proxy.forget(this);
    }
  }
}
