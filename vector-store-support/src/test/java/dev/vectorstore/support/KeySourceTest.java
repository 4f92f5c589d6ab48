package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a caller's supplier of a key may do. */
@Timeout(30)
class KeySourceTest {
  private static final Attempt LONG = () -> Duration.ofSeconds(20);
  private static final Attempt SHORT = () -> Duration.ofMillis(50);

  private final CountDownLatch never = new CountDownLatch(1);

  /** Until the test ends, whatever interrupts it. */
  private String deaf() {
    boolean waiting = true;
    while (waiting) {
      try {
        never.await();
        waiting = false;
      } catch (InterruptedException ignored) {
        // A supplier can do so.
      }
    }
    return "late";
  }

  private String hanging() {
    try {
      never.await();
      return "late";
    } catch (InterruptedException told) {
      throw new IllegalStateException("interrupted", told);
    }
  }

  @Test
  void theSupplierIsAskedEachTime() {
    AtomicInteger asked = new AtomicInteger();
    try (KeySource source = new KeySource("key", () -> "key " + asked.incrementAndGet())) {
      assertThat(source.ask(LONG)).isEqualTo("key 1");
      assertThat(source.ask(LONG)).isEqualTo("key 2");
    }
  }

  @Test
  void withoutASupplierThereIsNoThread() {
    int before = threads();
    try (KeySource source = new KeySource("key", StoreOptions.defaults(), "qdrant")) {
      assertThat(source.ask(LONG)).isNull();
      assertThat(threads()).isEqualTo(before);
    }
    StoreOptions given = StoreOptions.builder().key(() -> "a key").build();
    try (KeySource source = new KeySource("key", given, "qdrant")) {
      assertThat(source.ask(LONG)).isEqualTo("a key");
    }
  }

  @Test
  void whatItThrowsIsTheCauseOfOurError() {
    IllegalStateException down = new IllegalStateException("the vault is down");
    try (KeySource source = throwing(down)) {
      assertThatThrownBy(() -> source.ask(LONG))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("the supplier of the key threw an exception")
          .hasCause(down);
    }
  }

  private static KeySource throwing(RuntimeException failure) {
    return new KeySource(
        "key",
        () -> {
          throw failure;
        });
  }

  @Test
  void anErrorPassesAsItIs() {
    StackOverflowError error = new StackOverflowError();
    try (KeySource source =
        new KeySource(
            "key",
            () -> {
              throw error;
            })) {
      assertThatThrownBy(() -> source.ask(LONG)).isSameAs(error);
    }
    IllegalStateException wrapped = new IllegalStateException("the vault's own", error);
    try (KeySource source = throwing(wrapped)) {
      assertThatThrownBy(() -> source.ask(LONG)).isInstanceOf(InvalidRequest.class);
    }
  }

  @Test
  void oneThatHangsIsToldWithinTheDeadline() {
    try (KeySource source = new KeySource("key", this::hanging)) {
      assertThatThrownBy(() -> source.ask(SHORT))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("the supplier of the key didn't answer within 50 ms")
          .hasMessageContaining("wasn't sent");
    }
  }

  @Test
  void oneThatHangsForSomeAnswersTheOthers() {
    AtomicBoolean hangs = new AtomicBoolean();
    try (KeySource source = new KeySource("key", () -> hangs.get() ? hanging() : "a key")) {
      for (int i = 0; i < 200; i++) {
        hangs.set(true);
        assertThatThrownBy(() -> source.ask(() -> Duration.ofMillis(2)))
            .isInstanceOf(Unavailable.class);
        hangs.set(false);
        assertThat(source.ask(LONG)).isEqualTo("a key");
      }
    }
  }

  /** It can't be stopped, so no more threads are given to it. */
  @Test
  void oneThatHangsForEverTakesAFewThreadsOnly() {
    int before = threads();
    try (KeySource source = new KeySource("key", this::deaf)) {
      for (int i = 0; i < 100; i++) {
        assertThatThrownBy(() -> source.ask(() -> Duration.ofMillis(2)))
            .isInstanceOf(Unavailable.class);
      }
      assertThat(threads() - before).isBetween(1, 64);
      never.countDown();
      assertThat(source.ask(LONG)).as("it answers again").isEqualTo("late");
    }
  }

  @Test
  void closingWaitsNeitherForItNorLetsWhoAsksWait() throws InterruptedException {
    KeySource source = new KeySource("key", this::deaf);
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    Thread asking =
        new Thread(
            () -> {
              try {
                source.ask(LONG);
              } catch (Unavailable closed) {
                thrown.set(closed);
              }
            });
    asking.start();
    while (threads() == 0 || asking.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    long began = System.nanoTime();
    source.close();
    asking.join();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    assertThat(thrown.get()).hasMessageContaining("was closed");
    assertThatThrownBy(() -> source.ask(LONG)).hasMessageContaining("was closed");
    never.countDown();
  }

  @Test
  void anInterruptEndsTheWaitAndStays() {
    try (KeySource source = new KeySource("key", this::hanging)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> source.ask(LONG))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void closingEndsTheThreads() {
    List<KeySource> sources = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      KeySource source = new KeySource("key", () -> "a key");
      sources.add(source);
      assertThat(source.ask(LONG)).isEqualTo("a key");
    }
    assertThat(threads()).isGreaterThanOrEqualTo(5);
    int before = threads();
    sources.forEach(KeySource::close);
    assertThat(threads()).isEqualTo(before - 5);
  }

  private static int threads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("vector-store-key"))
            .count();
  }
}
