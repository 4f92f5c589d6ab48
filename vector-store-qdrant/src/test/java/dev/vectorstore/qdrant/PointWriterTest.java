package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Floats;
import dev.vectorstore.Embedding;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorParamsMap;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.JsonWithInt;
import io.qdrant.client.grpc.JsonWithInt.ListValue;
import io.qdrant.client.grpc.JsonWithInt.NullValue;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.Points.DenseVector;
import io.qdrant.client.grpc.Points.NamedVectors;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.Vectors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Payloads and vectors that are written by hand are what protocol buffers' own builders would have
 * written.
 */
class PointWriterTest {
  private static final VectorParams EUCLIDEAN =
      VectorParams.newBuilder().setSize(3).setDistance(Distance.Euclid).build();
  private static final VectorsConfig UNNAMED =
      VectorsConfig.newBuilder().setParams(EUCLIDEAN).build();
  private static final VectorsConfig NAMED =
      VectorsConfig.newBuilder()
          .setParamsMap(VectorParamsMap.newBuilder().putMap("täxt", EUCLIDEAN))
          .build();
  private static final Embedding VECTOR = Embedding.of(-0f, Float.MIN_VALUE, Float.MAX_VALUE);

  @Test
  void anyPayloadIsWrittenAsABuilderWouldHave() {
    Random random = new Random(11);
    for (int i = 0; i < 2_000; i++) {
      Value.ObjectValue payload = (Value.ObjectValue) object(random, 0);
      RecordId id = id(random);
      PointStruct.Builder expected =
          PointStruct.newBuilder().setId(PointIds.of(id)).setVectors(plain());
      payload.entries().forEach((key, value) -> expected.putPayload(key, built(value)));
      assertThat(written(UNNAMED, VectorRecord.of(id, VECTOR, Payload.of(payload))))
          .isEqualTo(expected.build());
    }
  }

  /** Around the lengths from which on a length itself takes a byte more. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152})
  void aLengthTakesAsManyBytesAsItNeeds(int length) {
    for (int around = Math.max(0, length - 40); around < length + 3; around++) {
      String text = "x".repeat(around);
      PointStruct point =
          written(
              UNNAMED, VectorRecord.of(RecordId.of(1), VECTOR, Payload.of(Map.of("text", text))));
      assertThat(point.getPayloadOrThrow("text").getStringValue().equals(text))
          .as("%d characters", around)
          .isTrue();
      assertThat(point.getVectors()).isEqualTo(plain());
    }
  }

  @Test
  void aNamedVectorIsWrittenByItsNameAndNoneAsNone() {
    assertThat(written(NAMED, VectorRecord.of(RecordId.of(1), VECTOR, Payload.empty())))
        .isEqualTo(
            PointStruct.newBuilder()
                .setId(PointIds.of(RecordId.of(1)))
                .setVectors(
                    Vectors.newBuilder()
                        .setVectors(NamedVectors.newBuilder().putVectors("täxt", dense())))
                .build());
    assertThat(written(UNNAMED, VectorRecord.of(RecordId.of(1), Payload.empty())).getVectors())
        .isEqualTo(Vectors.newBuilder().setVectors(NamedVectors.getDefaultInstance()).build());
  }

  /** Each as long as its metric has it. */
  @Test
  void severalVectorsAreWrittenByTheirNames() {
    VectorsConfig several =
        VectorsConfig.newBuilder()
            .setParamsMap(
                VectorParamsMap.newBuilder()
                    .putMap("", EUCLIDEAN)
                    .putMap("unit", EUCLIDEAN.toBuilder().setDistance(Distance.Cosine).build()))
            .build();
    VectorRecord both =
        VectorRecord.of(RecordId.of(1), VECTOR, Payload.empty())
            .withVector("unit", Embedding.of(0, 3, 4));
    assertThat(written(several, both).getVectors())
        .isEqualTo(
            Vectors.newBuilder()
                .setVectors(
                    NamedVectors.newBuilder()
                        .putVectors("", dense())
                        .putVectors("unit", dense(Embedding.of(0, 0.6f, 0.8f))))
                .build());
  }

  private static PointStruct written(VectorsConfig vectors, VectorRecord record) {
    CollectionInfo.Builder info = CollectionInfo.newBuilder();
    info.getConfigBuilder().getParamsBuilder().setVectorsConfig(vectors);
    ProtoWriter out = new ProtoWriter(0);
    Layout layout = Layout.of("made", info.build(), QdrantCollectionOptions.NONE);
    new PointWriter(layout).write(layout.spec().named(record), null, out);
    return out.parsed(PointStruct.parser());
  }

  private static Vectors plain() {
    return Vectors.newBuilder()
        .setVectors(NamedVectors.newBuilder().putVectors("", dense()))
        .build();
  }

  private static io.qdrant.client.grpc.Points.Vector dense() {
    return dense(VECTOR);
  }

  private static io.qdrant.client.grpc.Points.Vector dense(Embedding vector) {
    return io.qdrant.client.grpc.Points.Vector.newBuilder()
        .setDense(DenseVector.newBuilder().addAllData(Floats.asList(vector.toArray())))
        .build();
  }

  private static JsonWithInt.Value built(Value value) {
    JsonWithInt.Value.Builder built = JsonWithInt.Value.newBuilder();
    if (value instanceof Value.StringValue text) {
      built.setStringValue(text.value());
    } else if (value instanceof Value.LongValue number) {
      built.setIntegerValue(number.value());
    } else if (value instanceof Value.DoubleValue number) {
      built.setDoubleValue(number.value());
    } else if (value instanceof Value.BooleanValue bool) {
      built.setBoolValue(bool.value());
    } else if (value instanceof Value.ListValue list) {
      ListValue.Builder elements = ListValue.newBuilder();
      list.elements().forEach(element -> elements.addValues(built(element)));
      built.setListValue(elements);
    } else if (value instanceof Value.ObjectValue object) {
      Struct.Builder fields = Struct.newBuilder();
      object.entries().forEach((key, each) -> fields.putFields(key, built(each)));
      built.setStructValue(fields);
    } else {
      built.setNullValue(NullValue.NULL_VALUE);
    }
    return built.build();
  }

  /** Without texts, whose point is another's and which is kept beside the payload. */
  private static RecordId id(Random random) {
    return random.nextBoolean()
        ? RecordId.of(random.nextLong() >>> 1)
        : RecordId.of(new UUID(random.nextLong(), random.nextLong()));
  }

  private static Value value(Random random, int depth) {
    return switch (random.nextInt(depth < 6 ? 8 : 6)) {
      case 0 -> Value.of(random.nextLong() >> random.nextInt(64));
      case 1 -> Value.of(random.nextBoolean());
      case 2 -> Value.of(random.nextInt(2_000) / 8.0);
      case 3, 4 -> Value.of(text(random, 300));
      case 5 -> Value.NullValue.NULL;
      case 6 ->
          Value.of(
              Stream.generate(() -> value(random, depth + 1)).limit(random.nextInt(5)).toList());
      default -> object(random, depth + 1);
    };
  }

  private static Value object(Random random, int depth) {
    Map<String, Value> entries = new LinkedHashMap<>();
    IntStream.range(0, random.nextInt(6))
        .forEach(n -> entries.put(n + text(random, 20), value(random, depth + 1)));
    return Value.of(entries);
  }

  private static String text(Random random, int most) {
    return random
        .ints(random.nextInt(most), 0, 4)
        .mapToObj(kind -> new String[] {"a", "ü", "語", "😀"}[kind])
        .reduce("", String::concat);
  }
}
