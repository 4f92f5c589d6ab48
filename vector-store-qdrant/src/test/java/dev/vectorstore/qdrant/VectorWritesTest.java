package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.vectorstore.CallOptions;
import dev.vectorstore.Embedding;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.testservers.GrpcCallSeen;
import dev.vectorstore.testservers.GrpcReply;
import dev.vectorstore.testservers.ScriptedGrpcServer;
import io.grpc.Status;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.GetCollectionInfoResponse;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Points.GetResponse;
import io.qdrant.client.grpc.Points.PointsOperationResponse;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.SetPayloadPoints;
import io.qdrant.client.grpc.Points.UpdateResult;
import io.qdrant.client.grpc.Points.UpdateStatus;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is asked of a server whose vectors come and go, and what a user hears of its answers. */
class VectorWritesTest {
  private static final GrpcReply UNKNOWN =
      GrpcReply.status(
          Status.INVALID_ARGUMENT.withDescription(
              "Wrong input: Not existing vector name error: title"));
  private static final GrpcReply DONE =
      GrpcReply.message(
          PointsOperationResponse.newBuilder()
              .setResult(UpdateResult.newBuilder().setStatus(UpdateStatus.Completed))
              .build()
              .toByteArray());
  private static final VectorRecord WHOLE =
      VectorRecord.of(RecordId.of(1), Embedding.of(1, 0), Payload.empty())
          .withVector("title", Embedding.of(1, 0));
  private static final VectorRecord BARE = VectorRecord.of(RecordId.of(2), Payload.empty());

  /** In the description, but not yet in every segment or on every node. */
  @Test
  void aVectorThatIsJustBeingAddedIsNoConflict() {
    try (ScriptedGrpcServer server = ScriptedGrpcServer.start(UNKNOWN);
        VectorStore store = store(server.port())) {
      server.scriptMethod("qdrant.Collections/Get", described("", "title"));
      VectorCollection collection = store.collection("pages");
      assertThatThrownBy(() -> collection.upsert(WHOLE))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("still adding a vector");
      assertThatThrownBy(() -> collection.search(search())).isInstanceOf(Unavailable.class);
      server.scriptMethod("qdrant.Collections/Get", described(""));
      assertThatThrownBy(() -> collection.upsert(WHOLE)).isInstanceOf(Conflict.class);
      assertThatThrownBy(() -> collection.search(search())).isInstanceOf(Conflict.class);
      server.scriptMethod("qdrant.Collections/Get", GrpcReply.status(Status.NOT_FOUND));
      assertThatThrownBy(() -> collection.upsert(WHOLE)).isInstanceOf(Conflict.class);
    }
  }

  private static SearchRequest search() {
    return SearchRequest.nearest(Embedding.of(1, 0)).using("title");
  }

  @Test
  void recordsWithAllVectorsAreOneRequest() {
    try (ScriptedGrpcServer server = ScriptedGrpcServer.start(DONE);
        VectorStore store = store(server.port())) {
      server.scriptMethod("qdrant.Collections/Get", described("", "title"));
      store.collection("pages").upsert(WHOLE);
      assertThat(methods(server)).containsExactly("Get", "Upsert");
    }
  }

  /** The description is read again, since the server would write a part of such a batch. */
  @Test
  void aMixedBatchIsSentOnlyIfAllItsVectorsAreThere() {
    try (ScriptedGrpcServer server = ScriptedGrpcServer.start(DONE);
        VectorStore store = store(server.port())) {
      server.scriptMethod("qdrant.Collections/Get", described("", "title"), described(""));
      VectorCollection collection = store.collection("pages");
      assertThatThrownBy(() -> collection.upsert(WHOLE, BARE))
          .isInstanceOf(Conflict.class)
          .hasMessageContaining("title was dropped");
      assertThat(methods(server)).containsExactly("Get", "Get");
    }
  }

