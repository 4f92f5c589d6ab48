package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Throttled;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.support.Effect;
import dev.vectorstore.support.Loopback;
import dev.vectorstore.testservers.GrpcCallSeen;
import dev.vectorstore.testservers.GrpcReply;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.ScriptedGrpcServer;
import dev.vectorstore.testservers.TestEngine;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.qdrant.client.grpc.Collections.CollectionConfig;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.CollectionParams;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.GetCollectionInfoResponse;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.CountPoints;
import io.qdrant.client.grpc.Points.DeletePoints;
import io.qdrant.client.grpc.Points.GetPoints;
import io.qdrant.client.grpc.Points.GetResponse;
import io.qdrant.client.grpc.Points.PointsOperationResponse;
import io.qdrant.client.grpc.Points.ReadConsistencyType;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.UpdateBatchResponse;
import io.qdrant.client.grpc.Points.UpdateResult;
import io.qdrant.client.grpc.Points.UpdateStatus;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.Points.WriteOrderingType;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the server and the network answer, and what a user hears of it. */
class QdrantErrorsTest {
  private static final VectorRecord RECORD =
      VectorRecord.of(RecordId.of(1), Embedding.of(1, 0), Payload.empty());

  static Stream<Arguments> statuses() {
    return Stream.of(
        Arguments.of(Status.UNAUTHENTICATED, AccessDenied.class, AccessDenied.class),
        Arguments.of(Status.PERMISSION_DENIED, AccessDenied.class, AccessDenied.class),
        Arguments.of(Status.NOT_FOUND, NotFound.class, NotFound.class),
        Arguments.of(Status.INVALID_ARGUMENT, InvalidRequest.class, InvalidRequest.class),
        Arguments.of(
            Status.INVALID_ARGUMENT.withDescription(
                "Wrong input: Vector dimension error: expected dim: 4, got 2"),
            Conflict.class,
            Conflict.class),
        Arguments.of(Status.ALREADY_EXISTS, Conflict.class, Conflict.class),
        Arguments.of(Status.RESOURCE_EXHAUSTED, Throttled.class, Throttled.class),
        Arguments.of(Status.UNAVAILABLE, Unavailable.class, OutcomeUnknown.class),
        Arguments.of(Status.INTERNAL, Unavailable.class, OutcomeUnknown.class),
        Arguments.of(Status.UNKNOWN, Unavailable.class, OutcomeUnknown.class),
        Arguments.of(Status.DEADLINE_EXCEEDED, Unavailable.class, OutcomeUnknown.class),
        Arguments.of(Status.CANCELLED, Unavailable.class, OutcomeUnknown.class),
        Arguments.of(Status.ABORTED, Unavailable.class, OutcomeUnknown.class),
        Arguments.of(Status.DATA_LOSS, Unavailable.class, OutcomeUnknown.class));
  }

  @ParameterizedTest
  @MethodSource("statuses")
  void aStatusMeansAnotherErrorOnAReadThanOnAWrite(
      Status status, Class<? extends Throwable> read, Class<? extends Throwable> write) {
    try (ScriptedGrpcServer server = scripted(GrpcReply.status(status));
        VectorStore store = store(server.port())) {
      VectorCollection collection = store.collection("pages");
      assertThatThrownBy(() -> collection.count(Filter.all())).isInstanceOf(read);
      assertThatThrownBy(() -> collection.upsert(RECORD))
          .isInstanceOf(write)
          .hasMessageContaining("pages")
          .hasMessageContaining("qdrant");
    }
  }

  /** Trap 9: an OK reply that says that the write isn't done. */
  @ParameterizedTest
  @EnumSource(
      value = UpdateStatus.class,
      names = {"WaitTimeout", "Acknowledged", "ClockRejected", "UnknownUpdateStatus"})
  void aReplyWithoutCompletedIsNoSuccess(UpdateStatus status) {
    PointsOperationResponse reply =
        PointsOperationResponse.newBuilder()
            .setResult(UpdateResult.newBuilder().setStatus(status))
            .build();
    try (ScriptedGrpcServer server = scripted(GrpcReply.message(reply.toByteArray()));
        VectorStore store = store(server.port())) {
      VectorCollection collection = store.collection("pages");
      assertThatThrownBy(() -> collection.upsert(RECORD)).isInstanceOf(OutcomeUnknown.class);
      assertThatThrownBy(() -> collection.deleteAll()).isInstanceOf(OutcomeUnknown.class);
      assertThatThrownBy(() -> collection.delete(List.of(RECORD.id())))
          .isInstanceOf(OutcomeUnknown.class);
    }
  }

