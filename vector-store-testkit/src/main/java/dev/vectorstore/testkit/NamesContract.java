package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Metric;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What collections are called: rules C-06 and C-07 of docs/CONTRACT.md, and names in messages. */
public interface NamesContract extends EngineContract {
  @Test
  @Rule("C-06")
  default void namesAreTakenAsTheyAre() {
    try (Workspace space = Workspace.of(this)) {
      String fresh = space.freshName();
      for (String name :
          List.of(fresh + "-a_B-9", fresh + "_" + "x".repeat(62 - fresh.length()), fresh + "-")) {
        CollectionSpec spec = CollectionSpec.builder(name).build();
        try {
          space.store().ensureCollection(spec);
          assertThat(space.store().exists(name)).as(name).isTrue();
          assertThat(space.store().collections()).contains(name);
        } finally {
          space.store().drop(name);
        }
      }
    }
  }

  @Test
  @Rule("C-06")
  default void onlyPortableNamesAreMade() {
    try (Workspace space = Workspace.of(this)) {
      for (String name : odd(space)) {
        CollectionSpec spec = CollectionSpec.builder(name).vectors(2, Metric.COSINE).build();
        InvalidRequest refused =
            Expect.invalid(
                "ensureCollection of \"" + name + "\": ask VectorStores.requirePortableName",
                () -> space.store().ensureCollection(spec));
        assertThat(refused)
            .as("the message says what is allowed")
            .hasMessageContaining("up to 62 letters, digits, _ or -");
        assertThat(space.store().exists(name)).as("nothing was made").isFalse();
      }
      if (space.remote()) {
        try (FaultyClient client = space.faulty(RetryPolicy.none())) {
          client.proxy().mode(ProxyMode.refuse());
          Expect.invalid(
              "a name is refused before anything is sent",
              () -> client.store().ensureCollection(CollectionSpec.builder("my docs").build()));
        }
      }
    }
  }

  @Test
  @Rule("C-06")
  default void anyOtherNameIsThatOfWhatIsNotThere() {
    try (Workspace space = Workspace.of(this)) {
      VectorStore store = space.store();
      for (String name : odd(space)) {
        assertThat(store.exists(name)).as("exists(\"%s\")", name).isFalse();
        assertThat(store.drop(name)).as("drop(\"%s\")", name).isFalse();
        VectorCollection missing = store.collection(name);
        assertThat(missing.name()).isEqualTo(name);
        String advice = " of \"" + name + "\", which isn't there";
        Expect.failure(NotFound.class, "describe" + advice, () -> store.describe(name));
        Expect.failure(
            NotFound.class, "dropVector" + advice, () -> store.dropVector(name, "title"));
        Expect.failure(NotFound.class, "count" + advice, missing::count);
        Expect.failure(NotFound.class, "upsert" + advice, () -> missing.upsert(Samples.record(1)));
        if (space.has(Capability.ATOMIC_BATCH)) {
          WriteBatch batch = WriteBatch.builder().delete(name, Samples.ids(1)).build();
          Expect.failure(NotFound.class, "apply" + advice, () -> store.apply(batch));
        }
      }
    }
  }

  /** What is no portable name, and how engines could take what is there for it. */
  private static List<String> odd(Workspace space) {
    String there = space.freshName();
    String longest = there + "x".repeat(63 - there.length());
    space.store().ensureCollection(CollectionSpec.builder(there).build());
    space.store().ensureCollection(CollectionSpec.builder(longest).build());
    space.add(longest);
    List<String> names =
        new ArrayList<>(
            List.of(
                "2024-docs",
                "_docs",
                "-docs",
                "my docs",
                "docs.2024",
                "größe",
                "文書",
                "\uD83D\uDE80"));
    names.addAll(
        List.of("a/b", "a\\b", "a\"b", "a'b; drop table a", "100%25", "a?b#c&d=e", "*", "."));
    names.addAll(List.of("..", "a\tb", "a\nb", "a\u001b[31mb", "\u00a0", "x".repeat(64)));
    names.addAll(List.of("x".repeat(300), "é".repeat(200)));
    names.addAll(List.of(there + " ", " " + there, there + ".", "." + there, longest + "x"));
    names.addAll(List.of(there + "%", "public. " + there, there + "\u0301"));
    return names;
  }

  @Test
  @Rule("C-06")
  default void whatIsNoNameAnywhereIsRefused() {
    try (Workspace space = Workspace.of(this)) {
      VectorStore store = space.store();
      for (String name : List.of("", "a\0b", "\0", "a\uD83Db", "\uDE80")) {
        String advice = "it is no name: ask VectorStores.requireName";
        Expect.invalid(advice, () -> store.exists(name));
        Expect.invalid(advice, () -> store.describe(name));
        Expect.invalid(advice, () -> store.drop(name));
        Expect.invalid(advice, () -> store.dropVector(name, "title"));
        Expect.invalid(advice, () -> store.collection(name));
      }
    }
  }

  @Test
  @Rule("E-09")
  default void aNameForgesNoLineOfALog() {
    try (Workspace space = Workspace.of(this)) {
      String name = "my docs\u001b[31m\nERROR forged\u202e";
      VectorStoreException failure =
          Expect.failure(NotFound.class, "no collection", () -> space.store().describe(name));
      assertThat(failure)
          .as("the name stands in quotes, its control characters escaped")
          .hasMessageStartingWith(
              "describe on \"my docs\\u001b[31m\\u000aERROR forged\\u202e\" ("
                  + space.store().engine()
                  + "): ");
      for (Throwable each = failure; each != null; each = each.getCause()) {
        assertThat(String.valueOf(each.getMessage())).doesNotContainPattern("[\\p{Cc}\\u202e]");
      }
    }
  }

  @Test
  @Rule("C-07")
  default void namesThatDifferInCaseOnlyAreRefused() {
    try (Workspace space = Workspace.of(this)) {
      CollectionSpec spec = space.spec(4, Metric.COSINE).build();
      space.store().ensureCollection(spec);
      String upper = spec.name().toUpperCase(Locale.ROOT);
      Expect.failure(
          Conflict.class,
          "some file systems can't tell such names apart: compare with the names that are there",
          () -> space.store().ensureCollection(spec.toBuilder(upper).build()));
      assertThat(space.store().exists(upper)).as("a name is itself, in its own case").isFalse();
      assertThat(space.store().exists(spec.name())).isTrue();
    }
  }

  @Test
  @Rule("E-13")
  default void whatIsMissedForItsCaseIsNamed() {
    try (Workspace space = Workspace.of(this)) {
      CollectionSpec spec = space.spec(4, Metric.COSINE).build();
      VectorStore store = space.store();
      store.ensureCollection(spec);
      String upper = spec.name().toUpperCase(Locale.ROOT);
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> store.describe(upper),
              () -> store.collection(upper).count(),
              () -> store.collection(upper).upsert(Samples.record(1)),
              () -> store.dropVector(upper, "title"))) {
        assertThat(
                Expect.failure(NotFound.class, "a name of another case is that of nothing", call))
            .as("name the collection that is there")
            .hasMessageContaining(spec.name());
      }
      store.drop(spec.name());
      assertThat(
              Expect.failure(
                  NotFound.class, "it was dropped", () -> store.collection(upper).count()))
          .as("only what is there is named")
          .hasMessageNotContaining(spec.name());
    }
  }
}
