package dev.vectorstore.supabase.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import org.jspecify.annotations.Nullable;

/**
 * Thrown where PostgREST doesn't show its description of tables and functions, though it answers
 * other requests. What doesn't need it goes on without it.
 */
final class ClosedRoot extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String CURE =
      "; without that, nothing says which columns and key a table has: adopt it (vector-store"
          + " supabase adopt), read it over a connection (postgresql://...), or ";

  /** How it is closed, and what opens it. */
  private enum How {
    DISABLED(
        "PostgREST is told not to describe its tables and functions (openapi-mode=disabled)",
        "set openapi-mode to follow-privileges (alter role authenticator set pgrst.openapi_mode ="
            + " 'follow-privileges'; notify pgrst, 'reload config')"),
    REPLACED(
        "a function of the database takes the place of PostgREST's description of tables and"
            + " functions (db-root-spec)",
        "take that setting away"),
    FORBIDDEN(
        "the server refuses this key PostgREST's description of tables and functions, which"
            + " Supabase shows to secret keys only",
        "use the service_role key or a secret one");

    private final String reason;
    private final String cure;

    How(String reason, String cure) {
      this.reason = reason;
      this.cure = cure;
    }
  }

  private final How how;
  private final String said;

  private ClosedRoot(How how, String said) {
    super(how.reason, null, false, false);
    this.how = how;
    this.said = said;
  }

  /** What a refusal of the description means; null where the fault is another one. */
  static @Nullable ClosedRoot of(int status, JsonNode refusal) {
    String code = refusal.path("code").asText();
    String said = " (" + status + (code.isEmpty() ? "" : ", " + code) + ")";
    if (code.equals("PGRST126") || (status == 404 && refusal.isObject() && refusal.isEmpty())) {
      return new ClosedRoot(How.DISABLED, said);
    }
    if (code.equals("PGRST107")) {
      return new ClosedRoot(How.REPLACED, said);
    }
    // PostgREST itself says by its codes that a key is wrong; a gateway hides the description.
    boolean hidden = (status == 401 || status == 403) && !code.startsWith("PGRST3");
    return hidden ? new ClosedRoot(How.FORBIDDEN, said) : null;
  }

  /** Whether it may be the key that is wrong. */
  boolean isDenied() {
    return how == How.FORBIDDEN;
  }

  VectorStoreException toException() {
    String message = how.reason + said + CURE + how.cure;
    return isDenied() ? new AccessDenied(message) : new UnsupportedFeature(message);
  }
}
