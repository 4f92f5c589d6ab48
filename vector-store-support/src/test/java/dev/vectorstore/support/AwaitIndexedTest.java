package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a wait for the index lasts. */
class AwaitIndexedTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final ListEngine engine = new ListEngine();
  private final VectorStore store =
      EngineStore.open(
          engine, CallOptions.builder().retry(RetryPolicy.none()).build(), CallListener.NONE);
  private final VectorCollection pages = store.collection("pages");

  @AfterEach
  void close() {
    store.close();
  }

  private List<String> asked() {
    return engine.requests.stream().filter("indexed"::equals).toList();
  }

  @Test
  void theEngineIsAskedUntilEverythingIsIndexed() {
    engine.indexed = attempt -> asked().size() == 3;

    assertThat(pages.awaitIndexed(LONG)).isTrue();
    assertThat(asked()).hasSize(3);
  }

  @Test
  void theWaitEndsWithItsTime() {
    engine.indexed = attempt -> false;

    assertThat(pages.awaitIndexed(Duration.ofMillis(20))).isFalse();
    assertThat(asked()).isNotEmpty();
  }

  @Test
  void withoutTimeNothingIsAsked() {
    assertThat(pages.awaitIndexed(Duration.ZERO)).isFalse();
    assertThat(asked()).isEmpty();
  }

  @Test
  void noQuestionLastsLongerThanTheWait() {
    List<Duration> times = new ArrayList<>();
    engine.indexed = attempt -> times.add(attempt.remaining());

    assertThat(pages.awaitIndexed(Duration.ofSeconds(1))).isTrue();

    assertThat(times).hasSize(1);
    assertThat(times.get(0)).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aQuestionOfALongWaitHasTheTimeOfARead() {
    List<Duration> times = new ArrayList<>();
    engine.indexed = attempt -> times.add(attempt.remaining());
    CallOptions hurried = CallOptions.builder().readTimeout(Duration.ofSeconds(2)).build();

    assertThat(pages.with(hurried).awaitIndexed(LONG)).isTrue();

    assertThat(times.get(0)).isLessThanOrEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void anInterruptEndsTheWaitAndKeepsTheFlag() {
    engine.indexed =
        attempt -> {
          Thread.currentThread().interrupt();
          return false;
        };
    try {
      assertThatThrownBy(() -> pages.awaitIndexed(LONG))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("interrupted while waiting");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
