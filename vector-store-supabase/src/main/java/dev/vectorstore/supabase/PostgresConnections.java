package dev.vectorstore.supabase;

import dev.vectorstore.supabase.postgres.PostgresPool;

/**
 * How many connections a store over direct Postgres has, for those who watch it. {@link
 * dev.vectorstore.VectorStore#unwrap} of a store that {@link Postgres#at} opened gives it; a pool
 * of the caller's has figures of its own. What it says is of the moment that it is asked. Safe for
 * threads.
 *
 * <pre>{@code
 * PostgresConnections connections = store.unwrap(PostgresConnections.class);
 * int pending = connections.waiting();
 * }</pre>
 */
public final class PostgresConnections {
  private final PostgresPool pool;

  PostgresConnections(PostgresPool pool) {
    this.pool = pool;
  }

  /**
   * The connections that are open.
   *
   * @return how many, in use and idle
   */
  public int open() {
    return pool.open();
  }

  /**
   * The connections that are open and that no call uses.
   *
   * @return how many
   */
  public int idle() {
    return pool.idle();
  }

  /**
   * The calls that wait for a connection, since all are in use.
   *
   * @return how many
   */
  public int waiting() {
    return pool.waiting();
  }

  /**
   * The bound of {@link Postgres.Builder#maxConnections}.
   *
   * @return how many connections may be open at once
   */
  public int most() {
    return pool.most();
  }

  /**
   * The connections that were opened since the store was. One that grows as fast as the number of
   * calls shows that connections don't last.
   *
   * @return how many
   */
  public long opened() {
    return pool.openings();
  }

  @Override
  public String toString() {
    return "PostgresConnections[open=%d, idle=%d, waiting=%d, most=%d, opened=%d]"
        .formatted(open(), idle(), waiting(), most(), opened());
  }
}
