package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallOptions;
import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Page;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.WriteBatch;
import dev.vectorstore.WriteOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a store makes of an engine: its verbs, and its end. */
class EngineStoreTest {
  private static final RetryPolicy SOON =
      RetryPolicy.builder().writeDelays(Duration.ofNanos(1), Duration.ofNanos(1)).build();

  private final ListEngine engine = new ListEngine();
  private final HeardCalls heard = new HeardCalls();
  private final VectorStore store =
      EngineStore.open(engine, CallOptions.builder().retry(SOON).build(), heard);

  @AfterEach
  void close() {
    store.close();
  }

  private static List<VectorRecord> records(long count) {
    return LongStream.range(0, count)
        .mapToObj(i -> VectorRecord.of(RecordId.of(i), Payload.of(Map.of("n", i))))
        .toList();
  }

  @Test
  void aStoreAndItsCollectionsAreNamedAfterTheEngine() {
    assertThat(store.engine()).isEqualTo("list");
    assertThat(store).hasToString("VectorStore[list]");
    assertThat(store.collection("pages").name()).isEqualTo("pages");
    assertThat(store.collection("pages")).hasToString("VectorCollection[pages]");
    assertThat(store.capabilities()).isEqualTo(engine.capabilities);
  }

  @Test
  void whatIsEnsuredIsMadeAndOpened() {
    VectorCollection made = store.ensureCollection(ListEngine.SPEC);

    assertThat(engine.requests).containsExactly("ensure");
    assertThat(made.name()).isEqualTo("pages");
  }

  @Test
  void namesComeInOrderAndAreThereOrNot() {
    engine.names = new ArrayList<>(List.of("b", "c", "a"));

    assertThat(store.collections()).containsExactly("a", "b", "c");
    assertThat(store.exists("a")).isTrue();
    assertThat(store.exists("pages")).isFalse();
  }

  @Test
  void aDropSaysWhetherSomethingWasThere() {
    engine.names.add("pages.title");

    assertThat(store.drop("pages")).isTrue();
    assertThat(store.drop("pages")).isFalse();
    assertThat(store.dropVector("pages", "title")).isTrue();
    assertThat(store.dropVector("pages", "title")).isFalse();
  }

  /** The lost answer was that of the attempt that dropped it. */
  @Test
  void whatIsGoneAfterALostAnswerWasDroppedByIt() {
    engine.names.add("pages.title");
    AtomicBoolean lost = new AtomicBoolean();
    engine.onDrop =
        () -> {
          if (lost.compareAndSet(false, true)) {
            engine.names.clear();
            throw new OutcomeUnknown("answer lost");
          }
        };

    assertThat(store.drop("pages")).isTrue();
    assertThat(store.drop("pages")).isFalse();
    lost.set(false);
    assertThat(store.dropVector("pages", "title")).isTrue();
    assertThat(store.dropVector("pages", "title")).isFalse();
  }

  @Test
  void withoutTheCapabilityNothingIsMadeOrDroppedAndTheAdviceOfTheEngineIsTold() {
    engine.capabilities.remove(Capability.MANAGE);
    engine.advice = Optional.of("ask the owner");
    CollectionSpec plain = CollectionSpec.builder("plain").vectors(2, Metric.DOT).build();

    for (ThrowingCallable verb :
        List.<ThrowingCallable>of(
            () -> store.ensureCollection(plain),
            () -> store.drop("pages"),
            () -> store.dropVector("pages", "title"))) {
      assertThatThrownBy(verb)
          .isInstanceOf(UnsupportedFeature.class)
          .hasMessageContaining("no capability MANAGE")
          .hasMessageEndingWith("; ask the owner");
    }
    assertThat(engine.requests).isEmpty();
    assertThat(engine.names).containsExactly("pages");
  }

  @Test
  void aVectorIsMadeUnderANameThatEveryEngineTakes() {
    CollectionSpec spec = CollectionSpec.builder("plain").vector("a b", 2, Metric.DOT).build();

    assertThatThrownBy(() -> store.ensureCollection(spec)).isInstanceOf(InvalidRequest.class);
    assertThat(engine.requests).isEmpty();
  }

  @Test
  void aBatchOverCollectionsIsOneRequestAndAnEmptyOneNone() {
    engine.capabilities = EnumSet.allOf(Capability.class);

    store.apply(WriteBatch.builder().build());
    assertThat(engine.requests).isEmpty();

    store.apply(
        WriteBatch.builder()
            .upsert("pages", records(3))
            .delete("pages", List.of(RecordId.of(1)))
            .deleteWhere("pages", Filter.field("n").eq(2))
            .build());
    assertThat(engine.requests).containsExactly("describe", "apply 3 on [pages]");
  }

  @Test
  void aBatchIsRefusedBeforeItIsSent() {
    engine.capabilities = EnumSet.allOf(Capability.class);
    engine.capabilities.remove(Capability.PHRASE);

    refused(UnsupportedFeature.class, Filter.field("content").matchesPhrase("a b"));
    refused(InvalidRequest.class, Filter.field("n").matchesText("not declared"));
    VectorRecord bad = VectorRecord.of(RecordId.of(1), new float[] {1, 2, 3}, Payload.empty());
    WriteBatch batch = WriteBatch.builder().upsert("pages", List.of(bad)).build();
    assertThatThrownBy(() -> store.apply(batch)).isInstanceOf(InvalidRequest.class);

    assertThat(engine.requests).containsOnly("describe");
  }

