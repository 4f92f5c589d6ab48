package dev.vectorstore.supabase.postgres;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.support.Attempt;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One piece of work with one connection, run by a thread of ours for a caller who may leave before
 * its end.
 */
final class PostgresWork<T> implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresWork.class);

  /** What is done with a connection. */
  @FunctionalInterface
  interface Body<T> {
    T run(PostgresSession session) throws SQLException;
  }

  private final Connections connections;
  private final Attempt attempt;
  private final Body<T> body;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final Object lock = new Object();
  private @Nullable Connection connection;
  private @Nullable Statement statement;
  private boolean abandoned;
  private volatile boolean connected;

  PostgresWork(Connections connections, Attempt attempt, Body<T> body) {
    this.connections = connections;
    this.attempt = attempt;
    this.body = body;
  }

  CompletableFuture<T> result() {
    return result;
  }

  /** Whether there was a connection on which something may have been sent. */
  boolean isConnected() {
    return connected;
  }

  @Override
  public void run() {
    try {
      result.complete(work()); // the connection is free again by now, for what comes next
    } catch (InterruptedException closed) {
      // The thread is ours and ends with the store, so nobody asks for its flag.
      result.completeExceptionally(closed);
    } catch (SQLException | RuntimeException | Error failed) {
      result.completeExceptionally(failed);
    }
  }

  private T work() throws SQLException, InterruptedException {
    Connection taken = connections.take();
    boolean broken = true;
    try {
      attach(taken);
      T value = body.run(new PostgresSession(taken, attempt, this::statement));
      broken = false;
      return value;
    } catch (SQLException refused) {
      broken = ConnectionErrors.isBroken(refused);
      throw refused;
    } catch (VectorStoreException unreadable) {
      broken = false; // the answer was read to its end before it was understood
      throw unreadable;
    } finally {
      boolean left = detach();
      connections.giveBack(taken, broken || left);
    }
  }

  private void attach(Connection taken) throws InterruptedException {
    synchronized (lock) {
      if (abandoned) {
        throw new InterruptedException("nobody waits for it");
      }
      connection = taken;
      connected = true;
    }
  }

  private boolean detach() {
    synchronized (lock) {
      connection = null;
      statement = null;
      return abandoned;
    }
  }

  private void statement(Statement running) {
    synchronized (lock) {
      statement = running;
    }
  }

  /** The caller left: the server is told to stop, and the connection ends. */
  void abandon(Executor threads) {
    Connection held;
    Statement running;
    synchronized (lock) {
      abandoned = true;
      held = connection;
      running = statement;
    }
    if (held != null) {
      try {
        // To tell the server takes a connection of its own, and a while if there is no server.
        threads.execute(
            () -> {
              cancel(running);
              end(held);
            });
      } catch (RejectedExecutionException closed) {
        end(held);
      }
    }
  }

  /** The store is closed: the caller leaves, and the connection ends at once. */
  void close() {
    Connection held;
    synchronized (lock) {
      abandoned = true;
      held = connection;
    }
    result.completeExceptionally(new InterruptedException("closed"));
    if (held != null) {
      end(held);
    }
  }

  private static void cancel(@Nullable Statement running) {
    try {
      if (running != null) {
        running.cancel();
      }
    } catch (SQLException unimportant) {
      LOG.debug("a statement couldn't be cancelled: {}", unimportant.getSQLState());
    }
  }

  private static void end(Connection held) {
    try {
      held.abort(Runnable::run);
    } catch (SQLException unimportant) {
      LOG.debug("a connection couldn't be ended: {}", unimportant.getSQLState());
    }
  }
}
