package dev.vectorstore.testservers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A database of a {@link PostgresServer}, used through {@code psql} as its superuser.
 *
 * <p>Safe to use from several threads.
 */
public final class PostgresDatabase {
  private final String user;
  private final int port;
  private final String name;

  PostgresDatabase(String user, int port, String name) {
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
   * Runs a script with psql variables, which it reads as {@code :name}.
   *
   * @return the rows that it printed, a line each, columns separated by {@code |}
   * @throws IllegalStateException when a statement fails, with what psql said
   */
  public List<String> sql(String script, Map<String, String> variables) {
    List<String> options =
        variables.entrySet().stream().map(v -> "-v" + v.getKey() + "=" + v.getValue()).toList();
    return psql(options, input -> input.write(script));
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
    psql(
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

  private List<String> psql(List<String> options, Input input) {
    Path folder = TempFolder.create("psql");
    try {
      Path output = folder.resolve("output");
      Path errors = folder.resolve("errors");
      ProcessBuilder builder = new ProcessBuilder(Programs.require("psql").toString());
      builder.command().addAll(List.of("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"));
      builder.command().addAll(options);
      builder.command().addAll(List.of("-d", url(user)));
      builder.environment().put("PGCLIENTENCODING", "UTF8");
      builder.redirectOutput(output.toFile()).redirectError(errors.toFile());
      int exit = feed(builder.start(), input);
      if (exit != 0) {
        throw new IllegalStateException("psql failed on " + name + ": " + Files.readString(errors));
      }
      return Files.readAllLines(output);
    } catch (IOException e) {
      throw new UncheckedIOException("Can't run psql", e);
    } finally {
      TempFolder.delete(folder);
    }
  }

  private static int feed(Process psql, Input input) throws IOException {
    boolean fed = false;
    try {
      Writer writer =
          new BufferedWriter(new OutputStreamWriter(psql.getOutputStream(), UTF_8), 1 << 16);
      fed = write(writer, input);
      return psql.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while psql ran", e);
    } finally {
      if (!fed) {
        psql.destroyForcibly(); // an end of input would commit the rows that came before
      }
    }
  }

  private static boolean write(Writer writer, Input input) {
    try {
      input.writeTo(writer);
      writer.close();
    } catch (IOException e) {
      return true; // psql ended early, and its exit code and its errors say why
    }
    return true;
  }

  /** What psql reads. */
  @FunctionalInterface
  private interface Input {
    void writeTo(Writer writer) throws IOException;
  }
}
