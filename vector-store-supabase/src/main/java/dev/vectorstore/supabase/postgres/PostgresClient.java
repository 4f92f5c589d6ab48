package dev.vectorstore.supabase.postgres;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.supabase.postgres.Connections.End;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.ClientErrors;
import dev.vectorstore.support.Effect;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work on connections, each on a thread of ours: a driver that waits for a server hears
 * neither interrupts nor deadlines, so the caller waits beside it and leaves in time. Safe for
 * threads.
 */
public final class PostgresClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresClient.class);
  private static final long CLOSE_SECONDS = 5;

  private final Connections connections;
  private final Set<PostgresWork<?>> running = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads;
  private volatile boolean closed;

  public PostgresClient(Connections connections) {
    this.connections = connections;
    AtomicInteger number = new AtomicInteger();
    threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "vector-store-sql-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** What changes nothing: whatever goes wrong, it can be asked again. */
  <T> T read(Attempt attempt, PostgresWork.Body<T> body) {
    return run(Effect.READ, attempt, body);
  }

  /** Runs something; a write is in doubt unless the server said that it rolled back. */
  <T> T run(Effect effect, Attempt attempt, PostgresWork.Body<T> body) {
    PostgresWork<T> work = new PostgresWork<>(connections, attempt, body);
    running.add(work);
    try {
      threads.execute(work);
      return work.result().get(attempt.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closed) {
      throw new IllegalStateException("the supabase store is closed; open a new one", closed);
    } catch (InterruptedException interrupted) {
      work.abandon(End.OVER, threads);
      Thread.currentThread().interrupt();
      throw sent(work, effect).lost("interrupted while waiting for the server", interrupted);
    } catch (TimeoutException late) {
      work.abandon(End.SILENT, threads);
      throw late(work, effect, late);
    } catch (ExecutionException failed) {
      throw failure(effect, work, failed.getCause());
    } finally {
      running.remove(work);
    }
  }

  /** Without a connection nothing was sent, and nothing is in doubt. */
  private static Effect sent(PostgresWork<?> work, Effect effect) {
    return work.isConnected() ? effect : Effect.READ;
  }

  private VectorStoreException late(PostgresWork<?> work, Effect effect, TimeoutException late) {
    return work.isConnected()
        ? effect.lost("no answer of " + connections.place() + " within the deadline", late)
        : new Unavailable(
            "no connection to "
                + connections.place()
                + " within the deadline: all that the store may have are in use, or none comes"
                + " about; give calls more time, or the store more connections (maxConnections)",
            late);
  }

  private VectorStoreException failure(
      Effect effect, PostgresWork<?> work, @Nullable Throwable cause) {
    ClientErrors.rethrow(cause);
    if (cause instanceof VectorStoreException known) {
      return known;
    }
    if (cause instanceof SQLException refused) {
      return new ConnectionErrors(refused, connections).toException(sent(work, effect));
    }
    if (cause instanceof InterruptedException) {
      return closed
          ? sent(work, effect).lost("the store was closed", cause)
          : late(work, effect, new TimeoutException("no connection"));
    }
    throw new IllegalStateException("a bug: what was done with Postgres failed", cause);
  }

  @Override
  public void close() {
    closed = true;
    running.forEach(PostgresWork::close);
    threads.shutdownNow();
    connections.close();
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("connections to {} that were being made end within seconds", connections.place());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
