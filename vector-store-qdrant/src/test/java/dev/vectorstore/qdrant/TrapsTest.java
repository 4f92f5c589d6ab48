package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.WriteMode;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.support.Batch;
import dev.vectorstore.support.NearestQuery;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.HnswConfigDiff;
import io.qdrant.client.grpc.Collections.OptimizersConfigDiff;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.MinShould;
import io.qdrant.client.grpc.JsonWithInt;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.SetPayloadPoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Named after the traps of a real server: each was run into before the rule against it was made.
 */
@RequiresEngine(TestEngine.QDRANT)
class TrapsTest extends OneCollection {
  @Test
  void trap2ServerTokensAreNotOurTerms() {
    VectorCollection texts = texts("x²y", "ΑΣ ας", "naïve-café", "a_b", "ⓐ b");
    assertThat(found(texts, Filter.field("text").matchesText("x"))).containsExactly(0L);
    assertThat(found(texts, Filter.field("text").matchesText("ασ"))).containsExactly(1L);
    assertThat(found(texts, Filter.field("text").matchesText("CAFÉ"))).containsExactly(2L);
    assertThat(found(texts, Filter.field("text").matchesPhrase("a b"))).containsExactly(3L);
    assertThat(found(texts, Filter.field("text").matchesText("caf"))).isEmpty();
  }

  @Test
  void trap4EmptyGroupsMeanEverythingAndNeverReachADelete() {
    io.qdrant.client.grpc.Common.Filter empty =
        io.qdrant.client.grpc.Common.Filter.getDefaultInstance();
    Condition unset = Condition.getDefaultInstance();
    Condition nested = Condition.newBuilder().setFilter(empty).build();
    Condition bare =
        Condition.newBuilder().setField(FieldCondition.newBuilder().setKey("a")).build();
    List<io.qdrant.client.grpc.Common.Filter> wide =
        List.of(
            empty,
            empty.toBuilder().addMust(unset).build(),
            empty.toBuilder().addShould(nested).build(),
            empty.toBuilder().addMust(bare).build(),
            empty.toBuilder()
                .addMustNot(Condition.newBuilder().setFilter(empty.toBuilder().addMust(nested)))
                .build(),
            empty.toBuilder().setMinShould(MinShould.getDefaultInstance()).build());
    VectorCollection texts = texts("one", "two");
    QdrantCollection engine = bench.open(name);
    for (io.qdrant.client.grpc.Common.Filter filter : wide) {
      assertThatThrownBy(() -> engine.deleteWhere(filter, Bench.ATTEMPT))
          .as("%s", filter)
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(texts.count(Filter.all())).isEqualTo(2);
  }

  @Test
  void trap4DeletesOfRandomFiltersTakeWhatTheyMeanAndNothingElse() {
    RandomFilters random = new RandomFilters(4);
    VectorCollection collection =
        bench
            .store()
            .ensureCollection(
                CollectionSpec.builder(name)
                    .field(RandomFilters.TEXTS.get(0), FieldType.TERMS)
                    .field(RandomFilters.TEXTS.get(1), FieldType.TERMS)
                    .build());
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      records.add(VectorRecord.of(RandomFilters.id(i), random.payload()));
    }
    for (int i = 0; i < 40; i++) {
      collection.upsert(records);
      Filter filter = random.filter(3);
      if (!filter.isAll()) {
        collection.deleteWhere(filter);
        assertThat(collection.count(Filter.all()))
            .as("%s", filter)
            .isEqualTo(records.stream().filter(record -> !filter.test(record)).count());
      }
    }
  }

