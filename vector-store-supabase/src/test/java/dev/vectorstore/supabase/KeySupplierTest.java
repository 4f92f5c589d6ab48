package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallOptions;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A supplier of the key or password that throws, or takes long, over both transports. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
class KeySupplierTest {
  private static final Duration CALL = Duration.ofMillis(800);
  private static final CallOptions OPTIONS =
      CallOptions.builder()
          .readTimeout(CALL)
          .writeTimeout(CALL)
          .attemptTimeout(CALL)
          .retry(RetryPolicy.none())
          .build();

  private volatile CountDownLatch never = new CountDownLatch(1);
  private ManagedServer rest;
  private DirectServer direct;

  /**
   * A way to the server.
   *
   * @param secret what errors call the key
   * @param right the key that works
   * @param opening opens a store
   */
  private record Transport(
      String secret,
      String right,
      BiFunction<Supplier<? extends @Nullable String>, CallOptions, VectorStore> opening) {
    VectorStore open(Supplier<? extends @Nullable String> key) {
      return opening.apply(key, OPTIONS);
    }

    @Override
    public String toString() {
      return secret;
    }
  }

  @BeforeAll
  void start() {
    rest = ManagedServer.start();
    direct = DirectServer.start();
  }

  @AfterAll
  void stop() {
    rest.close();
    direct.close();
  }

  @AfterEach
  void letGo() {
    never.countDown();
    never = new CountDownLatch(1);
  }

  Stream<Transport> transports() {
    return Stream.of(
        new Transport(
            "key",
            rest.serviceKey(),
            (key, options) ->
                Supabase.postgrest(rest.address()).key(key).callOptions(options).open()),
        new Transport(
            "password",
            "the right one",
            (key, options) ->
                Postgres.at("postgresql://app@127.0.0.1:" + direct.port() + "/contract")
                    .password(key)
                    .callOptions(options)
                    .open()));
  }

  /** Whatever interrupts it. */
  private String hang() {
    CountDownLatch over = never;
    boolean waiting = true;
    while (waiting) {
      try {
        over.await();
        waiting = false;
      } catch (InterruptedException ignored) {
        // A supplier can do so.
      }
    }
    return "late";
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whatItThrowsIsTheCauseOfAnErrorThatNamesTheSupplier(Transport transport) {
    IllegalStateException down = new IllegalStateException("the vault is down");
    AtomicBoolean works = new AtomicBoolean();
    try (VectorStore store =
        transport.open(
            () -> {
              if (works.get()) {
                return transport.right();
              }
              throw down;
            })) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("the supplier of the " + transport.secret() + " threw an exception")
          .hasCause(down);
      works.set(true);
      assertThat(store.collections()).isNotNull();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void anErrorOfItPassesAsItIs(Transport transport) {
    NoClassDefFoundError error = new NoClassDefFoundError("the vault's client");
    try (VectorStore store =
        transport.open(
            () -> {
              throw error;
            })) {
      assertThatThrownBy(store::collections).isSameAs(error);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void oneThatHangsIsToldWithinTheDeadlineAndBlocksNeitherOthersNorTheEnd(Transport transport) {
    VectorStore store = transport.open(this::hang);
    long began = System.nanoTime();
    assertThatThrownBy(store::collections)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining(
            "the supplier of the " + transport.secret() + " didn't answer within");
    assertThatThrownBy(() -> store.drop("nothing"))
        .as("nothing is in doubt")
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("the supplier of the " + transport.secret());
    try (VectorStore other = transport.open(transport::right)) {
      assertThat(other.collections()).isNotNull();
    }
    store.close();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(CALL.multipliedBy(8));
  }
}
