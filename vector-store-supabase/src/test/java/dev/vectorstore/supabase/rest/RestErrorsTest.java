package dev.vectorstore.supabase.rest;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.vectorstore.supabase.managed.SqlErrors;
import dev.vectorstore.support.Effect;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestErrorsTest {
  @ParameterizedTest
  @CsvSource({
    "401, PGRST301, JWT expired, AccessDenied, has expired",
    "401, PGRST301, JWSError JWSInvalidSignature, AccessDenied, isn't one of this server",
    "401, PGRST302, Anonymous access is disabled, AccessDenied, StoreOptions",
    "401, 42501, permission denied for table x, AccessDenied, service_role",
    "403, 42501, permission denied for table x, AccessDenied, row-level security",
    "401, '', No API key found in request, AccessDenied, check the key",
    "404, 42P01, relation does not exist, NotFound, no such table",
    "404, PGRST205, Could not find the table, NotFound, no such table",
    "404, PGRST202, Could not find the function, NotFound, reload schema",
    "404, 42883, function does not exist, NotFound, function",
    "404, '', nothing here, MalformedResponse, supabase:https",
    "400, 42703, column does not exist, Conflict, column is gone",
    "400, 22P02, invalid input syntax, InvalidRequest, type",
    "400, 22000, different vector dimensions, InvalidRequest, vector",
    "400, PGRST100, failed to parse, InvalidRequest, parse",
    "300, PGRST203, could not choose, UnsupportedFeature, drop all but one",
    "400, 12345, whatever, MalformedResponse, refused",
    "301, '', '', MalformedResponse, check the URL",
    "429, '', slow down, Throttled, later",
    "500, 57014, canceling statement due to statement timeout, Unavailable, statement_timeout",
    "503, PGRST000, Could not connect, Unavailable, no connection to its database",
    "503, PGRST001, no connection, Unavailable, no connection to its database",
    "504, PGRST003, Timed out acquiring connection, Unavailable, waited too long",
    "540, '', paused, Unavailable, paused",
    "502, '', Bad RestClient, Unavailable, failed",
    "500, XX000, internal, Unavailable, failed",
    "500, XX000, could not open relation with OID 16999, NotFound, no such table",
    "413, 54000, out of memory, InvalidRequest, ask for less at once",
  })
  void aStatusAndACodeMeanAnError(
      int status, String code, String message, String type, String says) {
    VectorStoreException error =
        new RestErrors(status, code, message, null).toException(SqlErrors.Source.REST, Effect.READ);

    assertThat(error.getClass()).isEqualTo(type(type));
    assertThat(error).hasMessageContaining(says);
    assertThat(error.isRetryable()).isEqualTo(type.matches("Throttled|Unavailable"));
  }

  @ParameterizedTest
  @CsvSource({
    "500, 57014, canceling statement, Unavailable, nothing was written",
    "500, 40P01, deadlock detected, Unavailable, nothing was written",
    "500, 40001, could not serialize, Unavailable, nothing was written",
    "503, PGRST000, Could not connect, Unavailable, no connection",
    "504, PGRST003, Timed out acquiring connection, Unavailable, waited too long",
    "503, PGRST001, no connection, OutcomeUnknown, no connection",
    "502, '', Bad RestClient, OutcomeUnknown, failed",
    "500, XX000, internal, OutcomeUnknown, failed",
    "500, 57P01, terminating connection, OutcomeUnknown, failed",
    "500, 53200, out of memory, Unavailable, out of memory or disk",
    "413, '', too large, InvalidRequest, smaller batches",
    "429, '', slow down, Throttled, later",
    "401, PGRST301, JWT expired, AccessDenied, has expired",
    "403, 42501, permission denied for function x, AccessDenied, service_role",
    "404, PGRST202, Could not find the function public.vector_store_write, UnsupportedFeature, psql",
    "406, PGRST106, The schema must be one of: api, UnsupportedFeature, db-schemas",
    "404, PT404, vector_store: there is none, NotFound, there is none",
    "409, PT409, vector_store: it was changed, Conflict, it was changed",
    "400, PT400, vector_store: it is empty, InvalidRequest, it is empty",
    "501, PT501, vector_store: not here, UnsupportedFeature, not here",
    "409, 23505, duplicate key value, InvalidRequest, constraint",
    "400, 22P02, invalid input syntax, InvalidRequest, fit",
    "400, P0001, a trigger says no, InvalidRequest, trigger",
    "400, 0A000, cannot set transaction read-write mode during recovery, UnsupportedFeature, primary",
    "400, 0A000, cannot insert into a view, UnsupportedFeature, with the table",
    "404, 42P01, relation does not exist, NotFound, dropped meanwhile",
  })
  void aRefusedWriteSaysWhetherItCanHaveHappened(
      int status, String code, String message, String type, String says) {
    VectorStoreException error =
        new RestErrors(status, code, message, null)
            .toException(SqlErrors.Source.FUNCTION, Effect.WRITE);

    assertThat(error.getClass()).isEqualTo(type(type));
    assertThat(error).hasMessageContaining(says);
  }

  @Test
  void whatATriggerSaysInOurNameIsNotRepeated() {
    VectorStoreException error =
        new RestErrors(409, "PT409", "a secret of a row", null)
            .toException(SqlErrors.Source.FUNCTION, Effect.WRITE);

    assertThat(error.getMessage()).doesNotContain("secret");
  }

  private static Class<?> type(String name) {
    return switch (name) {
      case "AccessDenied" -> AccessDenied.class;
      case "NotFound" -> NotFound.class;
      case "Conflict" -> Conflict.class;
      case "InvalidRequest" -> InvalidRequest.class;
      case "UnsupportedFeature" -> UnsupportedFeature.class;
      case "MalformedResponse" -> MalformedResponse.class;
      case "Throttled" -> Throttled.class;
      case "Unavailable" -> Unavailable.class;
      case "OutcomeUnknown" -> OutcomeUnknown.class;
      default -> throw new IllegalArgumentException(name);
    };
  }

  @Test
  void whatTheServerSaysIsNotRepeated() {
    VectorStoreException error =
        new RestErrors(400, "22P02", "invalid input syntax for type uuid: \"secret\"", null)
            .toException(SqlErrors.Source.REST, Effect.READ);

    assertThat(error.getMessage()).doesNotContain("secret");
  }

  @Test
  void theServersPauseIsKept() {
    VectorStoreException error =
        new RestErrors(429, "", "", Duration.ofSeconds(7))
            .toException(SqlErrors.Source.REST, Effect.READ);

    assertThat(((Throttled) error).retryAfter()).contains(Duration.ofSeconds(7));
  }
}
