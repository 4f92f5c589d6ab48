package dev.vectorstore.supabase.postgres;

import dev.vectorstore.support.Attempt;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/**
 * Runs statements on a connection while one caller has it. Each statement is sent in one message
 * with the settings that it runs under. A message is one transaction, so the settings end with it
 * and nothing is left in the session, which is somebody else's next behind a pooler. Used by one
 * thread.
 */
final class PostgresSession {
  /** The role's own search path, which triggers of a table may need. */
  static final @Nullable String OWN_PATH = null;

  /**
   * What the rows' texts depend on, the deadline (or the role's own, where that is shorter), and a
   * search path without what others may write to, so that no name means anything else than it says;
   * functions of ours look up no name there.
   */
  static final String SETTINGS =
      "select set_config('statement_timeout', least(coalesce(nullif(extract(epoch from"
          + " current_setting('statement_timeout')::interval) * 1000, 0), ?), ?)::bigint::text,"
          + " true), set_config('search_path', coalesce(?, current_setting('search_path')), true),"
          + " set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true),"
          + " set_config('IntervalStyle', 'postgres', true),"
          + " set_config('extra_float_digits', '1', true),"
          + " set_config('bytea_output', 'hex', true); ";

  private static final int SETTINGS_BINDS = 3;

  private final Connection connection;
  private final Attempt attempt;
  private final Consumer<Statement> current;

  PostgresSession(Connection connection, Attempt attempt, Consumer<Statement> current) {
    this.connection = connection;
    this.attempt = attempt;
    this.current = current;
  }

  /** What reads the rows of an answer. */
  @FunctionalInterface
  interface Rows<T> {
    T read(ResultSet rows) throws SQLException;
  }

  /**
   * Runs one statement that answers rows.
   *
   * @param sql with a question mark for each value
   * @param values texts take the type that the statement asks for, numbers are bigint
   * @param rows reads the answer
   */
  <T> T query(String sql, List<?> values, Rows<T> rows) throws SQLException {
    return query("", sql, values, rows);
  }

  /**
   * Runs one statement that answers rows.
   *
   * @param path schemas beside Postgres' own in which it finds operators, or {@link #OWN_PATH}
   */
  <T> T query(@Nullable String path, String sql, List<?> values, Rows<T> rows) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SETTINGS + sql)) {
      current.accept(statement);
      statement.unwrap(PGStatement.class).setPrepareThreshold(0);
      long millis = Math.max(1, attempt.remaining().toMillis());
      statement.setLong(1, millis);
      statement.setLong(2, millis);
      statement.setString(SETTINGS_BINDS, path);
      int index = SETTINGS_BINDS;
      for (Object value : values) {
        bind(statement, ++index, value);
      }
      statement.execute();
      statement.getMoreResults();
      try (ResultSet answer = statement.getResultSet()) {
        return rows.read(answer);
      }
    }
  }

  private static void bind(PreparedStatement statement, int index, Object value)
      throws SQLException {
    if (value instanceof Long number) {
      statement.setLong(index, number);
    } else {
      statement.setObject(index, value, Types.OTHER);
    }
  }
}
