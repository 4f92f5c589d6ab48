package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.VectorStores;
import dev.vectorstore.WriteBatch;
import dev.vectorstore.testkit.ProxyMode;
import dev.vectorstore.testkit.TcpProxy;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.qdrant.client.grpc.Collections.AliasOperations;
import io.qdrant.client.grpc.Collections.ChangeAliases;
import io.qdrant.client.grpc.Collections.CreateAlias;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.qdrant.client.grpc.Collections.VectorParamsMap;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.JsonWithInt;
import io.qdrant.client.grpc.Points.CreateFieldIndexCollection;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Making, opening and dropping collections. */
@RequiresEngine(TestEngine.QDRANT)
class CollectionsTest extends OneCollection {
  @Test
  void anAtomicBatchIsToldWhatToDoInstead() {
    assertThatThrownBy(() -> bench.store().apply(WriteBatch.builder().build()))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("upsert the new records first")
        .hasMessageContaining("deleteWhere")
        .hasMessageContaining("or use an engine that has it");
  }

  @Test
  void aKeyThatWasNotGivenIsToldWhereToGiveIt() {
    try (QdrantServer server = QdrantServer.builder().apiKey("s3cret").start();
        VectorStore none = VectorStores.open(server.url());
        VectorStore wrong =
            VectorStores.open(server.url(), StoreOptions.builder().key(() -> "other").build())) {
      assertThatThrownBy(none::collections)
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("none was given; give one by StoreOptions.key(...)")
          .hasMessageContaining("QDRANT_API_KEY");
      assertThatThrownBy(wrong::collections)
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining(" refused the key (")
          .hasMessageNotContaining("none was given");
    }
  }

  /** Finding M7. */
  @Test
  void openingRacesDroppingAndFindsTheCollectionOrNot() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<Integer> opened =
        thread.submit(
            () -> {
              int there = 0;
              while (!over.get()) {
                try {
                  bench.store().collection(name).count(Filter.all());
                  there++;
                } catch (NotFound | Unavailable dropped) {
                  // as it should be: while it drops, the server may find no part of it to ask
                }
              }
              return there;
            });
    for (int i = 0; i < 30; i++) {
      bench.store().ensureCollection(CollectionSpec.builder(name).build());
      bench.store().drop(name);
    }
    over.set(true);
    assertThat(opened.get()).isNotNegative();
    thread.shutdown();
  }

  /** Finding M11. */
  @Test
  void aFieldThatIsDeclaredWithAnotherTypeIsAConflictAndChangesNothing() {
    CollectionSpec first = CollectionSpec.builder(name).field("f", FieldType.KEYWORD).build();
    bench.store().ensureCollection(first);
    CollectionSpec other =
        CollectionSpec.builder(name)
            .field("g", FieldType.NUMBER)
            .field("f", FieldType.TERMS)
            .build();
    assertThatThrownBy(() -> bench.store().ensureCollection(other))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("KEYWORD");
    assertThat(bench.store().describe(name).spec()).isEqualTo(first);
  }

  /** What others search by would be gone. */
  @Test
  void theIndexOfACollectionOfOthersIsNotMadeAnewWithAnotherType() {
    bench
        .collections()
        .create(
            CreateCollection.newBuilder()
                .setCollectionName(name)
                .setVectorsConfig(
                    VectorsConfig.newBuilder().setParamsMap(VectorParamsMap.getDefaultInstance()))
                .build());
    bench
        .points()
        .createFieldIndex(
            CreateFieldIndexCollection.newBuilder()
                .setCollectionName(name)
                .setFieldName("n")
                .setFieldType(io.qdrant.client.grpc.Points.FieldType.FieldTypeInteger)
                .setWait(true)
                .build());
    CollectionSpec wanted = CollectionSpec.builder(name).field("n", FieldType.KEYWORD).build();
    assertThatThrownBy(() -> bench.store().ensureCollection(wanted))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("NUMBER");
    assertThat(bench.store().describe(name).spec().fields())
        .containsEntry(FieldPath.of("n"), FieldType.NUMBER);
  }

  @Test
  void aKindOfIdsThatNobodyKnowsIsATypedError() {
    bench.store().ensureCollection(CollectionSpec.builder(name).build());
    JsonWithInt.ListValue kinds =
        JsonWithInt.ListValue.newBuilder().addValues(JsonValues.string("COMPOSITE")).build();
    bench
        .collections()
        .update(
            UpdateCollection.newBuilder()
                .setCollectionName(name)
                .putMetadata(
                    "vector_store.id_kinds",
                    JsonWithInt.Value.newBuilder().setListValue(kinds).build())
                .build());
    assertThatThrownBy(() -> bench.store().describe(name)).isInstanceOf(MalformedResponse.class);
  }

  @Test
  void anAliasThatDiffersInCaseOnlyTakesTheName() {
    bench.store().ensureCollection(CollectionSpec.builder(name).build());
    String alias = Bench.freshName();
    bench
        .collections()
        .updateAliases(
            ChangeAliases.newBuilder()
                .addActions(
                    AliasOperations.newBuilder()
                        .setCreateAlias(
                            CreateAlias.newBuilder().setCollectionName(name).setAliasName(alias)))
                .build());
    CollectionSpec upper = CollectionSpec.builder(alias.toUpperCase(Locale.ROOT)).build();
    assertThatThrownBy(() -> bench.store().ensureCollection(upper)).isInstanceOf(Conflict.class);
  }

  @Test
  void aDropWhoseFirstAnswerIsLostSaysThatItDropped() {
    QdrantServer server = QdrantServer.shared();
    bench.store().ensureCollection(CollectionSpec.builder(name).build());
    RetryPolicy quick =
        RetryPolicy.builder().writeDelays(Duration.ofMillis(1), Duration.ofMillis(2)).build();
    try (TcpProxy proxy = TcpProxy.to(server.host(), server.grpcPort());
        VectorStore store =
            Qdrant.at("http://127.0.0.1:" + proxy.port())
                .callOptions(CallOptions.builder().retry(quick).build())
                .open()) {
      assertThat(store.exists(name)).isTrue();
      proxy.mode(ProxyMode.loseAnswers().times(1));
      assertThat(store.drop(name)).isTrue();
      assertThat(store.drop(name)).isFalse();
    }
  }

  @Test
  void aServerThatCannotBeReachedIsNamed() {
    try (VectorStore store =
        Qdrant.at("http://127.0.0.1:1,localhost:1")
            .callOptions(
                CallOptions.builder().retry(RetryPolicy.builder().attempts(1).build()).build())
            .open()) {
      assertThatThrownBy(store::collections)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("localhost:1");
    }
  }
}
