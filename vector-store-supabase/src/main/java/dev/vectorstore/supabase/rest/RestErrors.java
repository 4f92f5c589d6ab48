package dev.vectorstore.supabase.rest;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.Throttled;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.supabase.managed.ServerFunction;
import dev.vectorstore.supabase.managed.SqlErrors;
import dev.vectorstore.supabase.tables.DimensionMismatch;
import dev.vectorstore.supabase.tables.RequestTooLarge;
import dev.vectorstore.support.AskedToWait;
import dev.vectorstore.support.Effect;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An answer of PostgREST that isn't a success, and what it means: the one table from its statuses
 * and its own codes to errors. SQLSTATEs are those of {@link SqlErrors}. What the server says is
 * never repeated as it is, since Postgres quotes values in its messages.
 *
 * @param status of HTTP
 * @param code a SQLSTATE or one of PostgREST's own, empty if the body has none
 * @param message of the server, to tell apart what has one code
 * @param retryAfter what the server asks for, if it does
 */
record RestErrors(int status, String code, String message, @Nullable Duration retryAfter) {
  /** A schema that PostgREST doesn't serve was asked for. */
  static final String NOT_SERVED = "PGRST106";

  /** How a key is given. */
  static final String KEY =
      "StoreOptions.key(...), or SUPABASE_KEY by StoreOptions.fromEnvironment()";

  /** PostgREST got no connection to its database, so that nothing was run. */
  private static final Set<String> NEVER_RAN = Set.of("PGRST000", "PGRST002", "PGRST003");

  private static final Pattern SQLSTATE = Pattern.compile("[0-9A-Z]{5}");

  VectorStoreException toException(SqlErrors.Source source, Effect effect) {
    if (code.equals("22000") && DimensionMismatch.in(message).isPresent()) {
      DimensionMismatch mismatch = DimensionMismatch.in(message).get();
      return new InvalidRequest(mismatch.advice() + said(), mismatch);
    }
    if (source == SqlErrors.Source.REST && code.equals("54000")) {
      return new InvalidRequest(
          "the answer passes a limit of Postgres, the gigabyte of a value among others"
              + said()
              + "; ask for less at once",
          new RequestTooLarge());
    }
    if (source == SqlErrors.Source.REST && code.equals("42883")) {
      return noFunction(effect);
    }
    if (SQLSTATE.matcher(code).matches()) {
      return ofState(code, source, effect);
    }
    if (status == 401 || status == 403) {
      return new AccessDenied(denied());
    }
    if (status == 429) {
      return new Throttled("the server asks to come back later (429)", retryAfter, null);
    }
    if (status == 413) {
      return new InvalidRequest(
          "the server takes no request of this size (413); write smaller batches",
          new RequestTooLarge());
    }
    if (status >= 500) {
      Throwable wait = AskedToWait.around(retryAfter, null);
      return NEVER_RAN.contains(code)
          ? new Unavailable(unavailable(), wait)
          : effect.lost(unavailable(), wait);
    }
    return byCode(effect);
  }

  private VectorStoreException ofState(String state, SqlErrors.Source source, Effect effect) {
    if (status == 401 && state.equals("42501")) {
      return new AccessDenied(
          "the server took this for a request without a key, or with the public one, whose role may"
              + " not do it"
              + said()
              + "; give the service_role key by "
              + KEY
              + " (a key that is no token of this server counts as none)");
    }
    return new SqlErrors(state, message, source, effect, said(), null).toException();
  }

  private String denied() {
    if (message.contains("expired")) {
      return "the key has expired" + said() + "; make a new one";
    }
    if (code.equals("PGRST302")) {
      return "the server takes no requests without a key" + said() + "; give one by " + KEY;
    }
    if (code.startsWith("PGRST3")) {
      return "the key isn't one of this server" + said() + "; check that it is of this project";
    }
    return "the server refuses the key, or that there is none"
        + said()
        + "; check the key, which is given by "
        + KEY;
  }

  private String unavailable() {
    return switch (code) {
      case "PGRST000", "PGRST001", "PGRST002" ->
          "PostgREST has no connection to its database" + said() + "; try again";
      case "PGRST003" -> "PostgREST waited too long for a connection to its database" + said();
      default ->
          status == 540
              ? "the Supabase project is paused (540); restore it in its dashboard"
              : "the server failed" + said();
    };
  }

  /** What PostgREST finds out by itself means what Postgres would say by a state. */
  private VectorStoreException byCode(Effect effect) {
    return switch (code) {
      case "PGRST202" -> noFunction(effect);
      case "PGRST204" -> ofState("42703", SqlErrors.Source.REST, effect);
      case "PGRST205" -> ofState("42P01", SqlErrors.Source.REST, effect);
      case NOT_SERVED ->
          new UnsupportedFeature(
              "PostgREST doesn't serve the schema that was asked for, the table's or, for our"
                  + " functions, public"
                  + said()
                  + "; add it to its db-schemas");
      case "PGRST203" ->
          new UnsupportedFeature(
              "the search function exists in several versions, and PostgREST can't choose; drop"
                  + " all but one"
                  + said());
      case "PGRST100" -> new InvalidRequest("PostgREST can't parse the filter" + said());
      default -> new MalformedResponse(malformed());
    };
  }

  private VectorStoreException noFunction(Effect effect) {
    return message.contains(ServerFunction.PREFIX)
        ? ofState("42883", SqlErrors.Source.FUNCTION, effect)
        : new NotFound(
            "PostgREST knows no such function"
                + said()
                + "; if it was made or changed just now, reload the schema"
                + " (notify pgrst, 'reload schema')");
  }

  private String malformed() {
    if (!code.isEmpty()) {
      return "the server refused the request" + said();
    }
    return status == 404
        ? "there is no PostgREST at this URL"
            + said()
            + "; a Supabase project is opened as supabase:https://..., which adds /rest/v1"
        : "the server doesn't answer as PostgREST does" + said() + "; check the URL";
  }

  private String said() {
    return " (" + status + (code.isEmpty() ? "" : ", " + code) + ")";
  }
}
