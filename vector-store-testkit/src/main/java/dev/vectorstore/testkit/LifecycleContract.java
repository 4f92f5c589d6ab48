package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Metric;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.WriteOptions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Opening and closing: section Lifecycle of docs/CONTRACT.md. */
public interface LifecycleContract extends EngineContract {
  @Test
  @Rule("L-01")
  default void closeCanBeRepeated() {
    try (Workspace space = Workspace.of(this)) {
      VectorStore store = space.unretried();
      store.collections();
      store.close();
      store.close();
      VectorStore unused = space.unretried();
      unused.close();
      assertThat(space.store().collections())
          .as("another store of the engine is not closed with it")
          .isNotNull();
    }
  }

  @Test
  @Rule("L-02")
  default void useAfterCloseIsRefused() {
    try (Workspace space = Workspace.of(this)) {
      VectorStore store = space.unretried();
      CollectionSpec spec = space.spec(4, Metric.COSINE).build();
      VectorCollection warm = store.ensureCollection(spec);
      warm.describe();
      VectorCollection cold = store.collection(spec.name());
      store.close();
      for (VectorCollection collection : List.of(warm, cold)) {
        Verbs.reads(collection)
            .forEach(
                (verb, call) ->
                    assertThatThrownBy(call).as(verb).isInstanceOf(IllegalStateException.class));
        Verbs.writes(collection)
            .forEach(
                (verb, call) ->
                    assertThatThrownBy(call).as(verb).isInstanceOf(IllegalStateException.class));
        Verbs.others(collection)
            .forEach(
                (verb, call) ->
                    assertThatThrownBy(call).as(verb).isInstanceOf(IllegalStateException.class));
      }
      Verbs.ofStore(store, spec)
          .forEach(
              (verb, call) ->
                  assertThatThrownBy(call).as(verb).isInstanceOf(IllegalStateException.class));
      assertThatThrownBy(() -> store.collection(spec.name()))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(store::capabilities).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  @Rule("L-03")
  default void threadsEndWithTheStore() {
    try (Workspace space = Workspace.of(this)) {
      space.store().collections();
      Set<Thread> before = Thread.getAllStackTraces().keySet();
      VectorStore store = space.unretried();
      VectorCollection collection = store.ensureCollection(space.spec(4, Metric.COSINE).build());
      WriteOptions options = WriteOptions.builder().batchRecords(10).inFlight(8).build();
      collection.upsertAll(Samples.records(500).stream(), options);
      collection.awaitIndexed(Duration.ofSeconds(5));
      store.close();
      boolean gone = Await.until(Duration.ofSeconds(10), () -> since(before).isEmpty());
      assertThat(since(before)).as("threads that outlive the store by 10 s").isEmpty();
      assertThat(gone).isTrue();
    }
  }

  private static Set<Thread> since(Set<Thread> before) {
    Set<Thread> now = new HashSet<>(Thread.getAllStackTraces().keySet());
    now.removeAll(before);
    // The JDK reaps child processes, such as a test's servers, on threads of its own.
    now.removeIf(thread -> thread.getName().equals("process reaper"));
    return now;
  }

  @Test
  @Rule("L-03")
  default void connectionsEndWithTheStore() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection direct = space.create();
      space.requireRemote();
      try (FaultyClient client = space.faulty(RetryPolicy.none())) {
        client.warm(direct).upsert(Samples.records(10));
        assertThat(client.proxy().openConnections()).as("while the store is open").isPositive();
        client.store().close();
        assertThat(Await.until(Duration.ofSeconds(10), () -> client.proxy().openConnections() == 0))
            .as("connections are gone 10 s after close")
            .isTrue();
      }
    }
  }

