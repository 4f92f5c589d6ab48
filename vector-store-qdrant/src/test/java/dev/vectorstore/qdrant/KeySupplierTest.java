package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Finding 7 of issue 15: a supplier of the key that throws, or takes long. */
@RequiresEngine(TestEngine.QDRANT)
@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
class KeySupplierTest extends OneCollection {
  private static final SearchRequest SEARCH = SearchRequest.nearest(1, 0);
  private static final VectorRecord RECORD =
      VectorRecord.of(RecordId.of(1), Embedding.of(1, 0), Payload.empty());
  private static final Duration CALL = Duration.ofMillis(600);

  private final CountDownLatch never = new CountDownLatch(1);

  @BeforeEach
  void make() {
    bench.store().ensureCollection(CollectionSpec.builder(name).vectors(2, Metric.DOT).build());
  }

  @AfterEach
  void letGo() {
    never.countDown();
  }

  private VectorStore open(Supplier<? extends @Nullable String> key) {
    return Qdrant.at(QdrantServer.shared().url().substring("qdrant:".length()))
        .callOptions(
            CallOptions.builder()
                .readTimeout(CALL)
                .writeTimeout(CALL)
                .attemptTimeout(CALL)
                .retry(RetryPolicy.none())
                .build())
        .key(key)
        .open();
  }

  private String hang() {
    try {
      never.await();
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    }
    return "late";
  }

  /** Whatever interrupts it. */
  private String hangDeaf() {
    String answer = hang();
    while (Thread.interrupted()) {
      answer = hang();
    }
    return answer;
  }

  @Test
  void whatItThrowsIsTheCauseOfAnErrorThatNamesTheSupplier() {
    IllegalStateException down = new IllegalStateException("the vault is down");
    AtomicBoolean works = new AtomicBoolean();
    Supplier<@Nullable String> key =
        () -> {
          if (works.get()) {
            return QdrantServer.shared().apiKey().orElse(null);
          }
          throw down;
        };
    try (VectorStore store = open(key)) {
      assertThatThrownBy(() -> store.collection(name).search(SEARCH))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("the supplier of the API key threw an exception")
          .hasCause(down);
      assertThatThrownBy(() -> store.collection(name).upsert(RECORD))
          .isInstanceOf(InvalidRequest.class)
          .hasCause(down);
      works.set(true);
      store.collection(name).upsert(RECORD);
      assertThat(store.collection(name).search(SEARCH)).hasSize(1);
    }
  }

  @Test
  void anErrorOfItPassesAsItIs() {
    NoClassDefFoundError error = new NoClassDefFoundError("the vault's client");
    try (VectorStore store =
        open(
            () -> {
              throw error;
            })) {
      assertThatThrownBy(() -> store.collections()).isSameAs(error);
    }
  }

  @Test
  void oneThatHangsIsToldWithinTheDeadlineOfTheCall() {
    AtomicBoolean hangs = new AtomicBoolean();
    try (VectorStore store =
        open(() -> hangs.get() ? hangDeaf() : QdrantServer.shared().apiKey().orElse(null))) {
      assertThat(store.collection(name).search(SEARCH)).isEmpty();
      hangs.set(true);
      long began = System.nanoTime();
      assertThatThrownBy(() -> store.collection(name).search(SEARCH))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("the supplier of the API key didn't answer within");
      assertThatThrownBy(() -> store.collection(name).upsert(RECORD))
          .as("nothing is in doubt")
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("the supplier of the API key");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(CALL.multipliedBy(5));
      hangs.set(false);
      assertThat(store.collection(name).search(SEARCH)).isEmpty();
    }
  }

  @Test
  void oneThatHangsBlocksNeitherOtherStoresNorItsOwnEnd() {
    VectorStore store = open(this::hangDeaf);
    assertThatThrownBy(() -> store.collections()).isInstanceOf(Unavailable.class);
    try (VectorStore other = open(() -> QdrantServer.shared().apiKey().orElse(null))) {
      assertThat(other.collection(name).search(SEARCH)).isEmpty();
    }
    long began = System.nanoTime();
    store.close();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
  }

  /** Opening asks for the key only where the address isn't safe for one. */
  @Test
  void oneThatHangsDoesNotHoldUpTheOpening() {
    assertThatThrownBy(
            () ->
                Qdrant.at("http://192.0.2.1:6334")
                    .callOptions(CallOptions.builder().attemptTimeout(CALL).build())
                    .key(this::hangDeaf)
                    .open())
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("the supplier of the API key didn't answer within 600 ms");
  }
}
