package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.qdrant.client.grpc.Collections.AliasOperations;
import io.qdrant.client.grpc.Collections.ChangeAliases;
import io.qdrant.client.grpc.Collections.CreateAlias;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.DeleteAlias;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorParamsMap;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that others gave to their collections: all that the server takes. */
@RequiresEngine(TestEngine.QDRANT)
class ForeignNamesTest {
  private Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  static List<String> names() {
    String run = Bench.freshName();
    return List.of(
        "Vector_index_1_Node" + run,
        "2024-docs" + run,
        "my docs" + run,
        "größe 文書 \uD83D\uDE80" + run,
        "." + run,
        "a.b" + run,
        " lead and trail " + run + " ",
        "-a" + run,
        "_a" + run,
        "a=b&c#d;e+f%25" + run,
        "a'b(c)[d]{e}" + run,
        "a\tb\nc\u001b[31m" + run,
        run + "x".repeat(255 - run.length()));
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyVerbTakesTheName(String name) {
    create(name);
    VectorStore store = bench.store();
    assertThat(store.exists(name)).isTrue();
    assertThat(store.collections()).contains(name);
    CollectionSpec spec = store.describe(name).spec();
    assertThat(spec.name()).isEqualTo(name);
    assertThat(spec.dimension()).hasValue(2);
    VectorCollection collection = store.collection(name);
    collection.upsert(record(1, 1, 0, "one"), record(2, 0, 1, "two"), record(3, 1, 1, "three"));
    assertThat(collection.search(SearchRequest.nearest(Embedding.of(1, 0)).limit(1)))
        .extracting(SearchHit::id)
        .containsExactly(RecordId.of(1));
    assertThat(collection.scan(ScanRequest.all()).records()).hasSize(3);
    assertThat(collection.fetch(List.of(RecordId.of(2)), Projection.all())).hasSize(1);
    collection.patchPayload(
        List.of(RecordId.of(2)), Payload.of(Map.of("text", "other")), List.of());
    assertThat(collection.count(Filter.field("text").eq("other"))).isEqualTo(1);
    collection.deleteWhere(Filter.field("text").eq("three"));
    collection.delete(List.of(RecordId.of(2)));
    assertThat(collection.count()).isEqualTo(1);
    collection.bulkLoad(loading -> loading.upsert(record(4, 1, 1, "four")));
    collection.deleteAll();
    assertThat(collection.count()).isZero();
    assertThat(store.drop(name)).isTrue();
    assertThat(store.exists(name)).isFalse();
    assertThat(store.drop(name)).isFalse();
    assertThatThrownBy(() -> store.describe(name)).isInstanceOf(NotFound.class);
  }

  @Test
  void noFieldIsDeclaredUnderANameThatWeWouldNotMake() {
    String name = "my docs " + Bench.freshName();
    create(name);
    CollectionSpec spec = CollectionSpec.builder(name).vectors(2, Metric.COSINE).build();
    assertThatThrownBy(() -> bench.store().ensureCollection(spec))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("up to 62 letters, digits, _ or -");
    assertThat(bench.store().drop(name)).isTrue();
  }

  @Test
  void itsVectorsAreThoseOfTheName() {
    String name = "my docs " + Bench.freshName();
    VectorParamsMap both =
        VectorParamsMap.newBuilder().putMap("a", params(2)).putMap("b", params(3)).build();
    create(name, VectorsConfig.newBuilder().setParamsMap(both).build());
    assertThat(bench.store().describe(name).spec().vectors().keySet())
        .containsExactlyInAnyOrder("a", "b");
    assertThat(bench.store().drop(name)).isTrue();
  }

  @Test
  void anAliasOfAnyNameIsRead() {
    String target = Bench.freshName();
    create(target);
    bench.store().collection(target).upsert(record(1, 1, 0, "one"));
    for (String alias : List.of("my alias " + target, ".")) {
      alias(
          AliasOperations.newBuilder()
              .setCreateAlias(
                  CreateAlias.newBuilder().setCollectionName(target).setAliasName(alias))
              .build());
      assertThat(bench.store().exists(alias)).isTrue();
      assertThat(bench.store().collection(alias).count()).isEqualTo(1);
      assertThatThrownBy(() -> bench.store().drop(alias)).isInstanceOf(Conflict.class);
      alias(
          AliasOperations.newBuilder()
              .setDeleteAlias(DeleteAlias.newBuilder().setAliasName(alias))
              .build());
    }
    assertThat(bench.store().drop(target)).isTrue();
  }

  /** Of the last two Qdrant makes the paths of folders, and deletes them. */
  @ParameterizedTest
  @ValueSource(
      strings = {"a/b", "a\\b", "a:b", "a*b", "a?b", "a\"b", "a<b", "a>b", "a|b", ".", ".."})
  void whatTheServerTakesForNoNameIsNotThere(String name) {
    String other = Bench.freshName();
    create(other);
    assertThat(bench.store().exists(name)).isFalse();
    assertThat(bench.store().drop(name)).isFalse();
    assertThatThrownBy(() -> bench.store().describe(name)).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> bench.store().collection(name).upsert(record(1, 1, 0, "x")))
        .isInstanceOf(NotFound.class);
    assertThat(bench.store().collection(other).count()).isZero();
    assertThat(bench.store().drop(other)).isTrue();
  }

  @Test
  void aNameBeyondTheServersLengthIsNotThere() {
    String name = "x".repeat(256);
    assertThat(bench.store().exists(name)).isFalse();
    assertThat(bench.store().drop(name)).isFalse();
    assertThatThrownBy(() -> bench.store().collection(name).count())
        .isInstanceOf(NotFound.class)
        .hasMessageStartingWith("count on \"" + "x".repeat(80) + "...\" (qdrant): ");
  }

  private static VectorRecord record(long id, float x, float y, String text) {
    return VectorRecord.of(RecordId.of(id), Embedding.of(x, y), Payload.of(Map.of("text", text)));
  }

  private void create(String name) {
    create(name, VectorsConfig.newBuilder().setParams(params(2)).build());
  }

  private void create(String name, VectorsConfig vectors) {
    bench
        .collections()
        .create(
            CreateCollection.newBuilder()
                .setCollectionName(name)
                .setVectorsConfig(vectors)
                .build());
  }

  private static VectorParams params(long size) {
    return VectorParams.newBuilder().setSize(size).setDistance(Distance.Cosine).build();
  }

  private void alias(AliasOperations operation) {
    bench.collections().updateAliases(ChangeAliases.newBuilder().addActions(operation).build());
  }
}
