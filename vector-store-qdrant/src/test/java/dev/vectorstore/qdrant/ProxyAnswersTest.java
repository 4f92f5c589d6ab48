package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.support.Effect;
import io.grpc.Status;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an answer of a proxy before the server means. */
class ProxyAnswersTest {
  /** gRPC gives a proxy's answer as a description, with a code that it has made up for it. */
  @ParameterizedTest
  @CsvSource({
    "500, Unavailable, OutcomeUnknown",
    "502, Unavailable, OutcomeUnknown",
    "503, Unavailable, OutcomeUnknown",
    "504, Unavailable, OutcomeUnknown",
    "429, Throttled, Throttled",
    "499, MalformedResponse, MalformedResponse",
    "404, MalformedResponse, MalformedResponse"
  })
  void aProxysAnswerMeansWhatItsStatusSays(int http, String read, String write) {
    Status status =
        Status.UNAVAILABLE.withDescription(
            "HTTP status code " + http + "\ninvalid content-type: text/html");
    assertThat(GrpcErrors.of(status.asRuntimeException(), Effect.READ, "a:1"))
        .returns(read, error -> error.getClass().getSimpleName());
    assertThat(GrpcErrors.of(status.asRuntimeException(), Effect.WRITE, "a:1"))
        .returns(write, error -> error.getClass().getSimpleName());
  }
}
