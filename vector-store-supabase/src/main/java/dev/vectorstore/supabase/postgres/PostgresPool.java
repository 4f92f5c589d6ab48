package dev.vectorstore.supabase.postgres;

import dev.vectorstore.support.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Deque;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few connections that are kept open, the one used last first. It connects on the thread that
 * asks, so that a refusal or a wrong password shows at once and is tried again only as the policy
 * of retries says (docs/decisions/0011). It has no threads. Safe for threads.
 */
public final class PostgresPool implements Connections {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresPool.class);

  /** Together less than the 10 s within which everything is gone after close. */
  private static final int CONNECT_SECONDS = 4;

  private static final int HANDSHAKE_SECONDS = 5;
  private static final int CANCEL_SECONDS = 2;

  /** A network may have dropped what was idle for longer, so it is asked first. */
  private static final long CHECKED_AFTER = Duration.ofSeconds(30).toNanos();

  private static final int CHECK_SECONDS = 2;

  private final PostgresAddress address;
  private final Supplier<? extends @Nullable String> password;
  private final Semaphore permits;
  private final Deque<Idle> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean passwordSeen;
  private volatile boolean closed;

  public PostgresPool(
      PostgresAddress address, Supplier<? extends @Nullable String> password, int maxConnections) {
    this.address = address;
    this.password = password;
    permits = new Semaphore(maxConnections, true);
  }

  private record Idle(Connection connection, long since) {}

  @Override
  public Connection take() throws SQLException, InterruptedException {
    permits.acquire();
    boolean taken = false;
    try {
      Connection connection = kept();
      taken = true;
      return connection;
    } finally {
      if (!taken) {
        permits.release();
      }
    }
  }

  private Connection kept() throws SQLException {
    for (Idle next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
      boolean fresh = Ticker.SYSTEM.nanos() - next.since < CHECKED_AFTER;
      if (fresh || next.connection.isValid(CHECK_SECONDS)) {
        return next.connection;
      }
      discard(next.connection);
    }
    return connect();
  }

  private Connection connect() throws SQLException {
    Connection connection = new Driver().connect(address.jdbcUrl(), properties());
    if (connection == null) {
      throw new SQLException("the driver doesn't take the address", "08001");
    }
    connection.setNetworkTimeout(Runnable::run, 0); // from here on deadlines are the calls' own
    return connection;
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.setProperty(PGProperty.USER.getName(), address.user());
    String secret = password.get();
    passwordSeen = secret != null && !secret.isBlank();
    if (secret != null && passwordSeen) {
      properties.setProperty(PGProperty.PASSWORD.getName(), secret.strip());
    }
    properties.putAll(address.tls());
    // No named statement is left behind, so that a pooler in transaction mode may stand between.
    PGProperty.PREPARE_THRESHOLD.set(properties, 0);
    // Settings of the session go with the start, where poolers know them, and not by SET.
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "12");
    PGProperty.APPLICATION_NAME.set(properties, "vector-store");
    PGProperty.GSS_ENC_MODE.set(properties, "disable");
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_SECONDS);
    PGProperty.SOCKET_TIMEOUT.set(properties, HANDSHAKE_SECONDS);
    PGProperty.CANCEL_SIGNAL_TIMEOUT.set(properties, CANCEL_SECONDS);
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
    return properties;
  }

  @Override
  public void giveBack(Connection connection, boolean broken) {
    if (broken) {
      discard(connection);
    } else {
      idle.addFirst(new Idle(connection, Ticker.SYSTEM.nanos()));
    }
    if (broken || closed) {
      discardIdle(); // the server that ended one has most likely ended the others
    }
    permits.release();
  }

  private void discardIdle() {
    for (Idle next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
      discard(next.connection);
    }
  }

  private static void discard(Connection connection) {
    try {
      connection.close();
    } catch (SQLException unimportant) {
      LOG.debug("a connection couldn't be closed: {}", unimportant.getSQLState());
    }
  }

  @Override
  public String place() {
    return address.place();
  }

  @Override
  public boolean hasPassword() {
    return passwordSeen;
  }

  @Override
  public void close() {
    closed = true;
    discardIdle();
  }
}
