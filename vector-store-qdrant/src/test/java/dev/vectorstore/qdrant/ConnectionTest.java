package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.VectorStores;
import dev.vectorstore.testservers.QdrantServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import io.grpc.ManagedChannel;
import io.qdrant.client.grpc.Points.UpsertPoints;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Opening, several servers, and what is left after closing. */
@RequiresEngine(TestEngine.QDRANT)
class ConnectionTest {
  @Test
  void aServerThatIsDownIsPassedByInReadsAndWrites() throws IOException {
    QdrantServer server = QdrantServer.shared();
    String name = Bench.freshName();
    StoreOptions options =
        StoreOptions.builder()
            .key(() -> server.apiKey().orElse(null))
            .callOptions(CallOptions.builder().retry(Bench.ONCE).build())
            .build();
    String url =
        "qdrant:http://127.0.0.1:" + deadPort() + "," + server.host() + ":" + server.grpcPort();
    try (VectorStore store = VectorStores.open(url, options)) {
      VectorCollection collection = store.ensureCollection(CollectionSpec.builder(name).build());
      for (int i = 0; i < 10; i++) {
        collection.upsert(VectorRecord.of(RecordId.of(i), Payload.empty()));
        assertThat(collection.fetch(RecordId.of(i))).isPresent();
      }
      store.drop(name);
    }
  }

  /** As while a key is changed on one server after the other; nothing is done without a key. */
  @Test
  void aServerThatDoesNotKnowTheKeyIsPassedByInReadsAndWrites() {
    QdrantServer server = QdrantServer.shared();
    String name = Bench.freshName();
    try (QdrantServer other = QdrantServer.builder().apiKey("another").start();
        VectorStore store =
            Qdrant.at(
                    "http://127.0.0.1:"
                        + other.grpcPort()
                        + ","
                        + server.host()
                        + ":"
                        + server.grpcPort())
                .key(() -> server.apiKey().orElse(null))
                .callOptions(CallOptions.builder().retry(Bench.ONCE).build())
                .open()) {
      VectorCollection collection = store.ensureCollection(CollectionSpec.builder(name).build());
      for (int i = 0; i < 10; i++) {
        RecordId id = RecordId.of("text " + i);
        collection.upsert(VectorRecord.of(id, Payload.empty()));
        assertThat(collection.fetch(id)).isPresent();
      }
      store.drop(name);
    }
  }

  @Test
  void theChannelCanBeHadAndNothingElse() {
    QdrantServer server = QdrantServer.shared();
    try (VectorStore store = VectorStores.open(server.url())) {
      assertThat(store.unwrap(ManagedChannel.class).isShutdown()).isFalse();
      assertThatThrownBy(() -> store.unwrap(String.class)).isInstanceOf(UnsupportedFeature.class);
    }
  }

  @Test
  void aCallersChannelIsGivenUpsertsAsItKnowsThem() {
    List<Object> requests = Collections.synchronizedList(new ArrayList<>());
    ManagedChannel channel = Bench.channel(Bench.listening(requests::add));
    String name = Bench.freshName();
    try (VectorStore store = Bench.open(channel)) {
      store
          .ensureCollection(CollectionSpec.builder(name).build())
          .upsert(VectorRecord.of(RecordId.of(7), Payload.of(Map.of("seven", 7))));
      store.drop(name);
    } finally {
      channel.shutdownNow();
    }
    assertThat(requests)
        .filteredOn(UpsertPoints.class::isInstance)
        .singleElement(as(type(UpsertPoints.class)))
        .extracting(request -> request.getPoints(0).getPayloadOrThrow("seven").getIntegerValue())
        .isEqualTo(7L);
  }

  @Test
  void aStoreNeedsAnAddress() {
    assertThatThrownBy(() -> Qdrant.at("")).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> VectorStores.open("qdrant:")).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void closingEndsThreadsAndChannel() {
    Set<Thread> before = ourThreads();
    VectorStore store = VectorStores.open(QdrantServer.shared().url());
    store.exists("anything");
    ManagedChannel channel = store.unwrap(ManagedChannel.class);
    assertThat(ourThreads()).isNotEqualTo(before);
    store.close();
    store.close();
    assertThat(channel.isTerminated()).isTrue();
    assertThat(ourThreads()).isSubsetOf(before);
  }

  @Test
  void anUnreadableFileOfCertificatesLeavesNoThread() {
    Set<Thread> before = ourThreads();
    Qdrant.Builder builder = Qdrant.at("https://127.0.0.1:1").trust(Path.of("no", "such.pem"));
    assertThatThrownBy(builder::open)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("such.pem");
    assertThat(ourThreads()).isSubsetOf(before);
  }

  private static Set<Thread> ourThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("vector-store-qdrant"))
        .collect(Collectors.toSet());
  }

  private static int deadPort() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      return taken.getLocalPort();
    }
  }
}
