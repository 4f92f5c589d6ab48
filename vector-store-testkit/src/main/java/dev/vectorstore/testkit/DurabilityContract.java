package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.WriteOptions;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What survives a kill: section Writes of docs/CONTRACT.md. */
public interface DurabilityContract extends EngineContract {
  @Test
  @Rule("W-19")
  default void whatReturnedSurvivesAKill() {
    try (Workspace space = Workspace.of(this)) {
      CollectionSpec spec =
          space.spec(4, Metric.COSINE).field("k", FieldType.KEYWORD).label("model", "m").build();
      VectorCollection collection = space.store().ensureCollection(spec);
      VectorCollection dropped = space.create();
      space.requireDurable();
      collection.upsertAll(Samples.records(500).stream(), WriteOptions.defaults());
      collection.upsert(Samples.record(1000, "v", 0.1 + 0.2), Samples.record(1001));
      collection.patchPayload(Samples.ids(1), Samples.payload("k", "patched"), List.of("n"));
      collection.delete(Samples.ids(2, 1001));
      collection.deleteWhere(Filter.field("n").gte(490));
      space.store().drop(dropped.name());
      space.crash();
      VectorStore after = space.another();
      VectorCollection read = after.collection(spec.name());
      assertThat(read.describe().spec()).isEqualTo(spec);
      assertThat(read.count()).as("500 + 2 upserted, 2 and 10 deleted").isEqualTo(490);
      assertThat(read.fetch(Samples.record(1000).id()).orElseThrow().payload())
          .isEqualTo(Samples.payload("v", 0.1 + 0.2));
      assertThat(read.fetch(Samples.record(1).id()).orElseThrow().payload())
          .isEqualTo(Samples.payload("k", "patched"));
      assertThat(read.fetch(Samples.record(2).id())).isEmpty();
      assertThat(read.count(Filter.field("n").gte(489))).isEqualTo(1);
      assertThat(after.exists(dropped.name())).as("what was dropped stays gone").isFalse();
    }
  }

  @Test
  @Rule("W-19")
  default void aKillAmongWritesLosesNoneThatReturned() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      space.requireDurable();
      Queue<VectorRecord> returned = new ConcurrentLinkedQueue<>();
      AtomicBoolean crashed = new AtomicBoolean();
      Parallel.run(
          3,
          "a write that returned is on the engine's disk",
          thread -> {
            if (thread == 0) {
              boolean enough = Await.until(Duration.ofSeconds(60), () -> returned.size() > 40);
              assertThat(enough).as("writers make progress").isTrue();
              space.crash();
              crashed.set(true);
            } else {
              try (VectorStore store = space.unretried()) {
                VectorCollection writer = store.collection(collection.name());
                for (long i = thread * 1_000_000L; !crashed.get(); i++) {
                  writeUnlessKilled(writer, Samples.record(i), returned);
                }
              }
            }
          });
      VectorCollection read = space.another().collection(collection.name());
      List<VectorRecord> there = Samples.all(read);
      assertThat(Samples.payloads(there))
          .containsAllEntriesOf(Samples.payloads(List.copyOf(returned)));
      there.forEach(record -> assertThat(record.vector()).as("whole or not at all").isPresent());
    }
  }

  private static void writeUnlessKilled(
      VectorCollection writer, VectorRecord record, Queue<VectorRecord> returned) {
    try {
      writer.upsert(record);
      returned.add(record);
    } catch (VectorStoreException.Unavailable | VectorStoreException.OutcomeUnknown killed) {
      assertThat(killed.isRetryable()).as("once the engine is back").isTrue();
    }
  }

  @Test
  @Rule("E-10")
  default void anOpenStoreWorksAgainAfterARestart() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(Samples.records(3));
      space.requireDurable();
      space.crash();
      assertThat(Await.until(Duration.ofSeconds(30), () -> answers(collection)))
          .as("reconnect; what was read of the collection still holds")
          .isTrue();
      collection.upsert(Samples.record(3));
      assertThat(Samples.payloads(Samples.all(collection)))
          .isEqualTo(Samples.payloads(IntStream.range(0, 4).mapToObj(Samples::record).toList()));
    }
  }

  private static boolean answers(VectorCollection collection) {
    try {
      return collection.count() == 3;
    } catch (VectorStoreException.Unavailable stillDown) {
      return false;
    }
  }
}
