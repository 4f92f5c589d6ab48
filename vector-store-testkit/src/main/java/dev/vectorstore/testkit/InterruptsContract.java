package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Retries, and what an interrupt does to them: section Errors of docs/CONTRACT.md. */
public interface InterruptsContract extends EngineContract {
  @Test
  @Rule("E-06")
  default void retriesHappenAsThePolicySays() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection direct = space.create();
      space.requireRemote();
      try (FaultyClient client = space.faulty(Workspace.FAST_RETRIES)) {
        VectorCollection warm = client.warm(direct);
        client.proxy().mode(ProxyMode.loseAnswers().times(2));
        warm.upsert(Samples.record(1));
        assertThat(client.proxy().faults()).as("answers lost before a write got one").isEqualTo(2);
        client.proxy().mode(ProxyMode.loseAnswers().times(2));
        assertThat(warm.count()).isEqualTo(1);
        assertThat(client.proxy().faults()).as("and before a read").isEqualTo(4);
        client.proxy().mode(ProxyMode.loseAnswers());
        Expect.failure(
            OutcomeUnknown.class,
            "three attempts without an answer",
            () -> warm.upsert(Samples.record(2)));
        assertThat(client.proxy().faults()).as("three attempts, not one more").isEqualTo(7);
        Expect.failure(Unavailable.class, "three attempts of a read", warm::count);
        assertThat(client.proxy().faults()).isEqualTo(10);
      }
    }
  }

  @Test
  @Rule("E-06")
  default void retriesWaitAndOnlyWhereItHelps() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection direct = space.create();
      String missing = space.freshName();
      space.requireRemote();
      RetryPolicy slow =
          RetryPolicy.builder()
              .readDelays(Duration.ofMillis(400), Duration.ofMillis(400))
              .writeDelays(Duration.ofSeconds(20), Duration.ofSeconds(20))
              .build();
      try (FaultyClient client = space.faulty(slow)) {
        VectorCollection warm = client.warm(direct);
        client.proxy().mode(ProxyMode.refuse());
        assertThat(Clock.time(() -> Expect.failure(Unavailable.class, "no engine", warm::count)))
            .as("two waits of 400 ms, give or take a quarter")
            .isGreaterThan(Duration.ofMillis(550));
      }
      try (FaultyClient client = space.faulty(slow)) {
        Clock.within(
            Duration.ofSeconds(10),
            () ->
                Expect.failure(
                    NotFound.class,
                    "what can't succeed later isn't tried again",
                    () -> client.store().collection(missing).upsert(Samples.record(1))));
        Clock.within(Duration.ofSeconds(10), this::failWithTheWrongKey);
      }
    }
  }

  private void failWithTheWrongKey() {
    RetryPolicy slow =
        RetryPolicy.builder()
            .readDelays(Duration.ofSeconds(20), Duration.ofSeconds(20))
            .writeDelays(Duration.ofSeconds(20), Duration.ofSeconds(20))
            .build();
    try (var store = open(engine().endpoint(), engine().wrongCredentials(), slow)) {
      Expect.failure(AccessDenied.class, "a wrong key isn't tried again", store::collections);
    }
  }

  @Test
  @Rule("E-07")
  default void anInterruptEndsACallInFlight() throws InterruptedException {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection direct = space.create();
      space.requireRemote();
      try (FaultyClient client = space.faulty(RetryPolicy.defaults())) {
        VectorCollection warm = client.warm(direct);
        client.proxy().mode(ProxyMode.halfOpen());
        interrupt("a read in flight", Unavailable.class, warm::count);
      }
      try (FaultyClient client = space.faulty(RetryPolicy.defaults())) {
        VectorCollection warm = client.warm(direct);
        client.proxy().mode(ProxyMode.halfOpen());
        interrupt("a write in flight", OutcomeUnknown.class, () -> warm.upsert(Samples.record(1)));
      }
      RetryPolicy slow =
          RetryPolicy.builder().readDelays(Duration.ofMinutes(1), Duration.ofMinutes(1)).build();
      try (FaultyClient client = space.faulty(slow)) {
        VectorCollection warm = client.warm(direct, Duration.ofMinutes(5));
        client.cutOff(warm);
        interrupt("a wait before the next attempt", Unavailable.class, warm::count);
      }
    }
  }

  @Test
  @Rule("E-07")
  default void anInterruptedThreadSendsNothing() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.describe();
      space.requireRemote();
      Thread.currentThread().interrupt();
      try {
        Expect.failure(
            Unavailable.class, "interrupted before", () -> collection.upsert(Samples.record(1)));
        assertThat(Thread.currentThread().isInterrupted()).as("the flag stays set").isTrue();
        Expect.failure(Unavailable.class, "interrupted before", collection::count);
      } finally {
        assertThat(Thread.interrupted()).as("the flag stays set").isTrue();
      }
      assertThat(collection.count()).isZero();
    }
  }

  private static void interrupt(
      String what, Class<? extends VectorStoreException> type, ThrowingCallable call)
      throws InterruptedException {
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    AtomicBoolean flag = new AtomicBoolean();
    Thread thread =
        new Thread(
            () -> {
              thrown.set(Assertions.catchThrowable(call));
              flag.set(Thread.currentThread().isInterrupted());
            },
            "kit-interrupted");
    thread.setDaemon(true);
    thread.start();
    boolean waits =
        Await.until(
            Duration.ofSeconds(10),
            () ->
                thread.getState() == Thread.State.WAITING
                    || thread.getState() == Thread.State.TIMED_WAITING);
    assertThat(waits).as("the call blocks: %s", what).isTrue();
    thread.interrupt();
    thread.join(Duration.ofSeconds(10).toMillis());
    assertThat(thread.isAlive())
        .as("an interrupt ends %s, without further attempts", what)
        .isFalse();
    assertThat(thrown.get()).as("an interrupt of %s", what).isInstanceOf(type);
    assertThat(flag).as("the interrupt flag stays set after %s", what).isTrue();
  }
}
