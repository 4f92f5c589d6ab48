package dev.vectorstore.supabase.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.support.Effect;
import dev.vectorstore.support.KeySource;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the states of SQL mean to a caller, none of which shows what the statement held. */
class ConnectionErrorsTest {
  @ParameterizedTest
  @CsvSource({
    "08001, false, Unavailable",
    "08006, false, Unavailable",
    "08006, true, OutcomeUnknown",
    "08P01, true, MalformedResponse",
    "57P01, true, OutcomeUnknown",
    "57P01, false, Unavailable",
    "57P03, true, Unavailable",
    "57014, true, Unavailable",
    "40P01, true, Unavailable",
    "40001, true, Unavailable",
    "55P03, true, Unavailable",
    "53300, true, Throttled",
    "53100, true, Unavailable",
    "28P01, false, AccessDenied",
    "28000, false, AccessDenied",
    "42501, true, AccessDenied",
    "42P01, true, NotFound",
    "42703, true, Conflict",
    "42883, true, UnsupportedFeature",
    "3F000, true, UnsupportedFeature",
    "25006, true, UnsupportedFeature",
    "22000, true, InvalidRequest",
    "23505, true, InvalidRequest",
    "54000, true, InvalidRequest",
    "0A000, true, UnsupportedFeature",
    "40003, true, OutcomeUnknown",
    "XX000, true, OutcomeUnknown",
    "XX000, false, Unavailable",
    "42601, true, MalformedResponse",
    ", true, OutcomeUnknown",
  })
  void eachStateHasOneMeaning(String state, boolean sent, String type) {
    var refused = new SQLException("the value secret is wrong", state);
    try (PostgresPool pool =
        new PostgresPool(
            PostgresAddress.of("postgresql://me@host/db"),
            new KeySource("password", () -> null),
            false,
            PoolLimits.USUAL)) {
      VectorStoreException error =
          new ConnectionErrors(refused, pool).toException(sent ? Effect.WRITE : Effect.READ);

      assertThat(error.getClass().getSimpleName()).isEqualTo(type);
      assertThat(error).hasMessageNotContaining("secret");
      if (error.getCause() != null) {
        assertThat(error.getCause()).hasMessageNotContaining("secret");
      }
    }
  }
}
