package dev.vectorstore.supabase.postgres;

import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.KeySource;
import dev.vectorstore.support.Loopback;
import dev.vectorstore.support.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few connections that are kept open, the one used last first. It connects on the thread that
 * asks, so that a refusal or a wrong password shows at once and is tried again only as the policy
 * of retries says (docs/decisions/0011). What was idle for too long, or open for too long, is
 * closed. Safe for threads.
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
  private final KeySource password;
  private final boolean plainText;
  private final PoolLimits limits;
  private final Semaphore permits;
  private final Deque<Idle> idle = new ConcurrentLinkedDeque<>();
  private final Map<Connection, Long> opened = new ConcurrentHashMap<>();
  private final LongAdder openings = new LongAdder();
  private final IdleSweep sweep;
  private volatile boolean passwordSeen;
  private volatile boolean closed;

  /** Until when those that are idle are asked whether they live. */
  private volatile long suspectedUntil = Ticker.SYSTEM.nanos();

  private record Idle(Connection connection, long since) {}

  /**
   * A pool.
   *
   * @param password asked before each connection; closed with the pool
   * @param plainText whether the password may go to another machine without encryption
   */
  public PostgresPool(
      PostgresAddress address, KeySource password, boolean plainText, PoolLimits limits) {
    this.address = address;
    this.password = password;
    this.plainText = plainText || Loopback.is(address.host());
    this.limits = limits;
    permits = new Semaphore(limits.most(), true);
    sweep = new IdleSweep(limits, this::closeOld);
  }

  @Override
  public Connection take(Attempt attempt) throws SQLException, InterruptedException {
    if (!permits.tryAcquire(attempt.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
      throw new InterruptedException("no connection came free in time");
    }
    boolean taken = false;
    try {
      Connection connection = kept(attempt);
      taken = true;
      return connection;
    } finally {
      if (!taken) {
        permits.release();
      }
    }
  }

  private Connection kept(Attempt attempt) throws SQLException {
    for (Idle next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
      boolean old = isOld(next.connection);
      if (!old && isAlive(next)) {
        return next.connection;
      }
      discard(next.connection);
      if (!old) {
        discardIdle(); // what ended one has most likely ended the others
      }
    }
    return connect(attempt);
  }

  private boolean isOld(Connection connection) {
    Long since = opened.get(connection);
    return since == null || Ticker.SYSTEM.nanos() - since >= limits.lifetime().toNanos();
  }

  private boolean isAlive(Idle kept) throws SQLException {
    boolean fresh = Ticker.SYSTEM.nanos() - kept.since < CHECKED_AFTER;
    return (fresh && kept.since - suspectedUntil > 0) || kept.connection.isValid(CHECK_SECONDS);
  }

  private Connection connect(Attempt attempt) throws SQLException {
    Connection connection = new Driver().connect(address.jdbcUrl(), properties(attempt));
    if (connection == null) {
      throw new SQLException("the driver doesn't take the address", "08001");
    }
    connection.setNetworkTimeout(Runnable::run, 0); // from here on deadlines are the calls' own
    opened.put(connection, Ticker.SYSTEM.nanos());
    openings.increment();
    return connection;
  }

  private Properties properties(Attempt attempt) {
    // Sooner than who waits for the connection gives up, so that it is told what the wait was for.
    String secret = password.ask(() -> attempt.remaining().multipliedBy(9).dividedBy(10));
    boolean given = secret != null && !secret.isBlank();
    passwordSeen = given;
    Properties properties = address.tls().properties(given, plainText, place());
    properties.setProperty(PGProperty.USER.getName(), address.user());
    if (secret != null && given) {
      properties.setProperty(PGProperty.PASSWORD.getName(), secret.strip());
    }
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
  public void giveBack(Connection connection, End end) {
    if (end == End.USABLE && !isOld(connection)) {
      idle.addFirst(new Idle(connection, Ticker.SYSTEM.nanos()));
      sweep.await();
    } else {
      discard(connection);
    }
    if (end == End.SILENT) {
      suspectedUntil = Ticker.SYSTEM.nanos();
    }
    if (end == End.BROKEN || closed) {
      discardIdle();
    }
    permits.release();
  }

  /** Closes what nobody used for long, and what is open for long; whether any is left. */
  private boolean closeOld() {
    long now = Ticker.SYSTEM.nanos();
    for (Idle each : List.copyOf(idle)) {
      boolean unused = now - each.since >= limits.idle().toNanos();
      if ((unused || isOld(each.connection)) && idle.remove(each)) {
        discard(each.connection);
      }
    }
    return !idle.isEmpty();
  }

  private void discardIdle() {
    for (Idle next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
      discard(next.connection);
    }
  }

  private void discard(Connection connection) {
    opened.remove(connection);
    try {
      connection.close();
    } catch (SQLException unimportant) {
      LOG.debug("a connection couldn't be closed: {}", unimportant.getSQLState());
    }
  }

  /** How many are open, those that are in use and those that are kept. */
  public int open() {
    return opened.size();
  }

  /** How many are open and kept for the next call. */
  public int idle() {
    return idle.size();
  }

  /** How many calls wait until one is free. */
  public int waiting() {
    return permits.getQueueLength();
  }

  /** How many may be open at once. */
  public int most() {
    return limits.most();
  }

  /** How many were ever opened. */
  public long openings() {
    return openings.sum();
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
    password.close();
    sweep.close();
    discardIdle();
  }
}