  @Test
  void aBatchOfACollectionThatHasNoneIsRefused() {
    engine.capabilities = EnumSet.allOf(Capability.class);
    engine.lackingInCollection = EnumSet.of(Capability.ATOMIC_BATCH);

    WriteBatch batch = WriteBatch.builder().upsert("pages", records(1)).build();
    assertThatThrownBy(() -> store.apply(batch))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("ATOMIC_BATCH");
    assertThat(engine.requests).containsExactly("describe");
  }

  private void refused(Class<? extends Throwable> error, Filter filter) {
    WriteBatch batch = WriteBatch.builder().deleteWhere("pages", filter).build();
    assertThatThrownBy(() -> store.apply(batch)).isInstanceOf(error);
  }

  @Test
  void idsAndFiltersAndAllAreDeleted() {
    VectorCollection pages = store.collection("pages");
    engine.exactFilters = true;
    pages.upsert(records(10));

    pages.delete(List.of(RecordId.of(1), RecordId.of(2)));
    assertThat(engine.records.keySet()).doesNotContain(RecordId.of(1), RecordId.of(2)).hasSize(8);
    pages.deleteWhere(Filter.field("n").gte(5));
    assertThat(engine.records).hasSize(3);
    pages.deleteAll();
    assertThat(engine.records).isEmpty();
  }

  @Test
  void aScanGoesOnWhereItsCursorSays() {
    VectorCollection pages = store.collection("pages");
    pages.upsert(records(5));
    ScanRequest request = ScanRequest.all().pageSize(3);

    Page first = pages.scan(request);
    String cursor = first.next().orElseThrow();
    Page second = pages.scan(request.from(cursor));

    assertThat(first.records()).hasSize(3);
    assertThat(second.records().stream().map(VectorRecord::id))
        .containsExactly(RecordId.of(3), RecordId.of(4));
    assertThat(second.next()).isEmpty();
    assertThat(cursor).isEqualTo(Cursors.encode("list", "pages", "2"));
  }

  @Test
  void aScanOfNothingAsksNothing() {
    VectorCollection pages = store.collection("pages");
    pages.upsert(records(5));
    engine.requests.clear();

    assertThat(pages.scan(ScanRequest.all().filter(Filter.none())).records()).isEmpty();
    assertThat(engine.requests).isEmpty();
  }

  @Test
  void aThousandIdsAreReadInOneRequest() {
    VectorCollection pages = store.collection("pages");
    pages.upsert(records(1_000));
    engine.requests.clear();
    List<RecordId> ids = engine.records.keySet().stream().toList();

    assertThat(pages.fetch(ids, Projection.all())).hasSize(1_000);
    assertThat(engine.requests).containsExactly("fetch 1000");
  }

  @Test
  void aNullInAListIsToldByItsPlace() {
    List<RecordId> ids = new ArrayList<>(List.of(RecordId.of(1), RecordId.of(2)));
    ids.add(null);

    assertThatThrownBy(() -> store.collection("pages").fetch(ids, Projection.all()))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("ids[2]");
  }

  @Test
  void theClientOfTheEngineIsUnwrapped() {
    assertThat(store.unwrap(ListEngine.class)).isSameAs(engine);
    assertThatThrownBy(() -> store.unwrap(Runnable.class))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("no java.lang.Runnable to unwrap");
  }

  @Test
  void aClosedStoreOpensNothingAndIsNotHeard() {
    store.close();

    assertThatThrownBy(() -> store.collection("pages")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(store::capabilities).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> store.unwrap(ListEngine.class))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(store::ping).isInstanceOf(IllegalStateException.class);
    assertThat(heard.calls).isEmpty();
  }

  @Test
  void aStoreThatIsClosedDuringACallSendsNothingMore() {
    assertThatThrownBy(() -> store.collection("pages").bulkLoad(bulk -> store.close()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThat(engine.requests).containsExactly("describe", "beginBulk");
  }

  @Test
  void theThreadsOfABulkWriteKeepNoProgramAlive() {
    AtomicBoolean daemon = new AtomicBoolean();
    engine.beforeWrite = batch -> daemon.set(Thread.currentThread().isDaemon());

    store.collection("pages").upsertAll(records(1).stream(), WriteOptions.defaults());

    assertThat(daemon).isTrue();
  }

  @Test
  void anInterruptedCloseEndsTheEngineAndKeepsTheFlag() throws InterruptedException {
    CountDownLatch writing = new CountDownLatch(1);
    engine.beforeWrite =
        batch -> {
          writing.countDown();
          while (!engine.closed) {
            Thread.onSpinWait(); // as an engine that doesn't hear of interrupts
          }
        };
    VectorCollection pages = store.collection("pages");
    Thread writer = new Thread(() -> pages.upsertAll(records(1).stream(), WriteOptions.defaults()));
    writer.start();
    writing.await();
    try {
      Thread.currentThread().interrupt();
      store.close();
      assertThat(engine.closed).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    writer.join();
  }
}
