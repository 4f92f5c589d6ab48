package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Metric;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A network that fails, and keys that are wrong: section Errors of docs/CONTRACT.md. */
public interface FaultsContract extends EngineContract {
  @Test
  @Rule("E-01")
  default void anEngineThatIsNotThereIsUnavailable() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection direct = space.create();
      CollectionSpec spec = space.spec(4, Metric.COSINE).build();
      space.requireRemote();
      try (FaultyClient client = space.faulty(RetryPolicy.none())) {
        VectorCollection warm = client.warm(direct);
        client.cutOff(warm);
        String advice = "a refused connection: nothing was sent, for writes too";
        Verbs.reads(warm)
            .forEach((verb, call) -> Expect.failure(Unavailable.class, verb + ", " + advice, call));
        Verbs.writes(warm)
            .forEach((verb, call) -> Expect.failure(Unavailable.class, verb + ", " + advice, call));
        Verbs.ofStore(client.store(), spec)
            .forEach((verb, call) -> Expect.failure(Unavailable.class, verb + ", " + advice, call));
        Expect.failure(
            Unavailable.class,
            "a collection whose description can't be read",
            () -> client.store().collection(direct.name()).upsert(Samples.record(1)));
      }
      assertThat(direct.count()).isZero();
    }
  }

  @Test
  @Rule("E-02")
  default void aWrongOrMissingKeyIsAccessDenied() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection direct = space.create();
      direct.upsert(Samples.records(2));
      CollectionSpec spec = space.spec(4, Metric.COSINE).build();
      space.requireRemote();
      for (Credentials credentials : List.of(engine().wrongCredentials(), Credentials.none())) {
        try (VectorStore store = open(engine().endpoint(), credentials, Workspace.FAST_RETRIES)) {
          String advice = " with " + (credentials.key().isPresent() ? "a wrong" : "no") + " key";
          VectorCollection collection = store.collection(direct.name());
          Verbs.reads(collection)
              .forEach((verb, call) -> Expect.failure(AccessDenied.class, verb + advice, call));
          Verbs.writes(collection)
              .forEach((verb, call) -> Expect.failure(AccessDenied.class, verb + advice, call));
          Verbs.ofStore(store, spec)
              .forEach((verb, call) -> Expect.failure(AccessDenied.class, verb + advice, call));
        }
      }
      assertThat(direct.count()).as("nothing was changed").isEqualTo(2);
    }
  }

  @Test
  @Rule("E-03")
  default void anEngineThatStallsIsLeftAtTheDeadline() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection direct = space.create();
      space.requireRemote();
      try (FaultyClient client = space.faulty(RetryPolicy.none())) {
        VectorCollection warm = client.warm(direct, Duration.ofMillis(400));
        client.proxy().mode(ProxyMode.halfOpen());
        Verbs.reads(warm)
            .forEach(
                (verb, call) ->
                    Clock.within(
                        Duration.ofSeconds(5),
                        () ->
                            Expect.failure(
                                Unavailable.class, verb + ", a read that timed out", call)));
      }
      for (String verb : Verbs.writes(direct).keySet()) {
        assertWriteStalls(space, direct, verb);
      }
    }
  }

  /** Over a connection that no call before has given up, so that the write is sent. */
  private static void assertWriteStalls(Workspace space, VectorCollection direct, String verb) {
    try (FaultyClient client = space.faulty(RetryPolicy.none())) {
      VectorCollection warm = client.warm(direct, Duration.ofMillis(400));
      ThrowingCallable write = Objects.requireNonNull(Verbs.writes(warm).get(verb));
      client.proxy().mode(ProxyMode.halfOpen());
      Clock.within(
          Duration.ofSeconds(5),
          () ->
              assertCutOff(
                  verb, Expect.failure(VectorStoreException.class, verb + " timed out", write)));
    }
  }

  @Test
  @Rule("E-03")
  default void theDeadlineHoldsForTheBodyOfAnAnswer() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection direct = space.create();
      space.requireRemote();
      direct.upsert(large(100));
      try (FaultyClient client = space.faulty(RetryPolicy.none())) {
        VectorCollection warm = client.warm(direct, Duration.ofSeconds(1));
        client.proxy().mode(ProxyMode.slow(20_000));
        Clock.within(
            Duration.ofSeconds(8),
            () ->
                Expect.failure(
                    Unavailable.class,
                    "an answer whose body drips for minutes",
                    () -> warm.scan(ScanRequest.all())));
      }
    }
  }

  @Test
  @Rule("E-03")
  default void theDeadlineOfACallHoldsForAllItsAttempts() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection direct = space.create();
      space.requireRemote();
      RetryPolicy many =
          RetryPolicy.builder()
              .attempts(100)
              .readDelays(Duration.ofMillis(100), Duration.ofMillis(500))
              .writeDelays(Duration.ofMillis(100), Duration.ofMillis(500))
              .build();
      try (FaultyClient client = space.faulty(many)) {
        VectorCollection warm = client.warm(direct, Duration.ofSeconds(2));
        client.cutOff(warm);
        Clock.within(
            Duration.ofSeconds(8),
            () -> Expect.failure(Unavailable.class, "a hundred attempts", warm::count));
        Clock.within(
            Duration.ofSeconds(8),
            () ->
                Expect.failure(
                    Unavailable.class,
                    "a hundred attempts to write, none of them sent",
                    () -> warm.upsert(Samples.record(1))));
      }
    }
  }

  @Test
  @Rule("E-04")
  default void aConnectionResetInTheMiddleIsUnknownForWritesOnly() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection direct = space.create();
      space.requireRemote();
      direct.upsert(large(20));
      try (FaultyClient client = space.faulty(RetryPolicy.none())) {
        VectorCollection warm = client.warm(direct);
        client.proxy().mode(ProxyMode.resetAfter(ProxyMode.Direction.TO_TARGET, 5000).times(1));
        Expect.failure(
            OutcomeUnknown.class,
            "a write whose request was cut in the middle",
            () -> warm.upsert(large(20)));
        warm.count();
        client.proxy().mode(ProxyMode.resetAfter(ProxyMode.Direction.TO_CLIENT, 5000).times(1));
        Expect.failure(
            Unavailable.class,
            "a read whose answer was cut in the middle",
            () -> warm.scan(ScanRequest.all()));
        client.proxy().mode(ProxyMode.loseAnswers().times(1));
        Expect.failure(Unavailable.class, "a read whose answer was lost", warm::count);
        assertThat(warm.count()).isEqualTo(20);
      }
    }
  }

  @Test
  @Rule("E-05")
  default void aWriteWhoseAnswerIsLostIsUnknownAndSettledByARepeat() {
    try (Workspace space = Workspace.of(this)) {
      space.requireRemote();
      for (String verb : Verbs.writes(space.create()).keySet()) {
        VectorCollection direct = space.create();
        direct.upsert(Samples.records(3));
        loseTheAnswer(space, direct, verb);
        VectorCollection twin = space.create();
        twin.upsert(Samples.records(3));
        run(Objects.requireNonNull(Verbs.writes(twin).get(verb)));
        assertThat(Samples.payloads(Samples.all(direct)))
            .as("written twice, %s leaves what one leaves", verb)
            .isEqualTo(Samples.payloads(Samples.all(twin)));
      }
    }
  }

  private static void loseTheAnswer(Workspace space, VectorCollection direct, String verb) {
    try (FaultyClient client = space.faulty(RetryPolicy.none())) {
      var call = Objects.requireNonNull(Verbs.writes(client.warm(direct)).get(verb));
      var before = Samples.payloads(Samples.all(direct));
      client.proxy().mode(ProxyMode.loseAnswers().times(1));
      VectorStoreException lost =
          Expect.failure(VectorStoreException.class, verb + " whose answer is lost", call);
      assertCutOff(verb, lost);
      if (lost instanceof Unavailable) {
        assertThat(Samples.payloads(Samples.all(direct)))
            .as("%s says that nothing was written", verb)
            .isEqualTo(before);
      }
      run(call);
      assertThat(client.proxy().faults()).isEqualTo(1);
    }
  }

  /** A write that begins with a read of its own may be cut off there, and is then Unavailable. */
  private static void assertCutOff(String verb, VectorStoreException failure) {
    if (verb.equals("patchPayload") || verb.equals("deleteWhere")) {
      assertThat(failure).as(verb).isInstanceOfAny(OutcomeUnknown.class, Unavailable.class);
    } else {
      assertThat(failure).as("%s that was sent", verb).isInstanceOf(OutcomeUnknown.class);
    }
  }

  private static void run(ThrowingCallable call) {
    assertThatCode(call).doesNotThrowAnyException();
  }

  /** Some 5 KB each, that no wire can make smaller. */
  private static List<VectorRecord> large(int count) {
    byte[] bytes = new byte[3800];
    Random random = new Random(count);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              random.nextBytes(bytes);
              return Samples.record(i, "content", Base64.getEncoder().encodeToString(bytes));
            })
        .toList();
  }
}
