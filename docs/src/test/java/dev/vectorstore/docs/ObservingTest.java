package dev.vectorstore.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStores;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.supabase.PostgresConnections;
import dev.vectorstore.supabase.Supabase;
import dev.vectorstore.testservers.HttpReply;
import dev.vectorstore.testservers.PostgresServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.ScriptedHttpServer;
import dev.vectorstore.testservers.TestEngine;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an application's spans and counters are, by an exporter in memory. */
class ObservingTest {
  private static final String ROWS = "db.response.returned_rows";

  @RegisterExtension
  static final OpenTelemetryExtension TELEMETRY = OpenTelemetryExtension.create();

  private static VectorStore memory() {
    OpenTelemetry telemetry = TELEMETRY.getOpenTelemetry();
    // tag
    StoreOptions options =
        StoreOptions.builder().listener(new OpenTelemetryListener(telemetry)).build();
    VectorStore store = VectorStores.open("memory:", options);
    // end
    return store;
  }

  private static VectorCollection notes(VectorStore store) {
    VectorCollection notes =
        store.ensureCollection(CollectionSpec.builder("notes").vectors(2, Metric.DOT).build());
    notes.describe();
    TELEMETRY.clearSpans();
    return notes;
  }

  private static Stream<VectorRecord> records(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> VectorRecord.of(RecordId.of(i), new float[] {i, 1}, Payload.empty()));
  }

  private static List<SpanData> spans(String name) {
    return TELEMETRY.getSpans().stream().filter(span -> span.getName().equals(name)).toList();
  }

  private static long number(SpanData span, String key) {
    Long value = span.getAttributes().get(AttributeKey.longKey(key));
    return value == null ? -1 : value;
  }

  @Test
  @RequiresEngine(TestEngine.SUPABASE)
  void connectionsToPostgresAreCounted() {
    PostgresServer server = PostgresServer.shared();
    String url = server.createDatabase("observed").url("postgres");
    try (VectorStore store = VectorStores.open(url)) {
      store.ping();
      // tag
      PostgresConnections connections = store.unwrap(PostgresConnections.class);
      String figures =
          "%d open, %d idle, %d at most; %d calls wait; %d were opened"
              .formatted(
                  connections.open(),
                  connections.idle(),
                  connections.most(),
                  connections.waiting(),
                  connections.opened());
      // end
      assertThat(figures).isEqualTo("1 open, 1 idle, 10 at most; 0 calls wait; 1 were opened");
    }
  }

  @Test
  void aSearchIsASpanBelowTheCallers() {
    try (VectorStore store = memory()) {
      VectorCollection notes = notes(store);
      notes.upsert(records(5).toList());
      TELEMETRY.clearSpans();
      Span request = TELEMETRY.getOpenTelemetry().getTracer("app").spanBuilder("GET").startSpan();
      try (Scope inside = request.makeCurrent()) {
        notes.search(SearchRequest.nearest(1, 0).limit(3));
        assertThat(Span.current()).isSameAs(request);
      } finally {
        request.end();
      }

      SpanData search = spans("search notes").get(0);
      assertThat(search.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
      assertThat(search.getAttributes().asMap())
          .isEqualTo(
              Attributes.builder()
                  .put("db.system.name", "embedded")
                  .put("db.operation.name", "search")
                  .put("db.collection.name", "notes")
                  .put(ROWS, 3)
                  .put("dev.vectorstore.attempts", 1)
                  .build()
                  .asMap());
    }
  }

  @Test
  void theBatchesOfABulkWriteAreSpansBelowIt() {
    try (VectorStore store = memory()) {
      long before = calls("upsertAll");
      notes(store)
          .upsertAll(records(25), WriteOptions.builder().batchRecords(10).inFlight(2).build());

      List<SpanData> spans = spans("upsertAll notes");
      SpanData all =
          spans.stream().filter(span -> !span.getParentSpanContext().isValid()).findAny().get();
      List<SpanData> batches =
          spans.stream().filter(span -> span.getParentSpanContext().isValid()).toList();
      assertThat(batches)
          .hasSize(3)
          .allMatch(batch -> batch.getParentSpanId().equals(all.getSpanId()))
          .extracting(batch -> number(batch, "db.operation.batch.size"))
          .containsExactlyInAnyOrder(10L, 10L, 5L);
      assertThat(calls("upsertAll") - before).as("calls are counted, not batches").isEqualTo(1);
    }
  }

  @Test
  void aBulkLoadIsASpanAroundItsWrites() {
    try (VectorStore store = memory()) {
      long before = calls("upsertAll");
      notes(store).bulkLoad(notes -> notes.upsertAll(records(25), WriteOptions.defaults()));

      SpanData load = spans("bulkLoad notes").get(0);
      SpanData all =
          spans("upsertAll notes").stream()
              .filter(span -> span.getParentSpanId().equals(load.getSpanId()))
              .findAny()
              .get();
      assertThat(load.getStartEpochNanos()).isLessThanOrEqualTo(all.getStartEpochNanos());
      assertThat(load.getEndEpochNanos()).isGreaterThanOrEqualTo(all.getEndEpochNanos());
      assertThat(calls("bulkLoad")).isEqualTo(1);
      assertThat(calls("upsertAll") - before).isEqualTo(1);
    }
  }

  /** A server that is away for a moment: one call, two attempts. */
  @Test
  void aRetriedCallIsOneSpanWithItsAttempts() {
    RetryPolicy fast =
        RetryPolicy.builder().readDelays(Duration.ofMillis(1), Duration.ofMillis(2)).build();
    try (ScriptedHttpServer server =
            ScriptedHttpServer.start(
                HttpReply.of(503),
                HttpReply.json("99"),
                HttpReply.json("[\"a\", \"b\"]"),
                HttpReply.json("{\"swagger\": \"2.0\", \"paths\": {}, \"definitions\": {}}"));
        VectorStore store =
            Supabase.postgrest(server.url())
                .callOptions(CallOptions.builder().retry(fast).build())
                .listener(new OpenTelemetryListener(TELEMETRY.getOpenTelemetry()))
                .open()) {
      TELEMETRY.clearSpans();
      store.collections();

      SpanData span = spans("collections").get(0);
      assertThat(number(span, "dev.vectorstore.attempts")).isEqualTo(2);
      assertThat(number(span, ROWS)).isEqualTo(2);
      assertThat(number(span, "server.port")).isEqualTo(server.port());
      assertThat(span.getAttributes().get(AttributeKey.stringKey("db.system.name")))
          .isEqualTo("postgresql");
      assertThat(span.getAttributes().get(AttributeKey.stringKey("server.address")))
          .isEqualTo("127.0.0.1");
      assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }
  }

  @Test
  void aRefusedCallIsASpanWithAnErrorAndNoAttempt() {
    try (VectorStore store = memory()) {
      VectorCollection notes = notes(store);
      assertThatThrownBy(() -> notes.search(SearchRequest.nearest(1, 2, 3)))
          .isInstanceOf(InvalidRequest.class);

      SpanData span = spans("search notes").get(0);
      assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
      assertThat(span.getAttributes().get(AttributeKey.stringKey("error.type")))
          .isEqualTo("InvalidRequest");
      assertThat(number(span, "dev.vectorstore.attempts")).isZero();
      assertThat(Span.current().getSpanContext().isValid()).as("the context is off").isFalse();
    }
  }

  private static long calls(String operation) {
    return TELEMETRY.getMetrics().stream()
        .filter(metric -> metric.getName().equals("db.client.operation.duration"))
        .flatMap(metric -> metric.getHistogramData().getPoints().stream())
        .filter(
            point ->
                operation.equals(
                    point.getAttributes().get(AttributeKey.stringKey("db.operation.name"))))
        .mapToLong(HistogramPointData::getCount)
        .sum();
  }

  @Test
  void countersTakeALine() {
    // tag
    Map<String, LongAdder> counters = new ConcurrentHashMap<>();
    StoreOptions options =
        StoreOptions.builder()
            .listener(
                call ->
                    end ->
                        counters
                            .computeIfAbsent(
                                call.operation() + " " + end.errorType().orElse("ok"),
                                any -> new LongAdder())
                            .increment())
            .build();
    // end
    try (VectorStore store = VectorStores.open("memory:", options)) {
      store.collections();
      store.collections();
      assertThatThrownBy(() -> store.describe("")).isInstanceOf(InvalidRequest.class);
    }
    assertThat(counters.get("collections ok").sum()).isEqualTo(2);
    assertThat(counters.get("describe InvalidRequest").sum()).isEqualTo(1);
  }
}
