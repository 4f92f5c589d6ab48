package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Capability;
import dev.vectorstore.Metric;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.WriteBatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Which errors, and what they say: section Errors of docs/CONTRACT.md. */
public interface ErrorsContract extends EngineContract {
  @Test
  @Rule("E-08")
  default void aCollectionThatIsNotThereIsNotFound() {
    try (Workspace space = Workspace.of(this)) {
      String name = space.freshName();
      VectorCollection missing = space.store().collection(name);
      String advice = " of a collection that isn't there";
      Verbs.reads(missing)
          .forEach((verb, call) -> Expect.failure(NotFound.class, verb + advice, call));
      Verbs.writes(missing)
          .forEach((verb, call) -> Expect.failure(NotFound.class, verb + advice, call));
      Verbs.others(missing)
          .forEach((verb, call) -> Expect.failure(NotFound.class, verb + advice, call));
      Expect.failure(NotFound.class, "describe", () -> space.store().describe(name));
      assertThat(space.store().exists(name)).as("no verb makes a collection").isFalse();
    }
  }

  @Test
  @Rule("E-08")
  default void aCollectionThatWasDroppedIsNotFound() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection dropped = space.create();
      dropped.upsert(Samples.records(2));
      space.store().drop(dropped.name());
      String advice = " of a collection that was dropped after its description was read";
      Verbs.reads(dropped)
          .forEach((verb, call) -> Expect.failure(NotFound.class, verb + advice, call));
      Verbs.writes(dropped)
          .forEach((verb, call) -> Expect.failure(NotFound.class, verb + advice, call));
      assertThat(space.store().exists(dropped.name())).as("nor made anew by a write").isFalse();
    }
  }

  @Test
  @Rule("E-09")
  default void messagesNameWhatFailedAndNoData() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create(3, Metric.COSINE);
      VectorRecord secret =
          VectorRecord.of(
              RecordId.of(4711),
              Samples.vector(0.123456, 0.5, 0.25, 0.75),
              Samples.payload("content", "secret-content", "secret-key", 1));
      String place = "on " + collection.name() + " (" + space.store().engine() + ")";
      assertSays(
          "upsert " + place, Expect.invalid("a wrong dimension", () -> collection.upsert(secret)));
      assertSays(
          "search " + place,
          Expect.invalid(
              "a wrong dimension",
              () -> collection.search(SearchRequest.nearest(secret.vector().orElseThrow()))));
      assertSays(
          "scan " + place,
          Expect.invalid(
              "a foreign cursor", () -> collection.scan(ScanRequest.all().from("secret-content"))));
      String missing = space.freshName();
      assertSays(
          "upsert on " + missing + " (" + space.store().engine() + ")",
          Expect.failure(
              NotFound.class,
              "no collection",
              () -> space.store().collection(missing).upsert(secret)));
      if (space.has(Capability.ATOMIC_BATCH)) {
        WriteBatch batch = WriteBatch.builder().upsert(missing, List.of(secret)).build();
        assertThat(
                Expect.failure(NotFound.class, "no collection", () -> space.store().apply(batch)))
            .as("of a batch's collections, the one that isn't there is named")
            .hasMessageContaining(missing);
      }
    }
  }

  @Test
  @Rule("E-09")
  default void messagesOfARemoteEngineTellNoKey() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection direct = space.create();
      space.requireRemote();
      VectorRecord secret = Samples.record(1, "content", "secret-content");
      String place = "upsert on " + direct.name() + " (" + space.store().engine() + ")";
      Credentials wrong = engine().wrongCredentials();
      try (VectorStore store = open(engine().endpoint(), wrong, RetryPolicy.none())) {
        AccessDenied denied =
            Expect.failure(
                AccessDenied.class,
                "a wrong key",
                () -> store.collection(direct.name()).upsert(secret));
        assertSays(place, denied);
        assertThat(chain(denied)).noneMatch(m -> m.contains(wrong.key().orElseThrow()));
        assertThat(store.toString()).doesNotContain(wrong.key().orElseThrow());
      }
      try (FaultyClient client = space.faulty(RetryPolicy.none())) {
        VectorCollection warm = client.warm(direct);
        client.cutOff(warm);
        Unavailable refused =
            Expect.failure(Unavailable.class, "no engine", () -> warm.upsert(secret));
        assertSays(place, refused);
        engine()
            .credentials()
            .key()
            .ifPresent(key -> assertThat(chain(refused)).noneMatch(m -> m.contains(key)));
      }
    }
  }

  private static void assertSays(String name, VectorStoreException failure) {
    assertThat(failure)
        .as("the message starts with operation, collection and engine")
        .hasMessageStartingWith(name + ": ");
    assertThat(chain(failure))
        .as("no message of the error or its causes tells data")
        .noneMatch(message -> message.contains("secret-") || message.contains("0.123456"));
  }

  private static Stream<String> chain(Throwable failure) {
    return Stream.iterate(failure, t -> t != null, Throwable::getCause)
        .map(t -> String.valueOf(t.getMessage()));
  }

  @Test
  @Rule("E-11")
  default void unwrapGivesTheClientOrRefuses() {
    try (Workspace space = Workspace.of(this)) {
      UnsupportedFeature refused =
          Expect.failure(
              UnsupportedFeature.class,
              "a type that no engine has",
              () -> space.store().unwrap(VectorStoreContract.class));
      assertThat(refused).hasMessageContaining(space.store().engine());
      assertThat(space.has(Capability.REMOTE)).isEqualTo(space.remote());
    }
  }

  @Test
  @Rule("E-12")
  default void aNullIsToldByItsName() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(Samples.records(2));
      Map<String, ThrowingCallable> verbs = new LinkedHashMap<>(Verbs.nulls(collection));
      verbs.putAll(Verbs.nulls(space.store()));
      verbs.forEach(
          (verb, call) ->
              assertThatThrownBy(call)
                  .as("a null for the %s", verb)
                  .isInstanceOf(NullPointerException.class)
                  .hasMessageContaining(verb.substring(0, verb.indexOf(' '))));
      assertThat(collection.count()).as("nothing was written or deleted").isEqualTo(2);
    }
  }
}
