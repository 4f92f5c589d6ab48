package dev.vectorstore.testkit;

import dev.vectorstore.testkit.ProxyMode.Direction;
import dev.vectorstore.testkit.ProxyMode.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Copies one direction of a {@link ProxyConnection}, as the proxy's mode says. For one thread. */
final class ProxyPump {
  private static final int BUFFER = 16_384;
  private static final int SLICES_PER_SECOND = 20;
  private static final long NANOS = 1_000_000_000L;
  private static final int NO_CUT = -1;

  private final TcpProxy proxy;
  private final ProxyConnection connection;
  private final Direction direction;
  private final AnswerStart answers = new AnswerStart();
  private final byte[] buffer = new byte[BUFFER];
  private ProxyMode counted = ProxyMode.pass();
  private long forwarded;

  ProxyPump(TcpProxy proxy, ProxyConnection connection, Direction direction) {
    this.proxy = proxy;
    this.connection = connection;
    this.direction = direction;
  }

  /**
   * Copies until the sender ends its side.
   *
   * @return false when the connection is to be reset
   */
  boolean run() throws IOException, InterruptedException {
    InputStream in = connection.from(direction).getInputStream();
    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
      if (!forward(proxy.flowingMode(), length)) {
        return false;
      }
    }
    return true;
  }

  private boolean forward(ProxyMode mode, int length) throws IOException, InterruptedException {
    int answer = direction == Direction.TO_CLIENT ? answers.next(buffer, length) : length;
    if (mode.kind() == Kind.HALF_OPEN) {
      return true; // swallowed
    }
    if (connection.targetDropped() || mode.kind() == Kind.REFUSE) {
      return false;
    }
    int cut = cut(mode, length, answer);
    if (cut != NO_CUT && proxy.takeFault(mode)) {
      write(0, cut);
      return false;
    }
    if (mode.kind() == Kind.SLOW) {
      writeSlowly(mode, length);
    } else {
      write(0, length);
    }
    return true;
  }

  /** Where in these bytes the mode resets the connection. */
  private int cut(ProxyMode mode, int length, int answer) {
    if (mode.direction() != direction) {
      return NO_CUT;
    }
    return switch (mode.kind()) {
      case LOSE_ANSWERS -> answer < length ? answer : NO_CUT;
      case RESET_AFTER -> cutAfter(mode, length);
      default -> NO_CUT;
    };
  }

  private int cutAfter(ProxyMode mode, int length) {
    if (counted != mode) {
      counted = mode;
      forwarded = 0;
    }
    long left = mode.amount() - forwarded;
    forwarded += length;
    return left <= length ? (int) Math.max(0, left) : NO_CUT;
  }

  private void writeSlowly(ProxyMode mode, int length) throws IOException, InterruptedException {
    int slice = (int) Math.max(1, Math.min(BUFFER, mode.amount() / SLICES_PER_SECOND));
    for (int at = 0; at < length; at += slice) {
      int size = Math.min(slice, length - at);
      write(at, size);
      proxy.pause(mode, NANOS * size / mode.amount());
    }
  }

  private void write(int offset, int length) throws IOException {
    if (length == 0) {
      return;
    }
    try {
      OutputStream out = connection.to(direction).getOutputStream();
      out.write(buffer, offset, length);
      out.flush();
    } catch (IOException e) {
      if (!connection.targetDropped()) {
        throw e;
      }
    }
  }
}
