package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.PatchReport;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.CollectionStatus;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.HnswConfigDiff;
import io.qdrant.client.grpc.Collections.OptimizersConfigDiff;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Where an optimization is cancelled, Qdrant 1.18 has the points that were replaced meanwhile in
 * two segments, until the two are merged: as they are, and as they were. An update of points that a
 * filter selects then takes each for two, and where an optimization is at work on the first, stores
 * nothing but the change for the second.
 */
@RequiresEngine(TestEngine.QDRANT)
class CancelledOptimizationTest extends OneCollection {
  private static final int DIMENSION = 128;
  private static final int RECORDS = 40_000;
  private static final int REPLACED = 4_000;
  private static final int BATCH = 20;
  private static final int TRIES = 10;

  @Test
  void aPatchKeepsTheOtherKeysOfARecordThatIsThereTwice() {
    VectorCollection collection = indexed();
    int patched = 0;
    for (int round = 1; patched == 0 && round <= TRIES; round++) {
      replaceWhileAnOptimizationIsCancelled(collection, round);
      patched = patchWhileRecordsAreThereTwice(collection, round);
    }
    assertThat(patched).as("patches while records were there twice").isPositive();
  }

  /** What was acknowledged is what counts, though the filter selects what was there before. */
  @Test
  void aDeleteByWhatARecordWasBeforeLeavesTheRecordThatIsThereTwice() {
    VectorCollection collection = indexed();
    int deleted = 0;
    for (int round = 1; deleted == 0 && round <= TRIES; round++) {
      replaceWhileAnOptimizationIsCancelled(collection, round);
      deleted = deleteWhileRecordsAreThereTwice(collection, round);
    }
    assertThat(deleted).as("deletes while records were there twice").isPositive();
  }

  /** As {@link #patchWhileRecordsAreThereTwice}. */
  private int deleteWhileRecordsAreThereTwice(VectorCollection collection, int round) {
    int twice = 0;
    CollectionInfo info = info();
    for (long from = 0;
        from < REPLACED && info.getStatus() != CollectionStatus.Green;
        from += BATCH) {
      Filter before =
          Filter.and(
              Filter.field("n").gte(from),
              Filter.field("n").lt(from + BATCH),
              Filter.field("round").lt(round));
      assertThat(collection.scan(ScanRequest.all().filter(before)).records()).isEmpty();
      collection.deleteWhere(before);
      List<RecordId> ids = LongStream.range(from, from + BATCH).mapToObj(RecordId::of).toList();
      assertThat(collection.fetch(ids, Projection.ids())).as("acknowledged").hasSize(BATCH);
      twice += info.getPointsCount() > RECORDS ? 1 : 0;
      info = info();
    }
    await(now -> now.getStatus() == CollectionStatus.Green);
    return twice;
  }

  private VectorCollection indexed() {
    bench
        .store()
        .ensureCollection(CollectionSpec.builder(name).vectors(DIMENSION, Metric.DOT).build())
        .describe();
    update(
        UpdateCollection.newBuilder()
            .setOptimizersConfig(
                OptimizersConfigDiff.newBuilder()
                    .setDefaultSegmentNumber(1)
                    .setIndexingThreshold(1_000)));
    VectorCollection collection = bench.store().collection(name);
    collection.upsertAll(
        LongStream.range(0, RECORDS).mapToObj(i -> record(i, 0)), WriteOptions.defaults());
    assertThat(collection.awaitIndexed(Duration.ofMinutes(2))).isTrue();
    return collection;
  }

  /** Other settings of the graph make the server index anew, and the former ones stop it. */
  private void replaceWhileAnOptimizationIsCancelled(VectorCollection collection, int round) {
    graph(17);
    await(info -> info.getStatus() == CollectionStatus.Yellow);
    collection.upsertAll(
        LongStream.range(0, REPLACED).mapToObj(i -> record(i, round)), WriteOptions.defaults());
    graph(16);
  }

  /** Until the optimizer has merged both; gives back how many patches came before. */
  private int patchWhileRecordsAreThereTwice(VectorCollection collection, int round) {
    int twice = 0;
    CollectionInfo info = info();
    for (long from = 0;
        from < REPLACED && info.getStatus() != CollectionStatus.Green;
        from += BATCH) {
      patch(collection, from, round);
      twice += info.getPointsCount() > RECORDS ? 1 : 0;
      info = info();
    }
    await(now -> now.getStatus() == CollectionStatus.Green);
    return twice;
  }

  private static void patch(VectorCollection collection, long from, int round) {
    List<RecordId> ids = LongStream.range(from, from + BATCH).mapToObj(RecordId::of).toList();
    PatchReport report = collection.patchPayload(ids, Payload.of(Map.of("p", from)), List.of());
    assertThat(report.patched()).isEqualTo(BATCH);
    Projection payload = Projection.payload();
    assertThat(collection.fetch(ids, payload).stream().map(VectorRecord::payload).toList())
        .isEqualTo(
            LongStream.range(from, from + BATCH)
                .mapToObj(id -> Payload.of(Map.of("n", id, "round", round, "p", from)))
                .toList());
  }

  private static VectorRecord record(long id, int round) {
    SplittableRandom random = new SplittableRandom(id);
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextDouble();
    }
    return VectorRecord.of(
        RecordId.of(id), Embedding.of(vector), Payload.of(Map.of("n", id, "round", round)));
  }

  private void graph(int links) {
    update(UpdateCollection.newBuilder().setHnswConfig(HnswConfigDiff.newBuilder().setM(links)));
  }

  private void update(UpdateCollection.Builder settings) {
    bench.collections().update(settings.setCollectionName(name).build());
  }

  /** The server tells nobody when it begins or ends. */
  private void await(Predicate<CollectionInfo> state) {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!state.test(info())) {
      assertThat(System.nanoTime()).as("the server's optimizer").isLessThan(end);
    }
  }

  private CollectionInfo info() {
    return bench
        .collections()
        .get(GetCollectionInfoRequest.newBuilder().setCollectionName(name).build())
        .getResult();
  }
}
