package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VectorStoreExceptionTest {
  static Stream<VectorStoreException> each() {
    Exception cause = new IllegalStateException("cause");
    return Stream.of(
        new VectorStoreException.InvalidRequest("old", cause),
        new VectorStoreException.NotFound("old", cause),
        new VectorStoreException.Conflict("old", cause),
        new VectorStoreException.AccessDenied("old", cause),
        new VectorStoreException.MalformedResponse("old", cause),
        new VectorStoreException.Throttled("old", Duration.ofSeconds(3), cause),
        new VectorStoreException.Unavailable("old", cause),
        new VectorStoreException.OutcomeUnknown("old", cause),
        new VectorStoreException.PartialWrite("old", 5, List.of(), cause));
  }

  @ParameterizedTest
  @MethodSource("each")
  void anotherMessageKeepsAllElse(VectorStoreException error) {
    error.addSuppressed(new IllegalArgumentException("suppressed"));
    VectorStoreException renamed = error.withMessage("new");
    assertThat(renamed)
        .hasSameClassAs(error)
        .hasMessage("new")
        .hasCause(error.getCause())
        .hasRootCauseMessage("cause");
    assertThat(renamed.getStackTrace()).isEqualTo(error.getStackTrace());
    assertThat(renamed.getSuppressed()).isEqualTo(error.getSuppressed());
    assertThat(renamed.isRetryable()).isEqualTo(error.isRetryable());
  }

  /** What a server says back may hold a name as somebody made it. */
  @ParameterizedTest
  @MethodSource("each")
  void aMessageHasNoControlCharacters(VectorStoreException error) {
    assertThat(error.withMessage("a\u001b[31m\r\n\u0085\u202e\u2066 b \uD83D\uDE80 \uD83D"))
        .hasMessage("a\\u001b[31m\\u000d\\u000a\\u0085\\u202e\\u2066 b \uD83D\uDE80 \\ud83d");
  }

  @Test
  void whatTurnsTheDirectionIsEscapedAndItsNeighboursAreNot() {
    String turning = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";
    assertThat(new VectorStoreException.Conflict(turning))
        .hasMessage("\\u202a\\u202b\\u202c\\u202d\\u202e\\u2066\\u2067\\u2068\\u2069");
    assertThat(new VectorStoreException.Conflict("\u202f\u2065\u206a"))
        .hasMessage("\u202f\u2065\u206a");
  }

  @Test
  void aMessageIsEnough() {
    for (VectorStoreException error :
        List.of(
            new VectorStoreException.InvalidRequest("what"),
            new VectorStoreException.NotFound("what"),
            new VectorStoreException.Conflict("what"),
            new VectorStoreException.AccessDenied("what"),
            new VectorStoreException.UnsupportedFeature("what"),
            new VectorStoreException.MalformedResponse("what"),
            new VectorStoreException.Throttled("what"),
            new VectorStoreException.Unavailable("what"),
            new VectorStoreException.OutcomeUnknown("what"))) {
      assertThat(error).hasMessage("what").hasNoCause();
    }
  }

  @Test
  void whatATypeCarriesIsKept() {
    VectorStoreException.Throttled throttled =
        new VectorStoreException.Throttled("old", Duration.ofSeconds(3), null);
    assertThat(((VectorStoreException.Throttled) throttled.withMessage("new")).retryAfter())
        .contains(Duration.ofSeconds(3));
    assertThat(new VectorStoreException.Throttled("old").retryAfter()).isEmpty();
    List<VectorStoreException.PartialWrite.Range> ranges =
        List.of(
            new VectorStoreException.PartialWrite.Range(
                5, 9, VectorStoreException.PartialWrite.Outcome.UNKNOWN));
    VectorStoreException.PartialWrite partial =
        new VectorStoreException.PartialWrite("old", 5, ranges, null);
    VectorStoreException.PartialWrite renamed =
        (VectorStoreException.PartialWrite) partial.withMessage("new");
    assertThat(renamed.acknowledged()).isEqualTo(5);
    assertThat(renamed.inFlight()).isEqualTo(ranges);
    assertThat(new VectorStoreException.UnsupportedFeature("old").withMessage("new"))
        .isInstanceOf(VectorStoreException.UnsupportedFeature.class);
  }

  @Test
  void throttledUnavailableAndUnknownCanBeTriedAgain() {
    assertThat(each().filter(VectorStoreException::isRetryable).map(Object::getClass))
        .containsExactly(
            VectorStoreException.Throttled.class,
            VectorStoreException.Unavailable.class,
            VectorStoreException.OutcomeUnknown.class);
  }
}
