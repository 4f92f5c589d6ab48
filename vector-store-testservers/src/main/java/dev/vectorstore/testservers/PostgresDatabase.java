package dev.vectorstore.testservers;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A database of a {@link PostgresServer}, used through {@link Psql} as its superuser.
 *
 * <p>Safe to use from several threads.
 */
public final class PostgresDatabase {
  private final Psql psql;
  private final String user;
  private final int port;
  private final String name;

  PostgresDatabase(Psql psql, String user, int port, String name) {
    this.psql = psql;
    this.user = user;
    this.port = port;
    this.name = name;
  }

  /** The database's name. */
  public String name() {
    return name;
  }

  int port() {
    return port;
  }

  /** The address for a role, as libpq and {@code VectorStores.open} write it. */
  public String url(String role) {
    return "postgresql://" + role + "@127.0.0.1:" + port + "/" + name;
  }

  /** The address for a JDBC driver, as the superuser. */
  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + name + "?user=" + user;
  }

  /**
   * Runs a script and stops at its first error.
   *
   * @return the rows that it printed, a line each, columns separated by {@code |}
   * @throws IllegalStateException when a statement fails, with what psql said
   */
  public List<String> sql(String script) {
    return sql(script, Map.of());
  }

  /**
   * Runs a script as another role, whose rights alone it has.
   *
   * @param role its name
   * @return the rows that it printed, a line each, columns separated by {@code |}
   * @throws IllegalStateException when a statement fails, with what psql said
   */
  public List<String> sqlAs(String role, String script) {
    return sql("set session authorization \"" + role + "\";\n" + script);
  }

  /**
   * Runs a script with psql variables, which it reads as {@code :name}.
   *
   * @return the rows that it printed, a line each, columns separated by {@code |}
   * @throws IllegalStateException when a statement fails, with what psql said
   */
  public List<String> sql(String script, Map<String, String> variables) {
    List<String> options =
        variables.entrySet().stream().map(v -> "-v" + v.getKey() + "=" + v.getValue()).toList();
    return run(options, input -> input.write(script));
  }

  /**
   * Loads rows by COPY, the fastest way in.
   *
   * @param table the table, written as in SQL
   * @param columns its columns, written as in SQL
   * @param rows a list of values a row: {@code null}, {@code float[]} for a vector, else what
   *     {@code toString} gives
   * @throws IllegalStateException when Postgres refuses a row; none is loaded then
   */
  public void load(
      String table, List<String> columns, Stream<? extends List<? extends @Nullable Object>> rows) {
    String copy = "copy " + table + " (" + String.join(", ", columns) + ") from stdin";
    run(
        List.of("-c", copy),
        input -> {
          Iterator<? extends List<? extends @Nullable Object>> each = rows.iterator();
          while (each.hasNext()) {
            CopyText.writeRow(input, each.next());
          }
        });
  }

  boolean answers() {
    try {
      return sql("select 1").equals(List.of("1"));
    } catch (IllegalStateException e) {
      return false; // it is starting up or recovering
    }
  }

  private List<String> run(List<String> options, Psql.Input input) {
    List<String> arguments =
        new ArrayList<>(List.of("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"));
    arguments.addAll(options);
    arguments.addAll(List.of("-d", url(user)));
    Psql.Result result = psql.run(arguments, input);
    if (result.exitCode() != 0) {
      throw new IllegalStateException("psql failed on " + name + ": " + result.errors());
    }
    return result.lines();
  }
}
