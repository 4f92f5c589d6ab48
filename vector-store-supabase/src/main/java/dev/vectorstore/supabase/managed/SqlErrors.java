package dev.vectorstore.supabase.managed;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.Throttled;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.support.Effect;
import org.jspecify.annotations.Nullable;

/**
 * What a SQLSTATE means: the one table from the codes of Postgres to errors, over every transport.
 * A statement that Postgres refuses is rolled back, unless the server itself fails. Postgres quotes
 * values in its messages, so only those of our own functions are repeated.
 *
 * @param state the SQLSTATE
 * @param message what Postgres says
 * @param source what was run
 * @param effect what it may have done if the server failed meanwhile
 * @param said the codes, as they are shown
 * @param cause what brought it, or null
 */
public record SqlErrors(
    String state,
    String message,
    Source source,
    Effect effect,
    String said,
    @Nullable Throwable cause) {
  /** In the names of all that is ours. */
  private static final String OUR_SCHEMA = "vector_store";

  /** With which the messages of our own functions begin; they never hold a value. */
  private static final String OURS = "vector_store: ";

  /** What was run, on which depends what a user can do. */
  public enum Source {
    /** One of our own functions. */
    FUNCTION(
        "the role may not call the function, or has no right on the adopted table or its schema%s;"
            + " over PostgREST use the service_role key, over a connection let our SQL be run again"
            + " with set vector_store.role = '...' for this role, or grant it the table",
        "the collection was dropped meanwhile, or a trigger of its table names one that isn't"
            + " there%s",
        "a vector or column is gone, or a trigger of the table names one that isn't there%s; ask the"
            + " store for the collection again, and adopt an adopted table again",
        "use smaller batches, or give the key's role more time (alter role ... set"
            + " statement_timeout)"),
    /** A table or a function of others, over PostgREST. */
    REST(
        "the key's role may not do this%s: use the service_role key, or grant it the table or"
            + " function and a row-level security policy",
        "there is no such table in what PostgREST serves%s",
        "a column is gone since the table was described%s; open the store again, and adopt an"
            + " adopted table again",
        "ask for smaller pages, use a key whose role has more time, or raise it (alter role ... set"
            + " statement_timeout)"),
    /** A statement over a connection of our own. */
    STATEMENT(
        "the role may not do this%s: grant it the schema and the table, or use the role that owns"
            + " them",
        "there is no such table%s",
        "a column is gone since the table was described%s; open the store again",
        "ask for smaller pages or batches, give attempts more time (CallOptions), or raise the"
            + " role's (alter role ... set statement_timeout)");

    private final String denied;
    private final String noTable;
    private final String noColumn;
    private final String moreTime;

    Source(String denied, String noTable, String noColumn, String moreTime) {
      this.denied = denied;
      this.noTable = noTable;
      this.noColumn = noColumn;
      this.moreTime = moreTime;
    }
  }

  public VectorStoreException toException() {
    return state.startsWith("PT") ? ofOurs() : byState();
  }

  /** What our functions raise, unless a trigger does in their name. */
  private VectorStoreException ofOurs() {
    String text =
        message.startsWith(OURS) ? message.substring(OURS.length()) : "the call was refused" + said;
    return switch (state) {
      case "PT403" -> new AccessDenied(text);
      case "PT404" -> new NotFound(text);
      case "PT409" -> new Conflict(text);
      case "PT501" -> new UnsupportedFeature(text);
      default -> new InvalidRequest(text);
    };
  }

  private VectorStoreException byState() {
    if (state.equals("25006") || isStandby()) {
      return new UnsupportedFeature(
          "the server, or the role's session, is only read" + said + "; connect to the primary");
    }
    if (isOfDropped()) {
      return new NotFound(source.noTable.formatted(said), cause);
    }
    return switch (state) {
      case "3D000" ->
          new InvalidRequest("there is no such database" + said + "; check the URL's path", cause);
      case "40003" -> failed();
      case "42501" -> new AccessDenied(source.denied.formatted(said), cause);
      case "42702" ->
          new UnsupportedFeature(
              "a function of the database names a column that could be one of two"
                  + said
                  + "; it is the function's own fault: write the table's name before the column's");
      case "42703" -> new Conflict(source.noColumn.formatted(said), cause);
      case "42883", "42704", "3F000" -> lacking();
      case "42P01" -> new NotFound(source.noTable.formatted(said), cause);
      case "53300" ->
          new Throttled(
              "the server has no connection left" + said + "; use a pooler, or fewer connections",
              null,
              cause);
      case "57014" ->
          new Unavailable(
              "the statement ran into its statement_timeout"
                  + said
                  + " and was rolled back, nothing was written; "
                  + source.moreTime,
              cause);
      case "57P03" -> new Unavailable("the server is starting or stopping" + said, cause);
      default -> byClass();
    };
  }

  /** What PostgREST is told, which begins a transaction that writes before it calls. */
  private boolean isStandby() {
    return state.equals("0A000") && message.contains("during recovery");
  }

  /** What a statement is told that waited for a drop, and so had looked the table up before. */
  private boolean isOfDropped() {
    return state.equals("XX000")
        && (message.startsWith("could not open relation with OID")
            || message.startsWith("cache lookup failed for relation"));
  }

  private VectorStoreException byClass() {
    return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
      case "0A" ->
          new UnsupportedFeature(
              "the server can't do this with the table" + said + "; adopt or open another one");
      case "22" ->
          new InvalidRequest(
              "the database refuses a value, or the vector: it doesn't fit its type" + said, cause);
      case "23", "44", "P0" ->
          new InvalidRequest("a constraint or trigger of the table refuses it" + said, cause);
      case "28" -> new AccessDenied("the server lets this role not in" + said, cause);
      case "40", "55" ->
          new Unavailable(
              "another transaction was in the way; nothing was written" + said + "; try again",
              cause);
      case "53" ->
          new Unavailable("the server is out of memory or disk; nothing was written" + said, cause);
      case "54" ->
          new InvalidRequest(
              "the request passes a limit of Postgres: a value that is too long for an index of the"
                  + " table, or a filter of too many parts"
                  + said
                  + "; shorten it",
              cause);
      case "08", "57", "58", "XX" -> failed();
      default -> new MalformedResponse("the server refused the statement" + said, cause);
    };
  }

  private VectorStoreException lacking() {
    if (source == Source.FUNCTION && state.equals("42883") && message.contains(OUR_SCHEMA)) {
      return new UnsupportedFeature(
          "the server lacks the function" + said + "; " + ServerFunction.INSTALL);
    }
    return source == Source.FUNCTION
        ? new UnsupportedFeature(
            "the database lacks a schema, type, role or function that the collection, or a trigger"
                + " of its table, refers to"
                + said
                + "; make it again, or run the script that `vector-store supabase sql` prints")
        : new UnsupportedFeature(
            "the database lacks pgvector, or a function of ours"
                + said
                + "; run create extension vector, and the script that `vector-store supabase sql`"
                + " prints");
  }

  /** Whether it was rolled back isn't known. */
  private VectorStoreException failed() {
    String during = effect == Effect.WRITE ? " during the write" : "";
    return effect.lost("the database failed" + during + said, cause);
  }
}
