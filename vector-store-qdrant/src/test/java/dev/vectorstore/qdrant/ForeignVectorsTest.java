package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionInfo.UnreadColumn;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Datatype;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.MultiVectorComparator;
import io.qdrant.client.grpc.Collections.MultiVectorConfig;
import io.qdrant.client.grpc.Collections.SparseVectorConfig;
import io.qdrant.client.grpc.Collections.SparseVectorParams;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorParamsMap;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.Points.DenseVector;
import io.qdrant.client.grpc.Points.NamedVectors;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.SparseVector;
import io.qdrant.client.grpc.Points.Vector;
import io.qdrant.client.grpc.Points.Vectors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Collections of several vectors that others made. */
@RequiresEngine(TestEngine.QDRANT)
class ForeignVectorsTest extends OneCollection {
  private static final Map<String, VectorParams> DENSE =
      Map.of(
          "image", params(2, Distance.Dot).build(),
          "the text", params(3, Distance.Cosine).build(),
          "v", params(2, Distance.Euclid).build());

  @Test
  void allAreReadSearchedAndWrittenBackByTheirNames() {
    create(DENSE, List.of());
    write(
        7,
        Map.of(
            "image", dense(3, 4),
            "the text", dense(0, 2, 0),
            "v", dense(1, 1)));
    write(8, Map.of("v", dense(5, 1)));
    VectorCollection collection = bench.store().collection(name);
    CollectionInfo info = collection.describe();
    assertThat(info.spec().vectors())
        .isEqualTo(
            Map.of(
                "image", VectorSpec.of(2, Metric.DOT),
                "the text", VectorSpec.of(3, Metric.COSINE),
                "v", VectorSpec.of(2, Metric.EUCLIDEAN)));
    assertThat(info.capabilities()).contains(Capability.WRITE, Capability.VECTOR_SEARCH);
    assertHit(collection, "image", Embedding.of(1, 1), 7, 7);
    assertHit(collection, "the text", Embedding.of(0, 1, 1), 7, Math.sqrt(0.5));
    assertHit(collection, "v", Embedding.of(5, 4), 8, -3);
    assertThatThrownBy(() -> collection.search(SearchRequest.nearest(Embedding.of(1, 0))))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContainingAll("image", "the text", "vector v");
    VectorRecord before = collection.fetch(RecordId.of(7)).orElseThrow();
    assertThat(before.vectors())
        .isEqualTo(
            Map.of(
                "image", Embedding.of(3, 4),
                "the text", Embedding.of(0, 1, 0),
                "v", Embedding.of(1, 1)));
    collection.upsert(before);
    collection.patchPayload(List.of(RecordId.of(8)), Payload.of(Map.of("x", 1)), List.of());
    assertThat(collection.fetch(RecordId.of(7))).contains(before);
    assertThat(collection.fetch(RecordId.of(8)).orElseThrow())
        .isEqualTo(
            VectorRecord.of(
                RecordId.of(8), Map.of("v", Embedding.of(5, 1)), Payload.of(Map.of("x", 1))));
  }

  private static void assertHit(
      VectorCollection collection, String vector, Embedding query, long id, double score) {
    SearchHit hit = collection.search(SearchRequest.nearest(query).using(vector).limit(1)).get(0);
    assertThat(hit.id()).isEqualTo(RecordId.of(id));
    assertThat(hit.score()).isCloseTo(score, within(1e-6));
  }

  @Test
  void anOnlyNamedVectorNeedsNoName() {
    create(Map.of("text-dense", params(2, Distance.Cosine).build()), List.of());
    write(1, Map.of("text-dense", dense(0, 3)));
    VectorCollection collection = bench.store().collection(name);
    collection.upsert(VectorRecord.of(RecordId.of(2), Embedding.of(1, 1), Payload.empty()));
    assertThat(collection.search(SearchRequest.nearest(Embedding.of(0, 1))))
        .extracting(SearchHit::id)
        .containsExactly(RecordId.of(1), RecordId.of(2));
    assertThatThrownBy(
            () ->
                bench
                    .store()
                    .ensureCollection(
                        CollectionSpec.builder(name).vectors(2, Metric.COSINE).build()))
        .isInstanceOf(Conflict.class)
        .hasMessageContainingAll("named text-dense", "COSINE vectors of 2 dimensions");
  }

