package dev.vectorstore.supabase.postgres;

import dev.vectorstore.support.Attempt;
import java.sql.Connection;
import java.sql.SQLException;

/** Where connections to Postgres come from. Safe for threads. */
public interface Connections extends AutoCloseable {
  /** How the use of a connection ended. */
  enum End {
    /** It can be used again. */
    USABLE,
    /** It is over, which says nothing of others: its caller left, or the client itself failed. */
    OVER,
    /** It is over, since no answer came in time; others to this server may be dead as well. */
    SILENT,
    /** It is over, since the server or the network ended it, and most likely the others too. */
    BROKEN
  }

  /**
   * A connection in autocommit mode for one caller; waits until there is one.
   *
   * @param attempt the deadline of the wait
   * @throws InterruptedException if the thread is interrupted, or the deadline passes
   */
  Connection take(Attempt attempt) throws SQLException, InterruptedException;

  /**
   * Gives one back.
   *
   * @param connection what {@link #take} gave
   * @param end how its use ended
   */
  void giveBack(Connection connection, End end);

  /** The server, for messages. */
  String place();

  /** Whether there is a password to log in with. */
  boolean hasPassword();

  @Override
  void close();
}