  @Test
  @Rule("L-04")
  default void closeEndsCallsInFlight() throws InterruptedException {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection direct = space.create();
      space.requireRemote();
      try (FaultyClient client = space.faulty(RetryPolicy.none())) {
        VectorCollection warm = client.warm(direct);
        client.proxy().mode(ProxyMode.halfOpen());
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread caller =
            new Thread(() -> thrown.set(Assertions.catchThrowable(warm::count)), "kit-caller");
        caller.setDaemon(true);
        caller.start();
        boolean waits =
            Await.until(
                Duration.ofSeconds(10),
                () ->
                    caller.getState() == Thread.State.WAITING
                        || caller.getState() == Thread.State.TIMED_WAITING);
        assertThat(waits).as("the call is in flight").isTrue();
        Clock.within(Duration.ofSeconds(10), client.store()::close);
        caller.join(Duration.ofSeconds(10).toMillis());
        assertThat(caller.isAlive()).as("a call in flight ends with its store").isFalse();
        assertThat(thrown.get())
            .isInstanceOfAny(VectorStoreException.class, IllegalStateException.class);
      }
    }
  }

  @Test
  @Rule("L-05")
  default void openingNeedsNoEngine() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection direct = space.create();
      space.requireRemote();
      try (TcpProxy proxy = TcpProxy.to(engine().endpoint().host(), engine().endpoint().port())) {
        proxy.mode(ProxyMode.refuse());
        Endpoint dead = Endpoint.of("127.0.0.1", proxy.port());
        try (VectorStore store = open(dead, engine().credentials(), RetryPolicy.none())) {
          Expect.failure(
              VectorStoreException.Unavailable.class, "nothing is there yet", store::collections);
          proxy.mode(ProxyMode.pass());
          boolean found =
              Await.until(
                  Duration.ofSeconds(30),
                  () -> {
                    try {
                      return store.exists(direct.name());
                    } catch (VectorStoreException.Unavailable notYet) {
                      return false;
                    }
                  });
          assertThat(found).as("the store finds an engine that comes later").isTrue();
        }
      }
    }
  }

  @Test
  @Rule("L-06")
  default void aViewHasOtherDeadlinesAndTheSameStore() {
    try (Workspace space = Workspace.of(this)) {
      VectorStore store = space.unretried();
      VectorStore view = store.with(CallOptions.defaults());
      VectorCollection collection = view.ensureCollection(space.spec(4, Metric.COSINE).build());
      collection.upsert(Samples.records(3));
      assertThat(store.collection(collection.name()).count()).isEqualTo(3);
      assertThat(view.engine()).isEqualTo(store.engine());
      assertThat(view.capabilities()).isEqualTo(store.capabilities());
      view.close();
      assertThatThrownBy(store::collections)
          .as("closing a view closes the store, so that no store is left open by its view")
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  @Rule("L-07")
  default void aPingSaysWhetherTheEngineAnswers() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection direct = space.create();
      space.store().ping();
      if (space.remote()) {
        assertPingSaysWhenTheEngineIsAway(space, direct);
      }
    }
  }

  private static void assertPingSaysWhenTheEngineIsAway(Workspace space, VectorCollection direct) {
    try (FaultyClient client = space.faulty(Workspace.FAST_RETRIES)) {
      client.store().ping();
      client.cutOff(client.warm(direct));
      Expect.failure(
          VectorStoreException.Unavailable.class, "the engine is away", client.store()::ping);
      client.proxy().mode(ProxyMode.pass());
      boolean back =
          Await.until(
              Duration.ofSeconds(30),
              () -> {
                try {
                  client.store().ping();
                  return true;
                } catch (VectorStoreException.Unavailable notYet) {
                  return false;
                }
              });
      assertThat(back).as("a ping finds the engine again").isTrue();
      client.proxy().mode(ProxyMode.halfOpen());
      CallOptions hurried = CallOptions.builder().attemptTimeout(Duration.ofSeconds(1)).build();
      Clock.within(
          Duration.ofSeconds(5),
          () ->
              Expect.failure(
                  VectorStoreException.Unavailable.class,
                  "the engine accepts and never answers: a ping has a deadline of its own",
                  client.store().with(hurried)::ping));
    }
  }
}
