package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CallEnd;
import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A hybrid search asks for both legs in one round trip, and answers as if by two. */
@RequiresEngine(TestEngine.QDRANT)
class HybridTest {
  private final List<CallEnd> calls = new CopyOnWriteArrayList<>();

  @Test
  void bothLegsComeInOneRoundTripAlsoFromSeveralShards() {
    String name = Bench.freshName();
    QdrantServer server = QdrantServer.shared();
    try (VectorStore store =
        Qdrant.at("http://" + server.host() + ":" + server.grpcPort())
            .key(() -> server.apiKey().orElse(null))
            .collections(QdrantCollectionOptions.builder().shards(3).build())
            .callOptions(CallOptions.builder().retry(Bench.ONCE).build())
            .listener(call -> calls::add)
            .open()) {
      VectorCollection collection =
          store.ensureCollection(
              CollectionSpec.builder(name)
                  .vectors(2, Metric.COSINE)
                  .field("text", FieldType.TERMS)
                  .build());
      collection.upsertAll(
          IntStream.range(0, 600)
              .mapToObj(
                  i ->
                      VectorRecord.of(
                          RecordId.of(i),
                          Embedding.of((float) Math.sin(i), (float) Math.cos(i)),
                          Payload.of(
                              Map.of("text", i % 3 == 0 ? "find me" : "other", "n", i % 2)))),
          WriteOptions.defaults());
      for (Filter filter : List.of(Filter.all(), Filter.field("n").eq(1))) {
        Embedding vector = Embedding.of(1, 2);
        SearchRequest hybrid =
            SearchRequest.hybrid(vector, "me", Fusion.rrf()).filter(filter).limit(20);
        calls.clear();
        List<SearchHit> together = collection.search(hybrid);
        assertThat(calls).singleElement().extracting(CallEnd::requests).isEqualTo(1);
        List<SearchHit> byVector =
            collection.search(SearchRequest.nearest(vector).filter(filter).limit(40));
        Filter matching = Filter.and(filter, Filter.field("text").matchesText("me"));
        List<SearchHit> byText =
            collection.search(SearchRequest.nearest(vector).filter(matching).limit(40));
        assertThat(together).isEqualTo(Fusion.rrf().fuse(byVector, byText, 20));
      }
      store.drop(name);
    }
  }

  /** Two ranked fields and the vector: three searches, one request. */
  @Test
  void theRankedLegsOfAllFieldsComeWithTheVectorLeg() {
    String name = Bench.freshName();
    List<String> methods = new CopyOnWriteArrayList<>();
    ManagedChannel channel = Bench.channel(noting(methods));
    try (VectorStore store = Bench.open(channel)) {
      VectorCollection collection =
          store.ensureCollection(
              CollectionSpec.builder(name)
                  .vectors(2, Metric.COSINE)
                  .field("text", FieldType.TEXT)
                  .field("title", FieldType.TEXT)
                  .build());
      collection.upsert(
          IntStream.range(0, 50)
              .mapToObj(
                  i ->
                      VectorRecord.of(
                          RecordId.of(i),
                          Embedding.of((float) Math.sin(i), (float) Math.cos(i)),
                          Payload.of(
                              Map.of(
                                  i % 2 == 0 ? "text" : "title",
                                  "me " + "too ".repeat(i),
                                  "n",
                                  i))))
              .toList());
      methods.clear();
      SearchRequest hybrid =
          SearchRequest.hybrid(Embedding.of(1, 2), "me", Fusion.rrf())
              .filter(Filter.field("n").lt(40));
      List<SearchHit> together = collection.search(hybrid.limit(20));
      assertThat(methods).containsExactly("qdrant.Points/QueryBatch");
      methods.clear();
      SearchRequest byText = SearchRequest.text("me").filter(Filter.field("n").lt(40)).limit(40);
      List<SearchHit> ranked = collection.search(byText);
      assertThat(methods).containsExactly("qdrant.Points/QueryBatch");
      assertThat(ranked).hasSize(40);
      List<SearchHit> near =
          collection.search(
              SearchRequest.nearest(Embedding.of(1, 2)).filter(Filter.field("n").lt(40)).limit(40));
      assertThat(together).isEqualTo(Fusion.rrf().fuse(near, ranked, 20));
      store.drop(name);
    } finally {
      channel.shutdownNow();
    }
  }

  private static ClientInterceptor noting(List<String> methods) {
    return new ClientInterceptor() {
      @Override
      public <Q, A> ClientCall<Q, A> interceptCall(
          MethodDescriptor<Q, A> method, io.grpc.CallOptions options, Channel next) {
        methods.add(method.getFullMethodName());
        return next.newCall(method, options);
      }
    };
  }
}
