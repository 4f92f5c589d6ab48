package dev.vectorstore.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A retrieval store the way people keep one on Supabase today, with none of our SQL in it: the
 * tables {@code sources}, {@code crawled_pages} and {@code code_examples}, their indexes, row-level
 * security, roles and {@code match_*} functions in a real Postgres, behind a real PostgREST that
 * hands out 1,000 rows at most, as Supabase's does.
 *
 * <p>Tests that use the shared one {@link #clear()} it first. Safe to use from several threads.
 */
public final class ExistingSupabaseStore implements KillableServer {
  /** The dimension of the small model that the tests embed with. */
  public static final int SMALL_DIMENSION = 384;

  /** The dimension that this practice has in production. */
  public static final int PRODUCTION_DIMENSION = 1536;

  private static final int SUPABASE_MAX_ROWS = 1_000;
  private static final String LAYOUT = "existing-supabase-store.sql";
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final PostgresDatabase database;
  private final PostgrestServer postgrest;

  private ExistingSupabaseStore(PostgresDatabase database, PostgrestServer postgrest) {
    this.database = database;
    this.postgrest = postgrest;
  }

  /**
   * A fresh, empty store in a database of its own, with a PostgREST of its own.
   *
   * @param dimension the length of its vectors
   * @throws IllegalStateException when an engine isn't installed or doesn't start
   */
  public static ExistingSupabaseStore create(int dimension) {
    return create(dimension, SUPABASE_MAX_ROWS);
  }

  /**
   * A fresh, empty store whose PostgREST hands out this many rows at most.
   *
   * @param dimension the length of its vectors
   * @param maxRows the largest number of rows in an answer
   * @throws IllegalStateException when an engine isn't installed or doesn't start
   */
  public static ExistingSupabaseStore create(int dimension, int maxRows) {
    PostgresDatabase database =
        PostgresServer.shared().createDatabase("supabase_" + DATABASES.incrementAndGet());
    database.sql(layout(), Map.of("dimension", Integer.toString(dimension)));
    PostgrestServer postgrest =
        PostgrestServer.builder(database.url("authenticator")).maxRows(maxRows).start();
    return new ExistingSupabaseStore(database, postgrest);
  }

  /**
   * The store of this dimension that the tests of this JVM share. It may hold rows of an earlier
   * test: {@link #clear()} it. Don't close it.
   */
  public static ExistingSupabaseStore shared(int dimension) {
    return SharedServers.get(
        "supabase-" + dimension, ExistingSupabaseStore.class, () -> create(dimension));
  }

  /** The address in the form that {@code VectorStores.open} takes. */
  public String url() {
    return postgrest.url();
  }

  /** The key that sees and changes everything ({@code service_role}). */
  public String serviceKey() {
    return postgrest.issuer().tokenFor("service_role");
  }

  /** The public key ({@code anon}): row-level security lets it read, and nothing else. */
  public String anonKey() {
    return postgrest.issuer().tokenFor("anon");
  }

  /** A service key that expired. */
  public String expiredKey() {
    return postgrest.issuer().expiredTokenFor("service_role");
  }

  /** The PostgREST in front. */
  public PostgrestServer postgrest() {
    return postgrest;
  }

  /** The database behind. */
  public PostgresDatabase database() {
    return database;
  }

  /**
   * Runs SQL as the superuser.
   *
   * @return the rows that it printed, a line each, columns separated by {@code |}
   */
  public List<String> sql(String script) {
    return database.sql(script);
  }

  /**
   * Loads rows by COPY, past PostgREST and row-level security.
   *
   * @param table {@code sources}, {@code crawled_pages} or {@code code_examples}
   * @param columns their columns
   * @param rows a list of values a row: {@code null}, {@code float[]} for a vector, JSON text for
   *     metadata, else what {@code toString} gives
   */
  public void load(
      String table, List<String> columns, Stream<? extends List<? extends @Nullable Object>> rows) {
    database.load(table, columns, rows);
  }

  /** Deletes every row and starts the ids at 1 again. */
  public void clear() {
    sql("truncate crawled_pages, code_examples, sources restart identity cascade");
  }

  /** Kills PostgREST; the database goes on. */
  @Override
  public void kill9() {
    postgrest.kill9();
  }

  /** Restarts PostgREST; the database went on. */
  @Override
  public void restart() {
    postgrest.restart();
  }

  @Override
  public String log() {
    return postgrest.log();
  }

  /** Stops PostgREST; the database stays until the JVM ends. */
  @Override
  public void close() {
    postgrest.close();
  }

  private static String layout() {
    try (InputStream script = ExistingSupabaseStore.class.getResourceAsStream(LAYOUT)) {
      if (script == null) {
        throw new IllegalStateException("This module's jar lacks " + LAYOUT + "; build it again");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Can't read " + LAYOUT, e);
    }
  }
}