  /** As hybrid stores of others have them. */
  @Test
  void besideVectorsThatCannotBeReadTheOthersAre() {
    VectorCollection collection = mixed();
    assertThat(collection.describe().spec().vectors())
        .isEqualTo(
            Map.of(
                VectorSpec.PLAIN,
                VectorSpec.of(2, Metric.DOT),
                "small",
                VectorSpec.of(3, Metric.DOT),
                "tiny",
                VectorSpec.of(2, Metric.COSINE)));
    assertThat(collection.describe().unreadColumns())
        .containsExactly(
            new UnreadColumn("streets", "2 dimensions, Manhattan"),
            new UnreadColumn("terms", "sparse"),
            new UnreadColumn("tokens", "several of 2 dimensions, Cosine"));
    assertThat(collection.describe().capabilities())
        .contains(Capability.VECTOR_SEARCH, Capability.EXACT)
        .doesNotContain(Capability.WRITE, Capability.INSERT_ONLY);
    SearchRequest all =
        SearchRequest.nearest(Embedding.of(1, 0))
            .using(VectorSpec.PLAIN)
            .projection(Projection.ids().withVectors());
    assertThat(collection.search(all))
        .singleElement()
        .extracting(hit -> hit.record().vectors())
        .isEqualTo(
            Map.of(
                VectorSpec.PLAIN,
                Embedding.of(1, 2),
                "small",
                Embedding.of(1, 2, 3),
                "tiny",
                Embedding.of(3, 200)));
    assertThat(collection.search(SearchRequest.nearest(Embedding.of(1, 2, 3)).using("small")))
        .singleElement()
        .satisfies(hit -> assertThat(hit.score()).isCloseTo(14, within(0.01)));
    assertThatThrownBy(
            () -> collection.search(SearchRequest.nearest(Embedding.of(1, 2)).using("tiny")))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("the vector tiny has components of Uint8");
    String[] others = {
      "the vector small (Float16), the vector tiny (Uint8)",
      "a write would round",
      "the vector tokens (several of 2 dimensions, Cosine)",
      "the vector streets (2 dimensions, Manhattan)",
      "the vector terms (sparse)",
      "a write would lose"
    };
    assertThatThrownBy(() -> collection.upsert(VectorRecord.of(RecordId.of(1), Payload.empty())))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContainingAll(others);
    assertThatThrownBy(() -> collection.deleteWhere(Filter.field("a").eq(1)))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContainingAll(others);
  }

  @Test
  void vectorsThatCannotBeReadAreNeitherDroppedNorDeclared() {
    mixed();
    for (String other : List.of("tokens", "streets", "terms")) {
      assertThatThrownBy(() -> bench.store().dropVector(name, other))
          .isInstanceOf(Conflict.class)
          .hasMessageContaining("Qdrant's own client");
      CollectionSpec spec = CollectionSpec.builder(name).vector(other, 3, Metric.DOT).build();
      assertThatThrownBy(() -> bench.store().ensureCollection(spec))
          .isInstanceOf(Conflict.class)
          .hasMessageContaining(other);
    }
  }

  /** A default vector beside others of all kinds. */
  private VectorCollection mixed() {
    VectorParams.Builder several =
        params(2, Distance.Cosine)
            .setMultivectorConfig(
                MultiVectorConfig.newBuilder().setComparator(MultiVectorComparator.MaxSim));
    create(
        Map.of(
            "", params(2, Distance.Dot).build(),
            "small", params(3, Distance.Dot).setDatatype(Datatype.Float16).build(),
            "tiny", params(2, Distance.Cosine).setDatatype(Datatype.Uint8).build(),
            "tokens", several.build(),
            "streets", params(2, Distance.Manhattan).build()),
        List.of("terms"));
    SparseVector terms = SparseVector.newBuilder().addIndices(5).addValues(1).build();
    write(
        1,
        Map.of(
            "", dense(1, 2),
            "small", dense(1, 2, 3),
            "tiny", dense(3, 200),
            "terms", Vector.newBuilder().setSparse(terms).build()));
    return bench.store().collection(name);
  }

