package dev.vectorstore.testkit;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy that stands between a client and a real server and breaks what passes, as a network
 * would.
 *
 * <pre>{@code
 * try (TcpProxy proxy = TcpProxy.to("127.0.0.1", server.grpcPort())) {
 *   proxy.mode(ProxyMode.loseAnswers().times(1)); // the next answer is lost, the retry's isn't
 * }
 * }</pre>
 *
 * <p>The mode can change at any time, for open connections too. Safe to use from several threads.
 */
public final class TcpProxy implements AutoCloseable {
  private static final ProxyMode CLOSED = ProxyMode.refuse();
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  private final InetSocketAddress target;
  private final int port = FreePort.next();
  private final Set<ProxyConnection> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService loops = Executors.newCachedThreadPool(this::thread);
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong faults = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition modeChanged = lock.newCondition();
  private ProxyMode mode = ProxyMode.pass();
  private @Nullable ProxyListener listener;
  private boolean closed;

  private TcpProxy(InetSocketAddress target) {
    this.target = target;
  }

  /**
   * A proxy to this server, on a free port of 127.0.0.1, that passes everything.
   *
   * @param host where the server is
   * @param port its port
   */
  public static TcpProxy to(String host, int port) {
    TcpProxy proxy = new TcpProxy(new InetSocketAddress(requireNonNull(host, "host"), port));
    proxy.mode(ProxyMode.pass());
    return proxy;
  }

  /** The port on 127.0.0.1 where clients connect; it stays the same while they are refused. */
  public int port() {
    return port;
  }

  /** How many connections were accepted until now. */
  public long connections() {
    return accepted.get();
  }

  /** How many connections are open now. */
  public int openConnections() {
    return open.size();
  }

  /** How many connections were reset by a mode that counts. */
  public long faults() {
    return faults.get();
  }

  /**
   * Changes what happens from now on, to open connections too.
   *
   * @throws IllegalStateException after {@link #close()}
   */
  public void mode(ProxyMode next) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("The proxy is closed");
      }
      mode = requireNonNull(next, "next");
      modeChanged.signalAll();
      if (next.kind() == ProxyMode.Kind.REFUSE) {
        stopListening();
      } else if (listener == null) {
        startListening();
      }
    } finally {
      lock.unlock();
    }
    if (next.kind() == ProxyMode.Kind.REFUSE) {
      open.forEach(ProxyConnection::reset);
    } else if (next.kind() == ProxyMode.Kind.HALF_OPEN) {
      open.forEach(ProxyConnection::dropTarget);
    }
  }

  /** Resets every open connection once; new ones are treated as the mode says. */
  public void resetConnections() {
    open.forEach(ProxyConnection::reset);
  }

  /** Ends all connections and frees the port; twice is fine. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      modeChanged.signalAll();
      stopListening();
    } finally {
      lock.unlock();
    }
    open.forEach(ProxyConnection::reset);
    loops.shutdown(); // their sockets are closed and the mode lets them go on, so they end
    try {
      if (!loops.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("Threads of the proxy on port " + port + " still run");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  InetSocketAddress target() {
    return target;
  }

  /** The mode once it lets data flow; waits as long as it stalls. */
  ProxyMode flowingMode() throws InterruptedException {
    lock.lock();
    try {
      while (!closed && mode.kind() == ProxyMode.Kind.STALL) {
        modeChanged.await();
      }
      return closed ? CLOSED : mode;
    } finally {
      lock.unlock();
    }
  }

  /** Waits a while, or until the mode changes or the proxy is closed. */
  void pause(ProxyMode during, long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (left > 0 && !closed && mode == during) {
        left = modeChanged.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Counts a fault of this mode; false when the mode has none left. */
  boolean takeFault(ProxyMode of) {
    if (!of.takeOne()) {
      return false;
    }
    faults.incrementAndGet();
    lock.lock();
    try {
      if (of.isSpent() && mode == of) {
        mode = ProxyMode.pass();
        modeChanged.signalAll();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  void forget(ProxyConnection connection) {
    open.remove(connection);
  }

  /** Runs a loop of this proxy on a thread of its own, which ends with the proxy. */
  void run(Runnable loop) {
    try {
      loops.execute(loop);
    } catch (RejectedExecutionException e) {
      // the proxy was closed, and with it the sockets that this loop would have served
    }
  }

  private Thread thread(Runnable loop) {
    Thread thread = new Thread(loop, "tcp-proxy-" + port);
    thread.setDaemon(true);
    return thread;
  }

  private void startListening() {
    ProxyListener opened = new ProxyListener(port);
    listener = opened;
    run(() -> opened.accept(client -> accept(opened, client)));
  }

  private void stopListening() {
    if (listener != null) {
      listener.close();
    }
    listener = null;
  }

  private void accept(ProxyListener from, Socket client) {
    ProxyConnection connection = new ProxyConnection(this, client);
    accepted.incrementAndGet();
    open.add(connection);
    if (from.isClosed()) {
      connection.reset(); // it came while the mode changed to refuse, which didn't see it
    } else {
      connection.start();
    }
  }
}