  /** Whether the vectors of what it replaced are gone is looked at; else it isn't known. */
  @Test
  void aRecordWithFewerVectorsIsLookedAtOnceItIsWritten() {
    try (ScriptedGrpcServer server = ScriptedGrpcServer.start(DONE);
        VectorStore store = store(server.port())) {
      server.scriptMethod("qdrant.Collections/Get", described("", "title"));
      server.scriptMethod("qdrant.Points/Get", stored(2), GrpcReply.status(Status.UNAVAILABLE));
      VectorCollection collection = store.collection("pages");
      assertThatThrownBy(() -> collection.upsert(BARE))
          .isInstanceOf(OutcomeUnknown.class)
          .hasMessageContaining("repeating the write settles it");
      assertThat(methods(server)).containsExactly("Get", "Get", "SetPayload", "Upsert", "Get");
      server.scriptMethod("qdrant.Points/Get", stored(2));
      server.scriptMethod("qdrant.Points/SetPayload", GrpcReply.status(Status.RESOURCE_EXHAUSTED));
      assertThatThrownBy(() -> collection.upsert(BARE)).isNotInstanceOf(OutcomeUnknown.class);
    }
  }

  /**
   * A filter can find a point twice, in two segments, and Qdrant then stores nothing in its place:
   * no vectors and no payload.
   */
  @Test
  void aPointIsMovedByItsIdAndNeverByAFilter() throws InvalidProtocolBufferException {
    try (ScriptedGrpcServer server = ScriptedGrpcServer.start(DONE);
        VectorStore store = store(server.port())) {
      server.scriptMethod("qdrant.Collections/Get", described("", "title"));
      server.scriptMethod("qdrant.Points/Get", stored(2), stored());
      VectorRecord another = VectorRecord.of(RecordId.of(3), Payload.empty());
      store.collection("pages").upsert(WHOLE, BARE, another);
      assertThat(methods(server))
          .containsExactly("Get", "Get", "Get", "SetPayload", "Upsert", "Get");
      SetPayloadPoints moved = SetPayloadPoints.parseFrom(server.calls().get(3).request());
      assertThat(moved.getPayloadMap()).isEmpty();
      assertThat(moved.getPointsSelector().hasFilter()).isFalse();
      assertThat(moved.getPointsSelector().getPoints().getIdsList())
          .as("the one that may have more vectors and is there")
          .containsExactly(PointIds.of(RecordId.of(2)));
    }
  }

  @Test
  void aPointThatIsDeletedBeforeItIsMovedIsWrittenAllTheSame() {
    try (ScriptedGrpcServer server = ScriptedGrpcServer.start(DONE);
        VectorStore store = store(server.port())) {
      server.scriptMethod("qdrant.Collections/Get", described("", "title"));
      server.scriptMethod("qdrant.Points/Get", stored(2), stored());
      server.scriptMethod("qdrant.Points/SetPayload", GrpcReply.status(Status.NOT_FOUND));
      store.collection("pages").upsert(BARE);
      assertThat(methods(server)).containsExactly("Get", "Get", "SetPayload", "Upsert", "Get");
    }
  }

  private static GrpcReply stored(long... ids) {
    GetResponse.Builder points = GetResponse.newBuilder();
    for (long id : ids) {
      points.addResult(RetrievedPoint.newBuilder().setId(PointIds.of(RecordId.of(id))));
    }
    return GrpcReply.message(points.build().toByteArray());
  }

  private static List<String> methods(ScriptedGrpcServer server) {
    return server.calls().stream()
        .map(GrpcCallSeen::method)
        .map(method -> method.substring(method.indexOf('/') + 1))
        .toList();
  }

  private static GrpcReply described(String... vectors) {
    CollectionInfo.Builder info = CollectionInfo.newBuilder();
    Stream.of(vectors)
        .forEach(
            vector ->
                info.getConfigBuilder()
                    .getParamsBuilder()
                    .getVectorsConfigBuilder()
                    .getParamsMapBuilder()
                    .putMap(
                        vector,
                        VectorParams.newBuilder().setSize(2).setDistance(Distance.Dot).build()));
    return GrpcReply.message(
        GetCollectionInfoResponse.newBuilder().setResult(info).build().toByteArray());
  }

  private static VectorStore store(int port) {
    return Qdrant.at("http://127.0.0.1:" + port)
        .callOptions(CallOptions.builder().retry(Bench.ONCE).build())
        .open();
  }
}
