package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.TextTerms;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.SparseVectorConfig;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.qdrant.client.grpc.Collections.VectorParamsMap;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.JsonWithInt.ListValue;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointsIdsList;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.SetPayloadPoints;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Collections whose terms were made by other rules than ours (T-10). */
@RequiresEngine(TestEngine.QDRANT)
class TermsVersionTest extends OneCollection {
  private static final FieldPath X = FieldPath.of("x");
  private static final String FIELD = "vector_store.field:" + X;
  private static final Filter WORD = X.matchesText("搜索");

  @Test
  void theVersionIsKeptInTheCollection() {
    bench.store().ensureCollection(spec(FieldType.TERMS));
    assertThat(field().get("terms")).isEqualTo(JsonValues.integer(TextTerms.version()));
  }

  @Test
  void termsOfBeforeAreMissingUntilTheyAreMadeAnew() {
    VectorCollection old = makeOld(FieldType.TERMS);
    assertThat(old.capabilities()).doesNotContain(Capability.TERMS, Capability.PHRASE);
    assertThatThrownBy(() -> old.count(WORD))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("ensureCollection");
    assertThat(old.count(Filter.field("n").eq(1))).isEqualTo(1);

    VectorCollection anew = bench.store().ensureCollection(spec(FieldType.TERMS));
    assertThat(anew.capabilities()).contains(Capability.TERMS, Capability.PHRASE);
    assertThat(anew.count(WORD)).as("of before, by reading").isEqualTo(1);
    assertThat(anew.count(Filter.not(WORD))).isEqualTo(1);
    old.upsert(record(3, "向量搜索 by a handle of before"));
    anew.upsert(record(4, "向量搜索"));
    assertThat(anew.count(WORD)).isEqualTo(3);
    anew.patchPayload(List.of(RecordId.of(1)), Payload.of(Map.of("x", "搜索")), List.of());
    anew.patchPayload(List.of(RecordId.of(3)), Payload.of(Map.of("x", "другое")), List.of());
    assertThat(anew.count(WORD)).isEqualTo(2);
    assertThat(anew.count(X.matchesPhrase("向量搜索"))).isEqualTo(1);
    assertThat(anew.scan(ScanRequest.all()).records())
        .allMatch(record -> !record.payload().keys().contains(Payload.RESERVED_KEY));
    assertThat(bench.store().ensureCollection(spec(FieldType.TERMS)).count(WORD)).isEqualTo(2);
  }

  /**
   * Weights can't be told from those of before, so what ranks is a collection that is made anew.
   */
  @Test
  void ranksOfBeforeAreMissingAndTermsCanBeMadeAnew() {
    VectorCollection old = makeOld(FieldType.TEXT);
    assertThat(old.capabilities()).doesNotContain(Capability.TERMS, Capability.RANKED_TEXT);
    assertThat(old.capabilities()).contains(Capability.WRITE);
    VectorCollection anew = bench.store().ensureCollection(spec(FieldType.TEXT));
    assertThat(anew.capabilities())
        .contains(Capability.TERMS, Capability.WRITE)
        .doesNotContain(Capability.RANKED_TEXT);
    anew.upsert(record(4, "向量搜索"));
    anew.patchPayload(List.of(RecordId.of(2)), Payload.of(Map.of("x", "搜索")), List.of());
    assertThat(anew.count(WORD)).isEqualTo(3);
    assertThatThrownBy(() -> anew.search(SearchRequest.text("搜索")))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("copied to a new one");
  }

  @Test
  void termsOfANewerVersionAreLeftAlone() {
    bench.store().ensureCollection(spec(FieldType.TERMS));
    put("terms", JsonValues.integer(TextTerms.version() + 1));
    assertThatThrownBy(() -> bench.store().collection(name).count())
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("update this one");
    assertThatThrownBy(() -> bench.store().ensureCollection(spec(FieldType.TERMS)))
        .isInstanceOf(Conflict.class);
  }

  /** As the version before left it: its terms in the slot of before, without a version. */
  private VectorCollection makeOld(FieldType type) {
    Map<String, Value> metadata = new HashMap<>(Metadata.of(spec(type)));
    Struct field = metadata.get(FIELD).getStructValue();
    metadata.put(FIELD, JsonValues.struct(field.toBuilder().removeFields("terms").build()));
    SparseVectorConfig.Builder weights = SparseVectorConfig.newBuilder();
    if (type == FieldType.TEXT) {
      weights.putMap(Reserved.slot(X, 1), RankedTerms.params(false));
    }
    bench
        .collections()
        .create(
            CreateCollection.newBuilder()
                .setCollectionName(name)
                .setVectorsConfig(
                    VectorsConfig.newBuilder().setParamsMap(VectorParamsMap.getDefaultInstance()))
                .setSparseVectorsConfig(weights)
                .putAllMetadata(metadata)
                .build());
    VectorCollection old = bench.store().collection(name);
    old.upsert(record(1, "向量搜索"));
    old.upsert(record(2, "other text"));
    ListValue terms = ListValue.newBuilder().addValues(JsonValues.string("向量搜索")).build();
    bench
        .points()
        .setPayload(
            SetPayloadPoints.newBuilder()
                .setCollectionName(name)
                .setWait(true)
                .setKey(Reserved.KEY)
                .putPayload(Reserved.slot(X, 1), Value.newBuilder().setListValue(terms).build())
                .setPointsSelector(
                    PointsSelector.newBuilder()
                        .setPoints(PointsIdsList.newBuilder().addIds(PointIds.of(RecordId.of(1)))))
                .build());
    return old;
  }

  private CollectionSpec spec(FieldType type) {
    return CollectionSpec.builder(name).field(X, type).field("n", FieldType.NUMBER).build();
  }

  private static VectorRecord record(long n, String text) {
    return VectorRecord.of(RecordId.of(n), Payload.of(Map.of("x", text, "n", n)));
  }

  private void put(String key, Value value) {
    update(
        JsonValues.struct(Struct.newBuilder().putAllFields(field()).putFields(key, value).build()));
  }

  private void update(Value field) {
    bench
        .collections()
        .update(
            UpdateCollection.newBuilder()
                .setCollectionName(name)
                .putMetadata(FIELD, field)
                .build());
  }

  private Map<String, Value> field() {
    CollectionInfo info =
        bench
            .collections()
            .get(GetCollectionInfoRequest.newBuilder().setCollectionName(name).build())
            .getResult();
    return info.getConfig().getMetadataOrThrow(FIELD).getStructValue().getFieldsMap();
  }
}
