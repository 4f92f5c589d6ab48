package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Indexing is put off while a body loads, and taken up again whatever happens. */
class BulkLoadIndexingTest {
  private final ListEngine engine = new ListEngine();
  private final VectorStore store =
      EngineStore.open(
          engine, CallOptions.builder().retry(RetryPolicy.none()).build(), CallListener.NONE);
  private final VectorCollection pages = store.collection("pages");

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void indexingIsTakenUpAgainAlsoWhenTheBodyIsInterrupted() {
    try {
      pages.bulkLoad(bulk -> Thread.currentThread().interrupt());
      assertThat(engine.requests).endsWith("beginBulk", "endBulk");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void indexingIsTakenUpAgainWhenItIsInDoubtWhetherItWasPutOff() {
    OutcomeUnknown lost = new OutcomeUnknown("answer lost");
    engine.onBeginBulk =
        () -> {
          throw lost;
        };

    assertThatThrownBy(() -> pages.bulkLoad(bulk -> engine.requests.add("body")))
        .isInstanceOf(OutcomeUnknown.class)
        .hasMessageContaining("answer lost");
    assertThat(engine.requests).endsWith("endBulk").doesNotContain("body");

    engine.requests.clear();
    engine.onBeginBulk =
        () -> {
          throw new Unavailable("not there");
        };
    assertThatThrownBy(() -> pages.bulkLoad(bulk -> engine.requests.add("body")))
        .isInstanceOf(Unavailable.class);
    assertThat(engine.requests).isEmpty();
  }

  @Test
  void anErrorOfTheBodyIsTheErrorOfTheBulkLoad() {
    IllegalStateException mine = new IllegalStateException("mine");

    assertThatThrownBy(
            () ->
                pages.bulkLoad(
                    bulk -> {
                      throw mine;
                    }))
        .isSameAs(mine);
    assertThat(engine.requests).endsWith("endBulk");
  }
}
