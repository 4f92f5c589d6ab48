package dev.vectorstore.supabase.postgres;

import dev.vectorstore.support.Attempt;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections from a pool of the caller's, and gives them back. The caller closes the pool.
 */
public final class CallersDataSource implements Connections {
  private static final Logger LOG = LoggerFactory.getLogger(CallersDataSource.class);

  private final DataSource source;

  public CallersDataSource(DataSource source) {
    this.source = source;
  }

  @Override
  public Connection take(Attempt attempt) throws SQLException {
    Connection connection = source.getConnection();
    if (!connection.getAutoCommit()) {
      connection.setAutoCommit(true);
    }
    return connection;
  }

  /** A pool notices by itself that a connection is broken. */
  @Override
  public void giveBack(Connection connection, End end) {
    try {
      connection.close();
    } catch (SQLException unimportant) {
      LOG.debug("a connection couldn't be given back to its pool: {}", unimportant.getSQLState());
    }
  }

  @Override
  public String place() {
    return "the database of the DataSource";
  }

  @Override
  public boolean hasPassword() {
    return true;
  }

  @Override
  public void close() {}
}
