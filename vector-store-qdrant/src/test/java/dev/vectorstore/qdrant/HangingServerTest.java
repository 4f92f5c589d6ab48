package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.QdrantCluster;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of a real cluster hangs: it takes connections and requests and answers none, so that
 * nothing but time tells it from one that works.
 */
@RequiresEngine(TestEngine.QDRANT)
class HangingServerTest {
  private static final Logger LOG = LoggerFactory.getLogger(HangingServerTest.class);
  private static final String NAME = "pages";
  private static final int RECORDS = 3_000;

  /** In so many milliseconds even a busy machine has noticed; else a read is held for 15 s. */
  private static final double NOTICED = 5_000;

  /** At least so many milliseconds a read takes that the server held; a busy machine is faster. */
  private static final double HELD = 1_500;

  private QdrantCluster cluster;
  private VectorStore store;
  private VectorCollection collection;

  @BeforeEach
  void fill() {
    cluster = QdrantCluster.start(3);
    store = open(cluster.url());
    collection =
        store.ensureCollection(CollectionSpec.builder(NAME).vectors(2, Metric.COSINE).build());
    collection.upsert(IntStream.range(0, RECORDS).mapToObj(HangingServerTest::record).toList());
  }

  @AfterEach
  void close() {
    store.close();
    cluster.close();
  }

  @Test
  void readsPassByAServerThatHangs() {
    Times healthy = Times.of(2, this::read);
    QdrantServer hanging = cluster.nodes().get(2);
    hanging.suspend();
    try {
      Times first = Times.of(2, this::read);
      Times then = Times.of(10, this::read);
      LOG.warn("reads: healthy {}, a server hangs {}, after 2 s {}", healthy, first, then);
      assertThat(first.longest()).isLessThan(NOTICED);
      assertThat(then.percentile(0.99))
          .isLessThan(Math.max(2 * healthy.percentile(0.99), HELD / 2));
      try (VectorStore fresh = open(cluster.url())) {
        Times opening =
            Times.of(3, i -> assertThat(fresh.collection(NAME).fetch(RecordId.of(i))).isPresent());
        LOG.warn("a store that is opened meanwhile: {}", opening);
        assertThat(opening.longest()).isLessThan(NOTICED);
      }
    } finally {
      hanging.resume();
    }
    assertThat(Times.of(2, this::read).longest()).isLessThan(NOTICED);
  }

  /** The cluster itself holds each shard's writes until it gives up the replica that hangs. */
  @Test
  void writesGoOnBesideAServerThatHangs() {
    QdrantServer hanging = cluster.nodes().get(2);
    hanging.suspend();
    int[] written = {0};
    try {
      long start = System.nanoTime();
      while (Times.of(1, i -> collection.upsert(record(RECORDS + written[0]++))).count() < 20) {
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(90));
      }
      long until = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
      Times then = Times.of(5, i -> collection.upsert(record(RECORDS + written[0]++)));
      LOG.warn("writes: slow for {} s, then {}", until, then);
      assertThat(then.longest()).isLessThan(NOTICED);
    } finally {
      hanging.resume();
    }
    cluster.awaitWhole(NAME);
    assertThat(collection.count()).isEqualTo(RECORDS + written[0]);
  }

  private void read(int i) {
    if (i % 2 == 0) {
      assertThat(collection.fetch(RecordId.of(i % RECORDS))).isPresent();
    } else {
      assertThat(collection.search(SearchRequest.nearest(Embedding.of(1, i)).limit(3))).hasSize(3);
    }
  }

  private static VectorRecord record(int i) {
    return VectorRecord.of(
        RecordId.of(i), Embedding.of(1 + i % 13, 1 + i % 17), Payload.of(Map.of("n", i)));
  }

  private static VectorStore open(String url) {
    return Qdrant.at(url.substring("qdrant:".length()))
        .collections(
            QdrantCollectionOptions.builder()
                .shards(3)
                .replicationFactor(2)
                .writeConsistencyFactor(1)
                .build())
        .open();
  }

  /** How long each of many calls took, in milliseconds; a call that fails fails the test. */
  private record Times(List<Double> sorted) {
    static Times of(int seconds, IntConsumer call) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      List<Double> times = new ArrayList<>();
      for (int i = 0; System.nanoTime() < end; i++) {
        long start = System.nanoTime();
        call.accept(i);
        times.add((System.nanoTime() - start) / 1e6);
      }
      Collections.sort(times);
      return new Times(times);
    }

    int count() {
      return sorted.size();
    }

    double percentile(double share) {
      return sorted.get((int) (share * (sorted.size() - 1)));
    }

    double longest() {
      return percentile(1);
    }

    @Override
    public String toString() {
      return String.format(
          "%d (p50 %.1f ms, p99 %.1f ms, longest %.0f ms)",
          count(), percentile(0.5), percentile(0.99), longest());
    }
  }
}
