package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.Throttled;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {
  @ParameterizedTest
  @CsvSource({
    "401, PGRST301, JWT expired, AccessDenied, has expired",
    "401, PGRST301, JWSError JWSInvalidSignature, AccessDenied, isn't one of this server",
    "401, PGRST302, Anonymous access is disabled, AccessDenied, pass one",
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
    "502, '', Bad Gateway, Unavailable, failed",
    "500, XX000, internal, Unavailable, failed",
  })
  void aStatusAndACodeMeanAnError(
      int status, String code, String message, String type, String says) {
    VectorStoreException error = new Refusal(status, code, message, null).toException();

    assertThat(error.getClass()).isEqualTo(type(type));
    assertThat(error).hasMessageContaining(says);
    assertThat(error.isRetryable()).isEqualTo(status == 429 || status >= 500);
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
      default -> throw new IllegalArgumentException(name);
    };
  }

  @Test
  void whatTheServerSaysIsNotRepeated() {
    VectorStoreException error =
        new Refusal(400, "22P02", "invalid input syntax for type uuid: \"secret\"", null)
            .toException();

    assertThat(error.getMessage()).doesNotContain("secret");
  }

  @Test
  void theServersPauseIsKept() {
    VectorStoreException error = new Refusal(429, "", "", Duration.ofSeconds(7)).toException();

    assertThat(((Throttled) error).retryAfter()).contains(Duration.ofSeconds(7));
  }
}
