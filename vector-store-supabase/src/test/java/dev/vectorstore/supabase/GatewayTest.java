package dev.vectorstore.supabase;

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
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Throttled;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.testservers.GatewayAnswer;
import dev.vectorstore.testservers.HttpGateway;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real PostgREST behind a gateway that answers pages of HTML in its place, as nginx does. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayTest {
  private static final int FOR_EVER = 1_000;
  private static final Duration ONCE = Duration.ofMillis(1);

  private ManagedServer server;
  private HttpGateway gateway;
  private VectorStore store;
  private VectorCollection notes;

  @BeforeAll
  void start() {
    server = ManagedServer.start();
    gateway = HttpGateway.to(server.postgrest().port());
    store =
        Supabase.postgrest("http://127.0.0.1:" + gateway.port())
            .key(server::serviceKey)
            .callOptions(
                CallOptions.builder()
                    .retry(
                        RetryPolicy.builder()
                            .attempts(5)
                            .readDelays(ONCE, ONCE)
                            .writeDelays(ONCE, ONCE)
                            .build())
                    .build())
            .open();
    notes =
        store.ensureCollection(CollectionSpec.builder("notes").vectors(2, Metric.COSINE).build());
  }

  @AfterAll
  void stop() {
    store.close();
    gateway.close();
    server.close();
  }

  @BeforeEach
  void onlyOneIsThere() {
    gateway.answer(GatewayAnswer.http1(502), 0);
    notes.deleteAll();
    write(1);
  }

  private void write(long id) {
    notes.upsert(VectorRecord.of(RecordId.of(id), new float[] {1, 0}, Payload.empty()));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void readsAndWritesRecoverWithTheServerBehind(int status) {
    gateway.answer(GatewayAnswer.http1(status), 2);
    assertThat(notes.count()).isEqualTo(1);
    assertThat(gateway.answered()).isEqualTo(2);
    gateway.answer(GatewayAnswer.http1(status), 2);
    write(2);
    assertThat(gateway.answered()).isEqualTo(2);
    assertThat(notes.count()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void whileItGoesOnAReadIsUnavailableAndAWriteInDoubt(int status) {
    gateway.answer(GatewayAnswer.http1(status), FOR_EVER);
    assertThatThrownBy(() -> notes.count())
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("(" + status + ")");
    assertThat(gateway.answered()).isEqualTo(5);
    assertThatThrownBy(() -> write(2))
        .isInstanceOf(OutcomeUnknown.class)
        .hasMessageContaining("(" + status + ")");
    assertThat(gateway.answered()).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void theWaitThatAGatewayAsksForIsKept(int status) {
    gateway.answer(GatewayAnswer.http1(status).retryAfter(1), 1);
    long before = System.nanoTime();
    assertThat(notes.count()).isEqualTo(1);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(990));

    gateway.answer(GatewayAnswer.http1(status).retryAfter(3_600), FOR_EVER);
    assertThatThrownBy(() -> write(2))
        .as("none that outlasts the call is waited for")
        .isInstanceOf(status == 429 ? Throttled.class : OutcomeUnknown.class);
    assertThat(gateway.answered()).isEqualTo(1);
  }
}
