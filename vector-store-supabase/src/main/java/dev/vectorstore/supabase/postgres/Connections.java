package dev.vectorstore.supabase.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** Where connections to Postgres come from. Safe for threads. */
public interface Connections extends AutoCloseable {
  /** A connection in autocommit mode for one caller; waits until there is one. */
  Connection take() throws SQLException, InterruptedException;

  /**
   * Gives one back.
   *
   * @param connection what {@link #take} gave
   * @param broken whether it must not be used again
   */
  void giveBack(Connection connection, boolean broken);

  /** The server, for messages. */
  String place();

  /** Whether there is a password to log in with. */
  boolean hasPassword();

  @Override
  void close();
}