  @Test
  void orderingAndConsistencyGoWithEveryRequest() throws IOException {
    QdrantCollectionOptions options =
        QdrantCollectionOptions.builder()
            .writeOrdering(QdrantCollectionOptions.WriteOrdering.STRONG)
            .readConsistency(QdrantCollectionOptions.ReadConsistency.QUORUM)
            .build();
    try (ScriptedGrpcServer server = scripted(GrpcReply.status(Status.INTERNAL));
        VectorStore store =
            Qdrant.at("http://127.0.0.1:" + server.port())
                .collections(options)
                .callOptions(CallOptions.builder().retry(Bench.ONCE).build())
                .open()) {
      VectorCollection collection = store.collection("pages");
      List<Runnable> calls =
          List.of(
              () -> collection.upsert(RECORD),
              () -> collection.delete(List.of(RecordId.of(1))),
              () -> collection.count(Filter.all()),
              () -> collection.fetch(RecordId.of(1)));
      calls.forEach(call -> assertThatThrownBy(call::run).isInstanceOf(Exception.class));
      List<byte[]> sent =
          server.calls().stream()
              .filter(call -> call.method().startsWith("qdrant.Points/"))
              .map(GrpcCallSeen::request)
              .toList();
      assertThat(sent).hasSize(4);
      assertThat(UpsertPoints.parseFrom(sent.get(0)).getOrdering().getType())
          .isEqualTo(WriteOrderingType.Strong);
      assertThat(DeletePoints.parseFrom(sent.get(1)).getOrdering().getType())
          .isEqualTo(WriteOrderingType.Strong);
      assertThat(CountPoints.parseFrom(sent.get(2)).getReadConsistency().getType())
          .isEqualTo(ReadConsistencyType.Quorum);
      assertThat(GetPoints.parseFrom(sent.get(3)).getReadConsistency().getType())
          .isEqualTo(ReadConsistencyType.Quorum);
    }
  }

  /** Finding H3: a patch reads after it wrote; a read that fails then doesn't mean "not sent". */
  @Test
  void aPatchThatWasSentIsNeverSaidNotToHaveBeen() {
    GetResponse present =
        GetResponse.newBuilder()
            .addResult(RetrievedPoint.newBuilder().setId(PointId.newBuilder().setNum(1)))
            .build();
    UpdateBatchResponse done =
        UpdateBatchResponse.newBuilder()
            .addResult(UpdateResult.newBuilder().setStatus(UpdateStatus.Completed))
            .build();
    GrpcReply found = GrpcReply.message(present.toByteArray());
    for (Status status : List.of(Status.UNAVAILABLE, Status.NOT_FOUND, Status.UNAUTHENTICATED)) {
      try (ScriptedGrpcServer server = scripted(GrpcReply.message(done.toByteArray()));
          VectorStore store = store(server.port())) {
        VectorCollection collection = store.collection("pages");
        server.scriptMethod("qdrant.Points/Get", GrpcReply.status(status));
        assertThatThrownBy(() -> patch(collection))
            .as("nothing was sent")
            .isNotInstanceOf(OutcomeUnknown.class);
        server.scriptMethod("qdrant.Points/Get", found, GrpcReply.status(status));
        assertThatThrownBy(() -> patch(collection)).isInstanceOf(OutcomeUnknown.class);
        server.scriptMethod("qdrant.Points/Get", found);
        assertThatThrownBy(() -> patch(collection))
            .as("others win every round")
            .isInstanceOf(OutcomeUnknown.class);
      }
    }
  }

  private static void patch(VectorCollection collection) {
    collection.patchPayload(List.of(RecordId.of(1)), Payload.of(Map.of("a", 1)), List.of());
  }

  @Test
  void silenceEndsAtTheDeadline() {
    CallOptions quick =
        CallOptions.builder().attemptTimeout(Duration.ofMillis(300)).retry(Bench.ONCE).build();
    try (ScriptedGrpcServer server = scripted(GrpcReply.silence());
        VectorStore store =
            Qdrant.at("http://127.0.0.1:" + server.port()).callOptions(quick).open()) {
      VectorCollection collection = store.collection("pages");
      assertThatThrownBy(() -> collection.count(Filter.all())).isInstanceOf(Unavailable.class);
      assertThatThrownBy(() -> collection.upsert(RECORD)).isInstanceOf(OutcomeUnknown.class);
    }
  }

