package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallEnd;
import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.CallStart;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.WriteBatch;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.support.HeardCalls.Heard;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a listener hears of calls. */
class CallListenerTest extends ListenedStore {
  private void load(int count) {
    pages.upsert(records(count).toList());
    heard.calls.clear();
  }

  @Test
  void eachVerbIsHeardOnceFromStartToEndOnTheCallersThread() {
    load(5);
    List<RecordId> ids = List.of(RecordId.of(1), RecordId.of(2));
    store.ping();
    store.collections();
    store.exists("pages");
    store.describe("pages");
    store.ensureCollection(ListEngine.SPEC);
    store.drop("pages");
    pages.describe();
    pages.upsert(records(2).toList());
    pages.upsertAll(records(2), WriteOptions.defaults());
    pages.fetch(ids, Projection.all());
    pages.search(SearchRequest.nearest(1, 0));
    pages.searchBatch(List.of(SearchRequest.nearest(1, 0), SearchRequest.nearest(0, 1)));
    pages.scan(ScanRequest.all());
    pages.count();
    pages.patchPayload(ids, Payload.of(java.util.Map.of("a", 1)), List.of());
    pages.delete(ids);
    pages.deleteWhere(Filter.ids(ids));
    pages.deleteAll();
    pages.awaitIndexed(Duration.ofSeconds(1));
    pages.bulkLoad(pages -> {});
    pages.explain(SearchRequest.nearest(1, 0));

    assertThat(heard.operations())
        .containsExactly(
            "ping",
            "collections",
            "exists",
            "describe",
            "ensureCollection",
            "drop",
            "describe",
            "upsert",
            "upsertAll",
            "fetch",
            "search",
            "searchBatch",
            "scan",
            "count",
            "patchPayload",
            "delete",
            "deleteWhere",
            "deleteAll",
            "awaitIndexed",
            "bulkLoad",
            "explain");
    for (Heard call : heard.calls) {
      assertThat(call.end().failure()).as("%s", call).isEmpty();
      assertThat(call.startedOn).as("%s", call).isSameAs(Thread.currentThread());
      assertThat(call.endedOn).as("%s", call).isSameAs(Thread.currentThread());
      assertThat(call.start.engine()).isEqualTo("list");
      assertThat(call.start.server()).isEqualTo(CallStart.Server.of("list"));
      assertThat(call.end().attempts()).as("%s", call).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void aSearchTellsItsLimitAndItsHits() {
    load(50);
    long started = System.nanoTime();
    pages.search(SearchRequest.nearest(1, 0).limit(7));
    Duration measured = Duration.ofNanos(System.nanoTime() - started);

    Heard search = heard.only();
    assertThat(search.start.collection()).contains("pages");
    assertThat(search.start.limit()).hasValue(7);
    assertThat(search.start.batchSize()).isEmpty();
    assertThat(search.end().returnedRows()).hasValue(7);
    assertThat(search.end().attempts()).isEqualTo(1);
    assertThat(search.end().requests()).isEqualTo(1);
    assertThat(search.end().writtenRecords()).isEmpty();
    assertThat(search.end().duration()).isPositive().isLessThanOrEqualTo(measured);
  }

  @Test
  void batchesAndPagesTellTheirRows() {
    load(5);
    pages.searchBatch(List.of(SearchRequest.nearest(1, 0), SearchRequest.nearest(0, 1).limit(2)));
    pages.scan(ScanRequest.all().pageSize(3));

    assertThat(heard.calls.get(0).start.batchSize()).hasValue(2);
    assertThat(heard.calls.get(0).end().returnedRows()).hasValue(7);
    assertThat(heard.calls.get(1).start.limit()).hasValue(3);
    assertThat(heard.calls.get(1).end().returnedRows()).hasValue(3);
  }

  @Test
  void aWriteTellsItsRecords() {
    load(0);
    pages.upsert(records(4).toList());

    assertThat(heard.only().end().writtenRecords()).hasValue(4);
  }

  /** The first use reads the description, and a filter that isn't native asks for more. */
  @Test
  void severalRequestsAreStillOneAttempt() {
    load(500);
    VectorCollection fresh = store.collection("pages");
    fresh.search(SearchRequest.nearest(1, 0).filter(Filter.field("n").exists()).limit(7));

    CallEnd end = heard.only().end();
    assertThat(end.requests()).isGreaterThan(2);
    assertThat(end.attempts()).isEqualTo(1);
    assertThat(end.returnedRows()).hasValue(0);
  }

  @Test
  void aRetriedCallTellsItsAttempts() {
    pages.describe();
    heard.calls.clear();
    AtomicInteger writes = new AtomicInteger();
    engine.beforeWrite =
        batch -> {
          if (writes.incrementAndGet() < 3) {
            throw new Unavailable("down");
          }
        };
    pages.upsert(records(4).toList());

    CallEnd end = heard.only().end();
    assertThat(heard.only().start.batchSize()).hasValue(4);
    assertThat(end.attempts()).isEqualTo(3);
    assertThat(end.requests()).isEqualTo(3);
    assertThat(end.failure()).isEmpty();
    assertThat(end.writtenRecords()).hasValue(4);
  }

  @Test
  void aRefusedCallIsHeardWithoutAttempts() {
    pages.describe();
    heard.calls.clear();
    assertThatThrownBy(() -> pages.search(SearchRequest.nearest(1, 2, 3)))
        .isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> store.exists("")).isInstanceOf(InvalidRequest.class);

    for (Heard call : heard.calls) {
      assertThat(call.end().attempts()).isZero();
      assertThat(call.end().requests()).isZero();
      assertThat(call.end().errorType()).contains("InvalidRequest");
      assertThat(call.end().returnedRows()).isEmpty();
    }
    assertThat(heard.operations()).containsExactly("search", "exists");
  }

  @Test
  void aBatchOverCollectionsTellsItsWrites() {
    engine.capabilities = java.util.EnumSet.allOf(dev.vectorstore.Capability.class);
    store.apply(
        WriteBatch.builder()
            .delete("pages", List.of(RecordId.of(1)))
            .upsert("pages", records(3).toList())
            .build());

    assertThat(heard.only().start.toString()).isEqualTo("apply (list)");
    assertThat(heard.only().start.batchSize()).hasValue(2);
  }

  @Test
  void aListenerThatThrowsChangesNothing() {
    CallListener atStart =
        call -> {
          throw new IllegalStateException("at the start");
        };
    CallListener atEnd =
        call ->
            end -> {
              throw new IllegalStateException("at the end");
            };
    CallListener byError =
        call ->
            end -> {
              throw new NoClassDefFoundError("no tracing library");
            };
    for (CallListener broken : List.of(atStart, atEnd, byError)) {
      ListEngine own = new ListEngine();
      try (VectorStore loud = EngineStore.open(own, CallOptions.defaults(), broken)) {
        loud.collection("pages").upsertAll(records(25), WriteOptions.defaults());
        assertThat(loud.collection("pages").count()).isEqualTo(25);
      }
    }
  }

  @Test
  void aViewOfTheStoreIsHeardAndClosesWithIt() {
    VectorStore view = store.with(CallOptions.builder().retry(RetryPolicy.none()).build());
    engine.beforeWrite =
        batch -> {
          throw new Unavailable("down");
        };
    VectorCollection once = view.collection("pages");
    assertThatThrownBy(() -> once.upsert(records(1).toList())).isInstanceOf(Unavailable.class);
    assertThat(heard.only().end().attempts()).isEqualTo(1);

    view.close();
    assertThat(engine.closed).isTrue();
    assertThatThrownBy(store::ping).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aPingIsTriedOnceAndSoon() {
    engine.onPing =
        attempt -> {
          assertThat(attempt.remaining()).isLessThanOrEqualTo(Duration.ofSeconds(5));
          throw new Unavailable("down");
        };
    assertThatThrownBy(store::ping).isInstanceOf(Unavailable.class).hasMessage("ping (list): down");
    assertThat(heard.only().end().attempts()).isEqualTo(1);

    VectorStore hurried =
        store.with(CallOptions.builder().attemptTimeout(Duration.ofMillis(50)).build());
    engine.onPing =
        attempt -> assertThat(attempt.remaining()).isLessThanOrEqualTo(Duration.ofMillis(50));
    hurried.ping();
  }
}