  @Test
  void whereNoneCanBeReadTheMessageNamesThem() {
    create(Map.of(), List.of("terms"));
    VectorCollection collection = bench.store().collection(name);
    assertThat(collection.count(Filter.all())).isZero();
    assertThatThrownBy(() -> collection.search(SearchRequest.nearest(Embedding.of(1, 0))))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("the vector terms (sparse)");
  }

  /** Its default vector is the plain one, and stays so beside others. */
  @Test
  void anotherClientGoesOnWhereAVectorIsAdded() {
    bench
        .collections()
        .create(
            CreateCollection.newBuilder()
                .setCollectionName(name)
                .setVectorsConfig(VectorsConfig.newBuilder().setParams(params(2, Distance.Dot)))
                .build());
    writeUnnamed(1, 1, 0);
    CollectionSpec both =
        CollectionSpec.builder(name).vectors(2, Metric.DOT).vector("title", 3, Metric.DOT).build();
    VectorCollection collection = bench.store().ensureCollection(both);
    assertThat(collection.describe().spec().vectors()).isEqualTo(both.vectors());
    collection.upsert(
        VectorRecord.of(RecordId.of(2), Embedding.of(0, 1), Payload.empty())
            .withVector("title", Embedding.of(1, 2, 3)));
    writeUnnamed(3, 1, 1);
    assertThat(collection.search(SearchRequest.nearest(Embedding.of(1, 2))))
        .extracting(SearchHit::id)
        .containsExactly(RecordId.of(3), RecordId.of(2), RecordId.of(1));
    assertThat(collection.fetch(RecordId.of(3)).orElseThrow().vectors())
        .isEqualTo(Map.of(VectorSpec.PLAIN, Embedding.of(1, 1)));
    assertThat(bench.store().dropVector(name, VectorSpec.PLAIN)).isTrue();
    assertThat(bench.store().collection(name).fetch(RecordId.of(2)).orElseThrow().vectors())
        .isEqualTo(Map.of("title", Embedding.of(1, 2, 3)));
  }

  private void create(Map<String, VectorParams> dense, List<String> sparse) {
    SparseVectorConfig.Builder sparseVectors = SparseVectorConfig.newBuilder();
    sparse.forEach(vector -> sparseVectors.putMap(vector, SparseVectorParams.getDefaultInstance()));
    bench
        .collections()
        .create(
            CreateCollection.newBuilder()
                .setCollectionName(name)
                .setVectorsConfig(
                    VectorsConfig.newBuilder()
                        .setParamsMap(VectorParamsMap.newBuilder().putAllMap(dense)))
                .setSparseVectorsConfig(sparseVectors)
                .build());
  }

  private static VectorParams.Builder params(long size, Distance distance) {
    return VectorParams.newBuilder().setSize(size).setDistance(distance);
  }

  private static Vector dense(float... components) {
    DenseVector.Builder dense = DenseVector.newBuilder();
    for (float component : components) {
      dense.addData(component);
    }
    return Vector.newBuilder().setDense(dense).build();
  }

  private void write(long id, Map<String, Vector> vectors) {
    write(id, Vectors.newBuilder().setVectors(NamedVectors.newBuilder().putAllVectors(vectors)));
  }

  private void writeUnnamed(long id, float... components) {
    write(id, Vectors.newBuilder().setVector(dense(components)));
  }

  private void write(long id, Vectors.Builder vectors) {
    write(PointStruct.newBuilder().setId(PointIds.of(RecordId.of(id))).setVectors(vectors));
  }
}