  @Test
  void aRefusedConnectionIsUnavailableOnWritesToo() throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
    }
    try (VectorStore store = store(port)) {
      assertThatThrownBy(() -> store.collections()).isInstanceOf(Unavailable.class);
      assertThatThrownBy(() -> store.drop("pages")).isInstanceOf(Unavailable.class);
      assertThatThrownBy(() -> store.exists("pages")).isInstanceOf(Unavailable.class);
    }
  }

  /** A handshake that fails sent nothing; a connection that breaks later may have. */
  @Test
  void onlyAFailedHandshakeProvesThatNothingWasSent() {
    assertThat(write(new SSLHandshakeException("untrusted"))).isInstanceOf(Unavailable.class);
    assertThat(write(new SSLException("closed"))).isInstanceOf(OutcomeUnknown.class);
    assertThat(write(new SSLPeerUnverifiedException("late"))).isInstanceOf(OutcomeUnknown.class);
    assertThat(write(new IOException("reset"))).isInstanceOf(OutcomeUnknown.class);
  }

  private static VectorStoreException write(IOException cause) {
    return GrpcErrors.of(
        Status.UNAVAILABLE.withCause(cause).asRuntimeException(), Effect.WRITE, "a:1");
  }

  @Test
  @RequiresEngine(TestEngine.QDRANT)
  void theRestPortIsRecognised() {
    try (VectorStore store = store(QdrantServer.shared().httpPort())) {
      assertThatThrownBy(() -> store.collections())
          .isInstanceOf(MalformedResponse.class)
          .hasMessageContaining("6334");
    }
  }

  @Test
  void theWaitThatTheServerAsksForIsKept() {
    io.grpc.Metadata trailers = new io.grpc.Metadata();
    trailers.put(
        io.grpc.Metadata.Key.of("retry-after", io.grpc.Metadata.ASCII_STRING_MARSHALLER), "7");
    VectorStoreException error =
        GrpcErrors.of(
            new StatusRuntimeException(Status.RESOURCE_EXHAUSTED, trailers), Effect.WRITE, "a:1");
    assertThat(((Throttled) error).retryAfter()).contains(Duration.ofSeconds(7));
  }

  @Test
  void aKeyWithALineBreakIsNamedAsSuch() {
    try (ScriptedGrpcServer server = scripted(GrpcReply.nothing());
        VectorStore store =
            Qdrant.at("http://127.0.0.1:" + server.port()).key(() -> "secret\n").open()) {
      assertThatThrownBy(() -> store.collections())
          .isInstanceOf(InvalidRequest.class)
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void addressesAreUnderstoodOrRefused() {
    assertThat(Endpoint.parseAll("https://a:1,b:2,http://[::1]"))
        .containsExactly(
            new Endpoint("a", 1, true),
            new Endpoint("b", 2, true),
            new Endpoint("::1", 6334, false));
    assertThat(Endpoint.parseAll("HTTPS://a, b")).extracting(Endpoint::tls).containsOnly(true);
    assertThat(Endpoint.parse("http://my_qdrant:7")).isEqualTo(new Endpoint("my_qdrant", 7, false));
    String[] refused = {
      "",
      "a:b",
      "ftp://a",
      "http://a/path",
      "http://k@a",
      "http://",
      "http://a?k=v",
      "http://a:0",
      "http://a:65536",
      "http://[::::1]",
      "http://[1]",
      "http://a b"
    };
    for (String bad : refused) {
      InvalidRequest error =
          catchThrowableOfType(InvalidRequest.class, () -> Endpoint.parseAll(bad));
      assertThat(error).as(bad).isNotNull();
    }
    for (String loopback :
        new String[] {
          "localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1", "0:0:0:0:0:0:0:1"
        }) {
      assertThat(Loopback.is(loopback)).as(loopback).isTrue();
    }
    for (String other :
        new String[] {
          "10.0.0.1",
          "localhost.evil.org",
          "127.0.0.1.evil.org",
          "1",
          "01",
          "::::1",
          "1::1",
          ":1",
          "127.0.0.999",
          "0::2"
        }) {
      assertThat(Loopback.is(other)).as(other).isFalse();
    }
  }

  private static VectorStore store(int port) {
    return Qdrant.at("http://127.0.0.1:" + port)
        .callOptions(CallOptions.builder().retry(Bench.ONCE).build())
        .open();
  }

  /** A server that describes any collection, and answers everything else like this. */
  private static ScriptedGrpcServer scripted(GrpcReply reply) {
    ScriptedGrpcServer server = ScriptedGrpcServer.start(reply);
    server.scriptMethod("qdrant.Collections/Get", GrpcReply.message(described().toByteArray()));
    return server;
  }

  private static GetCollectionInfoResponse described() {
    CollectionSpec spec = CollectionSpec.builder("pages").vectors(2, Metric.DOT).build();
    VectorParams vector = VectorParams.newBuilder().setSize(2).setDistance(Distance.Dot).build();
    return GetCollectionInfoResponse.newBuilder()
        .setResult(
            CollectionInfo.newBuilder()
                .setConfig(
                    CollectionConfig.newBuilder()
                        .putAllMetadata(Metadata.of(spec))
                        .setParams(
                            CollectionParams.newBuilder()
                                .setVectorsConfig(VectorsConfig.newBuilder().setParams(vector)))))
        .build();
  }
}
