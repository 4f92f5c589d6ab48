package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.qdrant.QdrantCollectionOptions.OtherIndexes;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.grpc.ManagedChannel;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Finding 9 of issue 15: payload indexes of others, and a tenant's field. */
@RequiresEngine(TestEngine.QDRANT)
class OtherIndexesTest extends OneCollection {
  /**
   * An index of somebody on a field that is declared as something else.
   *
   * @param there the type of the index
   * @param declared what the field is declared as
   */
  private record Clash(PayloadSchemaType there, FieldType declared) {}

  static Stream<Clash> clashes() {
    return Stream.of(
        new Clash(PayloadSchemaType.Integer, FieldType.NUMBER),
        new Clash(PayloadSchemaType.Uuid, FieldType.KEYWORD),
        new Clash(PayloadSchemaType.Text, FieldType.KEYWORD),
        new Clash(PayloadSchemaType.Geo, FieldType.NUMBER),
        new Clash(PayloadSchemaType.Text, FieldType.INSTANT));
  }

  private CollectionSpec spec(FieldType type) {
    return CollectionSpec.builder(name)
        .vectors(2, Metric.DOT)
        .field("other", FieldType.KEYWORD)
        .field("p", type)
        .build();
  }

  private void makeWith(PayloadSchemaType index) {
    CollectionSpec bare = CollectionSpec.builder(name).vectors(2, Metric.DOT).build();
    VectorCollection made = bench.store().ensureCollection(bare);
    made.upsert(List.of(record(1, 3.5), record(2, 3L), record(3, "word"), record(4, 5L)));
    index("p", io.qdrant.client.grpc.Points.FieldType.valueOf("FieldType" + index));
  }

  private static VectorRecord record(long id, Object p) {
    return VectorRecord.of(RecordId.of(id), Payload.of(Map.of("p", p)));
  }

  private CollectionInfo info() {
    return bench
        .collections()
        .get(GetCollectionInfoRequest.newBuilder().setCollectionName(name).build())
        .getResult();
  }

  private @Nullable PayloadSchemaType index(String path) {
    return info().containsPayloadSchema(path)
        ? info().getPayloadSchemaOrThrow(path).getDataType()
        : null;
  }

  private VectorStore with(QdrantCollectionOptions.Builder options) {
    return Qdrant.at(QdrantServer.shared().url().substring("qdrant:".length()))
        .key(() -> QdrantServer.shared().apiKey().orElse(null))
        .collection(name, options.build())
        .open();
  }

  @ParameterizedTest
  @MethodSource("clashes")
  void anIndexOfAnotherTypeIsNotReplacedUnasked(Clash clash) {
    makeWith(clash.there());
    Map<String, ?> before = info().getConfig().getMetadataMap();
    assertThatThrownBy(() -> bench.store().ensureCollection(spec(clash.declared())))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("[\"p\"]")
        .hasMessageContaining(clash.there().name())
        .hasMessageContaining("otherIndexes(REPLACE)")
        .hasMessageContaining("otherIndexes(KEEP)");
    assertThat(index("p")).isEqualTo(clash.there());
    assertThat(index("other")).as("nothing is changed").isNull();
    assertThat(info().getConfig().getMetadataMap()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("clashes")
  void itIsReplacedOrKeptAsTheOptionsSay(Clash clash) {
    makeWith(clash.there());
    try (VectorStore keeping =
        with(QdrantCollectionOptions.builder().otherIndexes(OtherIndexes.KEEP))) {
      VectorCollection kept = keeping.ensureCollection(spec(clash.declared()));
      assertThat(index("p")).isEqualTo(clash.there());
      assertThat(index("other")).isEqualTo(PayloadSchemaType.Keyword);
      assertThat(kept.describe().spec().fields()).containsValue(clash.declared());
      assertRight(kept);
    }
    try (VectorStore replacing =
        with(QdrantCollectionOptions.builder().otherIndexes(OtherIndexes.REPLACE))) {
      VectorCollection replaced = replacing.ensureCollection(spec(clash.declared()));
      assertThat(index("p")).isNotEqualTo(clash.there());
      assertRight(replaced);
    }
    bench.store().ensureCollection(spec(clash.declared()));
  }

  private static void assertRight(VectorCollection collection) {
    assertThat(collection.count(Filter.field("p").gte(3.2))).isEqualTo(2);
    assertThat(collection.count(Filter.field("p").eq("word"))).isEqualTo(1);
    assertThat(
            collection
                .scan(ScanRequest.all().filter(Filter.not(Filter.field("p").gte(3.2))))
                .records())
        .extracting(VectorRecord::id)
        .containsExactly(RecordId.of(2), RecordId.of(3));
  }

  /** A collection of ours has them too: somebody puts another index in the place of ours. */
  @ParameterizedTest
  @EnumSource(
      value = PayloadSchemaType.class,
      names = {"Integer", "Keyword"})
  void anIndexThatTookThePlaceOfOursIsSomebodys(PayloadSchemaType type) {
    bench.store().ensureCollection(spec(FieldType.NUMBER));
    makeWith(type);
    assertThat(index("p")).isEqualTo(type);
    assertThatThrownBy(() -> bench.store().ensureCollection(spec(FieldType.NUMBER)))
        .isInstanceOf(Conflict.class);
    assertThat(index("p")).isEqualTo(type);
  }

  @Test
  void aTenantsFieldThatIsNotDeclaredIsRefusedBeforeAnyIo() {
    List<Object> sent = new ArrayList<>();
    ManagedChannel channel = Bench.channel(Bench.listening(sent::add));
    QdrantCollectionOptions options = QdrantCollectionOptions.builder().tenant("who").build();
    try (VectorStore store =
        Qdrant.over(channel)
            .key(() -> QdrantServer.shared().apiKey().orElse(null))
            .collections(options)
            .open()) {
      CollectionSpec.Builder spec = CollectionSpec.builder(name).vectors(2, Metric.DOT);
      for (CollectionSpec wrong :
          List.of(spec.build(), spec.field("who", FieldType.NUMBER).build())) {
        assertThatThrownBy(() -> store.ensureCollection(wrong))
            .isInstanceOf(InvalidRequest.class)
            .hasMessageContaining("tenant([\"who\"])")
            .hasMessageContaining("KEYWORD");
      }
      assertThat(sent).isEmpty();
      store.ensureCollection(
          CollectionSpec.builder(name)
              .vectors(2, Metric.DOT)
              .field("who", FieldType.KEYWORD)
              .build());
      assertThat(
              info()
                  .getPayloadSchemaOrThrow("who")
                  .getParams()
                  .getKeywordIndexParams()
                  .getIsTenant())
          .isTrue();
    } finally {
      channel.shutdownNow();
    }
  }
}
