package dev.vectorstore.supabase;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Throttled;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a SQLSTATE means: the one table from Postgres' and its driver's codes to errors. What the
 * server says is never repeated, since Postgres quotes values in its messages.
 */
final class SqlRefusal {
  private static final Set<String> SHUTDOWN = Set.of("57P01", "57P02");

  /** The driver's way to say that the server wants a password and there is none, among others. */
  private static final String REJECTED = "08004";

  private final String state;
  private final String place;
  private final boolean password;
  private final Throwable cause;

  /** Poolers tell their own troubles by the state that the driver has for a broken protocol. */
  private final @Nullable String message;

  SqlRefusal(SQLException refused, Connections connections) {
    state = state(refused);
    place = connections.place();
    password = connections.hasPassword();
    cause = withoutText(refused);
    message = serverMessage(refused);
  }

  private static @Nullable String serverMessage(SQLException refused) {
    ServerErrorMessage said =
        refused instanceof PSQLException driver ? driver.getServerErrorMessage() : null;
    return said == null ? null : said.getMessage();
  }

  private static String state(SQLException refused) {
    String state = refused.getSQLState();
    return state == null ? "" : state;
  }

  /** Whether the connection is over. */
  static boolean isBroken(SQLException refused) {
    String state = state(refused);
    return state.isEmpty() || state.startsWith("08") || state.startsWith("57P");
  }

  /**
   * The error.
   *
   * @param sent whether a write was sent, which is in doubt unless the server itself refused it
   */
  VectorStoreException toException(boolean sent) {
    if (state.equals(REJECTED) && !password) {
      return new AccessDenied(
          "the server asks for a password" + said() + "; pass one (PGPASSWORD, or password(...))",
          cause);
    }
    if (state.startsWith("08") || state.isEmpty() || SHUTDOWN.contains(state)) {
      return connection(sent);
    }
    return switch (state.substring(0, 2)) {
      case "28" -> new AccessDenied(denied(), cause);
      case "53" -> exhausted();
      case "40", "55", "57" -> new Unavailable(undone(), cause);
      case "22", "54" ->
          new InvalidRequest("the database refuses a value as it is" + said(), cause);
      case "23" ->
          new InvalidRequest("a constraint of the table refuses what was written" + said(), cause);
      default -> byState();
    };
  }

  private VectorStoreException connection(boolean sent) {
    if (state.equals("08P01") && message != null && message.contains("authentication failed")) {
      return new AccessDenied(
          "the pooler refuses the password" + said() + "; check user and password", cause);
    }
    if (state.equals("08P01") && message == null) {
      return new MalformedResponse(
          "what answers at " + place + " doesn't speak Postgres' protocol; check the port", cause);
    }
    if (sent) {
      return new OutcomeUnknown("the connection to " + place + " broke" + said(), cause);
    }
    boolean refused = state.equals("08001") || state.equals(REJECTED);
    return new Unavailable(
        refused
            ? "no connection to " + place + said() + "; check the address, and that it runs"
            : "the connection to " + place + " broke" + said(),
        cause);
  }

  private String denied() {
    return switch (state) {
      case "28P01" -> "the server refuses the password" + said() + "; check user and password";
      default ->
          "the server lets this user not in"
              + said()
              + "; check the user, and what pg_hba.conf asks for (such as sslmode=require)";
    };
  }

  private VectorStoreException exhausted() {
    return state.equals("53300")
        ? new Throttled(
            "the server has no connection left" + said() + "; use a pooler, or fewer connections",
            null,
            cause)
        : new Unavailable("the server is out of memory or disk" + said(), cause);
  }

  /** Known to be rolled back. */
  private String undone() {
    return switch (state) {
      case "57014" ->
          "the statement ran into its statement_timeout"
              + said()
              + " and was rolled back; ask for smaller pages or batches, give attempts more time"
              + " (CallOptions), or raise the role's (alter role ... set statement_timeout)";
      case "57P03" -> "the server at " + place + " is starting or stopping" + said();
      case "40001", "40P01" ->
          "the statement collided with another and was rolled back" + said() + "; try again";
      default -> "the statement was rolled back" + said() + "; try again";
    };
  }

  private VectorStoreException byState() {
    return switch (state) {
      case "42501" ->
          new AccessDenied(
              "the role may not do this"
                  + said()
                  + ": grant it the schema and the table, or use the role that owns them",
              cause);
      case "42P01" -> new NotFound("there is no such table" + said(), cause);
      case "42703" ->
          new Conflict(
              "a column is gone since the table was described" + said() + "; open the store again",
              cause);
      case "42883", "42704", "3F000" ->
          new UnsupportedFeature(
              "the database lacks pgvector, or a function of ours"
                  + said()
                  + "; run create extension vector, and the script that `vector-store supabase sql`"
                  + " prints");
      case "25006" ->
          new UnsupportedFeature(
              "the server is a replica that is only read" + said() + "; connect to the primary");
      case "3D000" ->
          new InvalidRequest("there is no such database" + said() + "; check the URL's path");
      case "XX000" -> new Unavailable("the server or its pooler failed" + said(), cause);
      default -> new MalformedResponse("the server refused the statement" + said(), cause);
    };
  }

  private String said() {
    return state.isEmpty() ? "" : " (" + state + ")";
  }

  /** The driver's messages repeat the server's, but what lies below them is the network's own. */
  private static Throwable withoutText(SQLException refused) {
    SQLException plain = new SQLException("SQLSTATE " + state(refused), refused.getSQLState());
    @Nullable Throwable below = refused.getCause();
    if (below instanceof IOException network) {
      plain.initCause(network);
    }
    return plain;
  }
}
