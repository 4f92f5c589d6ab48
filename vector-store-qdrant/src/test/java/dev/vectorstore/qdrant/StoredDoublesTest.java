package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.JsonWithInt.ListValue;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.GetPoints;
import io.qdrant.client.grpc.Points.NamedVectors;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.Points.Vectors;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Trap 1: Qdrant changes doubles. */
@RequiresEngine(TestEngine.QDRANT)
class StoredDoublesTest {
  private static final int COUNT = 4_000;

  @Test
  void whatStorageChangesIsPredictedToTheBitAndRestored() {
    List<Double> doubles = doubles();
    String name = Bench.freshName();
    try (Bench bench = new Bench()) {
      VectorCollection collection =
          bench.store().ensureCollection(CollectionSpec.builder(name).build());
      Payload payload = Payload.of(Map.of("list", doubles));
      bench.points().upsert(bare(name, doubles));
      List<Value> stored =
          bench
              .points()
              .get(
                  GetPoints.newBuilder()
                      .setCollectionName(name)
                      .addIds(PointId.newBuilder().setNum(1))
                      .setWithPayload(WithPayloadSelector.newBuilder().setEnable(true))
                      .build())
              .getResult(0)
              .getPayloadOrThrow("list")
              .getListValue()
              .getValuesList();
      int changed = 0;
      for (int i = 0; i < doubles.size(); i++) {
        double original = doubles.get(i);
        double read = stored.get(i).getDoubleValue();
        assertThat(SerdeDoubles.reread(original)).as("%s", original).isEqualTo(read);
        assertThat(SerdeDoubles.isHard(original)).as("%s", original).isEqualTo(read != original);
        changed += read == original ? 0 : 1;
      }
      assertThat(changed).as("the server still changes doubles").isGreaterThan(COUNT / 50);
      collection.upsert(VectorRecord.of(RecordId.of(1), payload));
      assertThat(collection.fetch(RecordId.of(1)).orElseThrow().payload()).isEqualTo(payload);
      bench.store().drop(name);
    }
  }

  @Test
  void aChangedDoubleIsFoundByItsOriginalWithAnIndexBuiltBeforeAndAfter() {
    for (boolean before : new boolean[] {true, false}) {
      String name = Bench.freshName();
      CollectionSpec plain = CollectionSpec.builder(name).build();
      CollectionSpec indexed = plain.toBuilder().field("n", FieldType.NUMBER).build();
      List<Double> hard = doubles().stream().filter(SerdeDoubles::isHard).limit(50).toList();
      try (Bench bench = new Bench()) {
        VectorCollection collection = bench.store().ensureCollection(before ? indexed : plain);
        for (int i = 0; i < hard.size(); i++) {
          Payload payload = Payload.of(Map.of("n", hard.get(i)));
          collection.upsert(VectorRecord.of(RecordId.of(i), payload));
        }
        collection = bench.store().ensureCollection(indexed);
        for (double original : hard) {
          Filter filter = Filter.field("n").eq(original);
          assertThat(collection.count(filter)).as("%s", original).isPositive();
          assertThat(collection.count(Filter.not(filter))).isLessThan(hard.size());
          assertThat(collection.count(Filter.field("n").gt(original)))
              .isEqualTo(hard.stream().filter(other -> other > original).count());
        }
        bench.store().drop(name);
      }
    }
  }

  private static UpsertPoints bare(String name, List<Double> doubles) {
    ListValue.Builder list = ListValue.newBuilder();
    doubles.forEach(number -> list.addValues(Value.newBuilder().setDoubleValue(number)));
    return UpsertPoints.newBuilder()
        .setCollectionName(name)
        .setWait(true)
        .addPoints(
            PointStruct.newBuilder()
                .setId(PointId.newBuilder().setNum(1))
                .putPayload("list", Value.newBuilder().setListValue(list).build())
                .setVectors(Vectors.newBuilder().setVectors(NamedVectors.getDefaultInstance())))
        .build();
  }

  private static List<Double> doubles() {
    Random random = new Random(11);
    List<Double> doubles =
        new ArrayList<>(List.of(Double.MIN_VALUE, Double.MIN_NORMAL, 1e15, 1e16));
    doubles.addAll(
        List.of(1e22, Double.parseDouble("1e23"), 0x1p53, 123456789012345680.0, 0x1p-44, 2e-3));
    while (doubles.size() < COUNT) {
      doubles.add(random.nextDouble());
      doubles.add((double) random.nextFloat());
      doubles.add(Math.rint(random.nextDouble() * 1e17));
      double any = Double.longBitsToDouble(random.nextLong());
      if (Math.abs(any) < 1e300) {
        doubles.add(any == 0 ? 0.0 : any);
      }
    }
    return doubles;
  }
}
