package dev.vectorstore.supabase.postgres;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.supabase.managed.SqlErrors;
import dev.vectorstore.support.Effect;
import dev.vectorstore.support.TlsFault;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What an exception of the driver means: what is wrong with the connection is told here, the rest
 * by {@link SqlErrors}.
 */
public final class ConnectionErrors {
  private static final Set<String> SHUTDOWN = Set.of("57P01", "57P02");

  /** The driver's way to say that the server wants a password and there is none, among others. */
  private static final String REJECTED = "08004";

  private final String state;
  private final String place;
  private final boolean password;
  private final Throwable cause;
  private final @Nullable TlsFault tls;

  /** Poolers tell their own troubles by the state that the driver has for a broken protocol. */
  private final @Nullable String message;

  public ConnectionErrors(SQLException refused, Connections connections) {
    state = state(refused);
    place = connections.place();
    password = connections.hasPassword();
    cause = withoutText(refused);
    tls = PostgresTlsFaults.of(refused);
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
   * @param effect that of a write that was sent, which is in doubt unless the server itself refused
   *     it
   */
  public VectorStoreException toException(Effect effect) {
    if (tls != null) {
      return tls.toException(PostgresTlsFaults.REMEDIES, place, said(), cause);
    }
    if (state.equals(REJECTED) && !password) {
      return new AccessDenied(
          "the server asks for a password" + said() + "; pass one (PGPASSWORD, or password(...))",
          cause);
    }
    if (state.startsWith("08") || state.isEmpty() || SHUTDOWN.contains(state)) {
      return connection(effect);
    }
    return state.startsWith("28")
        ? new AccessDenied(denied(), cause)
        : new SqlErrors(
                state,
                message == null ? "" : message,
                SqlErrors.Source.STATEMENT,
                effect,
                said(),
                cause)
            .toException();
  }

  private VectorStoreException connection(Effect effect) {
    if (state.equals("08P01") && message != null && message.contains("authentication failed")) {
      return new AccessDenied(
          "the pooler refuses the password" + said() + "; check user and password", cause);
    }
    if (state.equals("08P01") && message == null) {
      return new MalformedResponse(
          "what answers at " + place + " doesn't speak Postgres' protocol; check the port", cause);
    }
    if (effect == Effect.WRITE) {
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
