package dev.vectorstore.supabase;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;

/**
 * An error that Postgres raised while it ran one of our functions, and what it means: the one table
 * from SQLSTATEs to errors, whatever the transport. Postgres quotes values in its messages, so only
 * those of our own functions are repeated.
 *
 * @param state the SQLSTATE
 * @param message what Postgres says
 */
record SqlFault(String state, String message) {
  static final String INSTALL =
      "install our SQL once: vector-store supabase sql | psql \"$DATABASE_URL\" (or paste it into"
          + " the SQL editor of Supabase); where that is done, PostgREST must serve the schema"
          + " public and read it again (notify pgrst, 'reload schema')";

  /** With which the names of our functions begin. */
  static final String PREFIX = "vector_store_";

  /** With which the messages of our own functions begin; they never hold a value. */
  static final String OURS = "vector_store: ";

  /** What an error of a function means. */
  VectorStoreException toException(Access access) {
    if (state.startsWith("PT")) {
      return ours(message.startsWith(OURS) ? message.substring(OURS.length()) : "refused" + said());
    }
    return switch (state) {
      case "57014" ->
          new Unavailable(
              "the database's statement_timeout ended it, and nothing was written"
                  + said()
                  + "; use smaller batches, or give the key's role more time (alter role ... set"
                  + " statement_timeout)");
      case "40001", "40P01", "55P03" ->
          new Unavailable("another transaction was in the way; nothing was written" + said());
      case "42501" ->
          new AccessDenied(
              "the role may not call the function" + said() + "; use the service_role key");
      case "42703" ->
          new Conflict(
              "a vector or column is gone"
                  + said()
                  + "; ask the store for the collection again, and adopt an adopted table again");
      case "42P01" -> new NotFound("the collection was dropped meanwhile" + said());
      case "42883" ->
          new UnsupportedFeature("the server lacks the function" + said() + "; " + INSTALL);
      default -> byClass(access);
    };
  }

  private VectorStoreException ours(String text) {
    return switch (state) {
      case "PT404" -> new NotFound(text);
      case "PT409" -> new Conflict(text);
      case "PT501" -> new UnsupportedFeature(text);
      default -> new InvalidRequest(text);
    };
  }

  /** An error that Postgres reports has rolled the transaction back, unless the server is dying. */
  private VectorStoreException byClass(Access access) {
    return switch (state.isEmpty() ? "" : state.substring(0, 2)) {
      case "22" -> new InvalidRequest("a value doesn't fit" + said());
      case "23", "P0" ->
          new InvalidRequest("a constraint or trigger of the table refuses it" + said());
      case "53" -> new Unavailable("the database lacks resources" + said());
      case "08", "57", "58", "XX" ->
          access == Access.WRITE
              ? new OutcomeUnknown("the database failed during the write" + said())
              : new Unavailable("the database failed" + said());
      default -> new MalformedResponse("the database refused the call" + said());
    };
  }

  private String said() {
    return " (" + state + ")";
  }
}
