package dev.vectorstore.supabase.postgres;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.supabase.postgres.Connections.End;
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
  private @Nullable End abandoned;
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
    Connection taken = connections.take(attempt);
    End end = End.USABLE; // nothing was sent yet
    try {
      attach(taken);
      end = End.OVER; // unless it is known better: an error of our own may come at any point
      T value = body.run(new PostgresSession(taken, attempt, this::statement));
      end = End.USABLE;
      return value;
    } catch (SQLException refused) {
      end = ConnectionErrors.isBroken(refused) ? End.BROKEN : End.USABLE;
      throw refused;
    } catch (VectorStoreException unreadable) {
      end = End.USABLE; // the answer was read to its end before it was understood
      throw unreadable;
    } finally {
      connections.giveBack(taken, detach(end));
    }
  }

  private void attach(Connection taken) throws InterruptedException {
    synchronized (lock) {
      if (abandoned != null) {
        throw new InterruptedException("nobody waits for it");
      }
      connection = taken;
      connected = true;
    }
  }

  /** How the use of the connection ended: who left has ended it, whatever came of it meanwhile. */
  private End detach(End end) {
    synchronized (lock) {
      boolean held = connection != null;
      connection = null;
      statement = null;
      return held && abandoned != null ? abandoned : end;
    }
  }

  private void statement(Statement running) {
    synchronized (lock) {
      statement = running;
    }
  }

  /**
   * The caller left: the server is told to stop, and the connection ends.
   *
   * @param why what it says of the others
   */
  void abandon(End why, Executor threads) {
    Connection held;
    Statement running;
    synchronized (lock) {
      abandoned = why;
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
      abandoned = End.OVER;
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
