package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Throttled;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.testservers.GatewayAnswer;
import dev.vectorstore.testservers.HttpGateway;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real server behind a gateway that answers pages of HTML in its place, as nginx does. */
@RequiresEngine(TestEngine.QDRANT)
class GatewayTest {
  private static final int FOR_EVER = 1_000;

  private final String name = Bench.freshName();

  /** Of the last call. The gateway is asked more often: descriptions are read beside calls. */
  private final AtomicInteger attempts = new AtomicInteger();

  private HttpGateway gateway;
  private VectorStore store;
  private VectorCollection notes;

  @BeforeEach
  void start() {
    gateway = HttpGateway.to(QdrantServer.shared().grpcPort());
    store = open(20);
    notes = store.ensureCollection(CollectionSpec.builder(name).vectors(2, Metric.COSINE).build());
    write(1);
  }

  @AfterEach
  void stop() {
    gateway.answer(GatewayAnswer.http2(502), 0);
    store.drop(name);
    store.close();
    gateway.close();
  }

  private VectorStore open(int most) {
    Duration once = Duration.ofMillis(1);
    RetryPolicy quick =
        RetryPolicy.builder().attempts(most).readDelays(once, once).writeDelays(once, once).build();
    return Qdrant.at("http://127.0.0.1:" + gateway.port())
        .key(() -> QdrantServer.shared().apiKey().orElse(null))
        .callOptions(CallOptions.builder().retry(quick).build())
        .listener(call -> end -> attempts.set(end.attempts()))
        .open();
  }

  private void write(long id) {
    notes.upsert(VectorRecord.of(RecordId.of(id), new float[] {1, 0}, Payload.empty()));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void readsAndWritesRecoverWithTheServerBehind(int status) {
    gateway.answer(GatewayAnswer.http2(status), 2);
    assertThat(notes.count()).isEqualTo(1);
    assertThat(gateway.answered()).isEqualTo(2);
    gateway.answer(GatewayAnswer.http2(status), 2);
    write(2);
    assertThat(gateway.answered()).isEqualTo(2);
    assertThat(notes.count()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void whileItGoesOnAReadIsUnavailableAndAWriteInDoubt(int status) {
    gateway.answer(GatewayAnswer.http2(status), FOR_EVER);
    assertThatThrownBy(() -> notes.count())
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("HTTP " + status)
        .hasMessageNotContaining("html");
    assertThat(attempts).hasValue(20);
    assertThatThrownBy(() -> write(2))
        .isInstanceOf(OutcomeUnknown.class)
        .hasMessageContaining("HTTP " + status);
    assertThat(attempts).hasValue(20);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void theWaitThatAGatewayAsksForIsKept(int status) {
    gateway.answer(GatewayAnswer.http2(status).retryAfter(1), 1);
    long before = System.nanoTime();
    assertThat(notes.count()).isEqualTo(1);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(990));

    gateway.answer(GatewayAnswer.http2(status).retryAfter(3_600), FOR_EVER);
    assertThatThrownBy(() -> write(2))
        .as("none that outlasts the call is waited for")
        .isInstanceOf(status == 429 ? Throttled.class : OutcomeUnknown.class);
    assertThat(attempts).hasValue(1);
  }

  /** Of an answer of HTTP/1 to a client of HTTP/2 no status is told. */
  @ParameterizedTest
  @ValueSource(ints = {502, 503, 504})
  void whereGrpcWasSpokenBeforeHttp1IsAnAnswerOfAGateway(int status) {
    gateway.answer(GatewayAnswer.http1(status), 2);
    // The connection that was open is answered amid HTTP/2, the next one at its start.
    assertThat(notes.count()).isEqualTo(1);
    assertThat(gateway.answered()).isEqualTo(2);
    gateway.answer(GatewayAnswer.http1(status), FOR_EVER);
    assertThatThrownBy(() -> notes.count())
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("spoke gRPC before and now HTTP/1");
    assertThatThrownBy(() -> write(2)).isInstanceOf(OutcomeUnknown.class);
    gateway.answer(GatewayAnswer.http1(status), 1);
    write(2);
    assertThat(notes.count()).isEqualTo(2);
  }

  @Test
  void whereNoGrpcWasSpokenHttp1IsAnotherPort() {
    gateway.answer(GatewayAnswer.http1(503), FOR_EVER);
    try (VectorStore fresh = open(20)) {
      assertThatThrownBy(fresh::collections)
          .isInstanceOf(MalformedResponse.class)
          .hasMessageContaining("6334");
    }
    assertThat(attempts).hasValue(1);
  }
}