  @Test
  void trap5AFilteredSearchThroughTheGraphIsFull() {
    int count = 3_000;
    bench
        .engine()
        .ensure(CollectionSpec.builder(name).vectors(512, Metric.DOT).build(), Bench.ATTEMPT);
    bench
        .collections()
        .update(
            io.qdrant.client.grpc.Collections.UpdateCollection.newBuilder()
                .setCollectionName(name)
                .setHnswConfig(HnswConfigDiff.newBuilder().setFullScanThreshold(10))
                .setOptimizersConfig(OptimizersConfigDiff.newBuilder().setIndexingThreshold(10))
                .build());
    VectorCollection collection = bench.store().collection(name);
    Random random = new Random(5);
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Payload payload = Payload.of(Map.of("rare", i % 150, "n", i));
      records.add(VectorRecord.of(RecordId.of(i), vector(random, 512), payload));
    }
    collection.upsertAll(records.stream(), WriteOptions.defaults());
    assertThat(collection.awaitIndexed(Duration.ofSeconds(60))).isTrue();
    QdrantCollection engine = bench.open(name);
    int shortAnswers = 0;
    for (int i = 0; i < 60; i++) {
      Embedding query = vector(random, 512);
      Filter filter = Filter.field("rare").eq(i);
      NearestQuery<io.qdrant.client.grpc.Common.Filter> once =
          new NearestQuery<>(
              VectorSpec.PLAIN,
              query,
              engine.compile(filter).upper(),
              20,
              false,
              OptionalInt.empty(),
              Projection.ids());
      shortAnswers += engine.nearest(once, Bench.ATTEMPT).size() < 20 ? 1 : 0;
      SearchRequest request = SearchRequest.nearest(query).filter(filter).limit(20);
      assertThat(collection.search(request)).hasSize(20);
    }
    assertThat(shortAnswers).as("the graph alone answers too few").isPositive();
  }

  @Test
  void trap7NumbersAreFoundThoughAnotherMadeAnIntegerIndex() {
    VectorCollection collection = bench.store().ensureCollection(plain());
    double[] numbers = {3, 3.5, 0x1p63, -4, 1e300};
    for (int i = 0; i < numbers.length; i++) {
      put(collection, i, Map.of("n", numbers[i]));
    }
    put(collection, 10, Map.of("n", Long.MAX_VALUE));
    put(collection, 11, Map.of("n", 3));
    put(collection, 12, Map.of("n", (1L << 53) + 1));
    for (boolean indexed : new boolean[] {false, true}) {
      if (indexed) {
        index("n", io.qdrant.client.grpc.Points.FieldType.FieldTypeInteger);
      }
      VectorCollection anew = bench.store().collection(name);
      assertThat(found(anew, Filter.field("n").gt(3))).containsExactly(1L, 2L, 4L, 10L, 12L);
      assertThat(found(anew, Filter.field("n").eq(3))).containsExactly(0L, 11L);
      assertThat(found(anew, Filter.field("n").eq(Long.MAX_VALUE))).containsExactly(10L);
      assertThat(found(anew, Filter.field("n").gt(1L << 53))).containsExactly(2L, 4L, 10L, 12L);
      assertThat(found(anew, Filter.not(Filter.field("n").eq(0x1p63))))
          .containsExactly(0L, 1L, 3L, 4L, 10L, 11L, 12L);
    }
  }

  /** Nothing is beyond the largest double, so that a complement has everything. */
  @Test
  void trap3TheLargestDoubleIsNotBeyondItself() {
    VectorCollection collection = bench.store().ensureCollection(plain());
    put(collection, 0, Map.of("n", Double.MAX_VALUE));
    put(collection, 1, Map.of("n", -Double.MAX_VALUE));
    assertThat(found(collection, Filter.not(Filter.field("n").gt(Double.MAX_VALUE))))
        .containsExactly(0L, 1L);
    assertThat(found(collection, Filter.not(Filter.field("n").lt(-Double.MAX_VALUE))))
        .containsExactly(0L, 1L);
    assertThat(found(collection, Filter.field("n").gte(Double.MAX_VALUE))).containsExactly(0L);
    assertThat(found(collection, Filter.field("n").lte(-Double.MAX_VALUE))).containsExactly(1L);
  }

  @Test
  void trap7DeclaredNumbersGetAFloatIndex() {
    bench
        .store()
        .ensureCollection(CollectionSpec.builder(name).field("n", FieldType.NUMBER).build());
    assertThat(
            bench
                .collections()
                .get(GetCollectionInfoRequest.newBuilder().setCollectionName(name).build())
                .getResult()
                .getPayloadSchemaOrThrow("n")
                .getDataType())
        .isEqualTo(io.qdrant.client.grpc.Collections.PayloadSchemaType.Float);
  }

  @Test
  void trap8NullsAreFoundWithAndWithoutAnIndex() {
    VectorCollection collection = bench.store().ensureCollection(plain());
    Payload nothing = Payload.builder().put("x", null).build();
    collection.upsert(VectorRecord.of(RecordId.of(0), nothing));
    put(collection, 1, Map.of("x", Arrays.asList(null, 3)));
    put(collection, 2, Map.of("x", List.of()));
    put(collection, 3, Map.of("y", 1));
    put(collection, 4, Map.of("x", 3));
    put(collection, 5, Map.of("x", List.of(Arrays.asList((Object) null))));
    for (boolean indexed : new boolean[] {false, true}) {
      if (indexed) {
        bench.store().ensureCollection(plain().toBuilder().field("x", FieldType.NUMBER).build());
      }
      VectorCollection anew = bench.store().collection(name);
      assertThat(found(anew, Filter.field("x").isNull())).containsExactly(0L, 1L);
      assertThat(found(anew, Filter.not(Filter.field("x").isNull())))
          .containsExactly(2L, 3L, 4L, 5L);
      assertThat(found(anew, Filter.field("x").exists())).containsExactly(0L, 1L, 2L, 4L, 5L);
    }
  }

  /** The server's queue is full of slow work, so the write is taken and not applied in its time. */
  @Test
  void trap9AReplyOfWaitTimeoutIsNoSuccess() {
    VectorCollection collection = bench.store().ensureCollection(plain());
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      records.add(VectorRecord.of(RecordId.of(i), Payload.of(Map.of("n", i))));
    }
    collection.upsert(records);
    SetPayloadPoints slow =
        SetPayloadPoints.newBuilder()
            .setCollectionName(name)
            .setWait(false)
            .putPayload("busy", JsonWithInt.Value.newBuilder().setBoolValue(true).build())
            .setPointsSelector(
                PointsSelector.newBuilder()
                    .setFilter(io.qdrant.client.grpc.Common.Filter.getDefaultInstance()))
            .build();
    for (int i = 0; i < 200; i++) {
      bench.points().setPayload(slow);
    }
    VectorRecord late = VectorRecord.of(RecordId.of(9_999), Payload.empty());
    QdrantCollection engine = bench.open(name);
    // 1 s for the server, so that its answer is here before the client gives up.
    assertThatThrownBy(
            () ->
                engine.write(
                    Batch.of(List.of(late)), WriteMode.REPLACE, () -> Duration.ofMillis(1_990)))
        .isInstanceOf(OutcomeUnknown.class)
        .hasMessageContaining("WaitTimeout");
  }

  @Test
  void trap10TheLastOfOneIdInACallWins() {
    VectorCollection collection = bench.store().ensureCollection(plain());
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      records.add(VectorRecord.of(RecordId.of(i % 5), Payload.of(Map.of("n", i))));
    }
    collection.upsert(records);
    assertThat(found(collection, Filter.field("n").gte(45))).hasSize(5);
    assertThat(collection.count(Filter.all())).isEqualTo(5);
  }

  private CollectionSpec plain() {
    return CollectionSpec.builder(name).build();
  }

  private static void put(VectorCollection collection, long id, Map<String, ?> payload) {
    collection.upsert(VectorRecord.of(RecordId.of(id), Payload.of(payload)));
  }

  private VectorCollection texts(String... texts) {
    VectorCollection collection =
        bench
            .store()
            .ensureCollection(CollectionSpec.builder(name).field("text", FieldType.TERMS).build());
    for (int i = 0; i < texts.length; i++) {
      put(collection, i, Map.of("text", texts[i]));
    }
    return collection;
  }

  private static Embedding vector(Random random, int dimension) {
    float[] components = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      components[i] = (float) random.nextGaussian();
    }
    return Embedding.of(components);
  }

  /** The ids that a scan, a count and a delete would see. */
  private static List<Long> found(VectorCollection collection, Filter filter) {
    List<Long> ids =
        collection.scan(ScanRequest.all().filter(filter).pageSize(1_000)).records().stream()
            .map(record -> ((RecordId.NumberId) record.id()).value())
            .toList();
    assertThat(collection.count(filter)).isEqualTo(ids.size());
    return ids;
  }
}
