package dev.vectorstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.WriteMode;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Batch;
import dev.vectorstore.support.Bounds;
import dev.vectorstore.support.NearestQuery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.apache.lucene.search.Query;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that take long end with their deadline, and by an interrupt. */
class LongCallsTest {
  private static final Attempt HOUR = () -> Duration.ofHours(1);

  /** As the core makes it: never nothing, but one nanosecond at least. */
  private static final Attempt OVER = () -> Duration.ofNanos(1);

  private final EmbeddedEngine engine = new EmbeddedEngine(name -> new ByteBuffersDirectory());

  @AfterEach
  void close() {
    assertThat(Thread.interrupted()).as("the flag of the test's thread").isFalse();
    engine.close();
  }

  private EmbeddedCollection collection(CollectionSpec spec) {
    engine.ensure(spec, HOUR);
    return engine.open(spec.name(), HOUR);
  }

  private EmbeddedCollection texts(int count) {
    EmbeddedCollection texts = collection(CollectionSpec.builder("texts").build());
    texts.write(
        Batch.of(
            LongStream.range(0, count)
                .mapToObj(
                    id ->
                        VectorRecord.of(
                            RecordId.of(id), Payload.of(Map.of("content", "text " + id))))
                .toList()),
        WriteMode.REPLACE,
        HOUR);
    texts.count(Bounds.all(), HOUR);
    return texts;
  }

  private static Bounds<Query> nowhere(EmbeddedCollection collection) {
    return collection.compile(Filter.field("content").containsText("nowhere"));
  }

  @Test
  void aFilterThatFindsNothingEndsWithItsDeadline() {
    EmbeddedCollection texts = texts(2_000);
    assertThatThrownBy(() -> texts.count(nowhere(texts), OVER))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("before the collection was read");
    assertThatThrownBy(
            () ->
                texts.count(
                    texts.compile(Filter.not(Filter.field("content").containsText("text"))), OVER))
        .isInstanceOf(Unavailable.class);
    assertThat(texts.count(nowhere(texts), HOUR)).isZero();
  }

  @Test
  void aWalkOverTheGraphEndsWithItsDeadline() {
    EmbeddedCollection vectors =
        collection(CollectionSpec.builder("vectors").vectors(8, Metric.COSINE).build());
    RandomData data = new RandomData(1);
    vectors.write(
        Batch.of(
            LongStream.range(0, 8_000)
                .mapToObj(id -> VectorRecord.of(RecordId.of(id), data.vector(8), Payload.empty()))
                .toList()),
        WriteMode.REPLACE,
        HOUR);
    vectors.count(Bounds.all(), HOUR);
    NearestQuery<Query> query =
        new NearestQuery<>(
            VectorSpec.PLAIN,
            Embedding.of(1, 2, 3, 4, 5, 6, 7, 8),
            null,
            10,
            false,
            OptionalInt.empty(),
            Projection.ids());
    assertThat(vectors.explain(query)).contains("of the graph");
    assertThat(vectors.nearest(query, HOUR)).hasSize(10);
    assertThatThrownBy(() -> vectors.nearest(query, OVER)).isInstanceOf(Unavailable.class);
  }

  @Test
  void anInterruptEndsALongRead() {
    EmbeddedCollection texts = texts(2_000);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> texts.count(nowhere(texts), HOUR))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anInterruptEndsALongWrite() {
    EmbeddedCollection texts = texts(1);
    List<VectorRecord> records =
        LongStream.range(0, 500)
            .mapToObj(id -> VectorRecord.of(RecordId.of(id), Payload.empty()))
            .toList();
    Attempt interrupting =
        () -> {
          Thread.currentThread().interrupt();
          return Duration.ofHours(1);
        };
    // The lock is waited for first, and an interrupt there leaves nothing written.
    assertThatThrownBy(
            () -> texts.write(Batch.of(records), WriteMode.REPLACE, behind(3, interrupting)))
        .isInstanceOf(OutcomeUnknown.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(texts.count(Bounds.all(), HOUR)).isBetween(1L, 499L);
  }

  /** An attempt with an hour, whose time is asked for so often before the other is. */
  private static Attempt behind(int times, Attempt other) {
    int[] asked = {0};
    return () -> ++asked[0] > times ? other.remaining() : Duration.ofHours(1);
  }
}
