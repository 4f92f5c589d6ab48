package dev.vectorstore.benchmarks;

import dev.vectorstore.testservers.QdrantServer;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.QdrantGrpcClient;

/** The ways to use Qdrant that are measured. Some return vectors always, some never. */
public enum QdrantWay {
  /** This library, payloads returned. */
  OURS,
  /** Qdrant's own client, payloads returned. */
  BARE,
  /** Qdrant's own client, by the request that Qdrant has deprecated and peers use; payloads. */
  BARE_DEPRECATED,
  /** Spring AI; it returns payloads. */
  SPRING_AI,
  /** This library, payloads and vectors returned. */
  OURS_VECTORS,
  /** Qdrant's own client, payloads and vectors returned. */
  BARE_VECTORS,
  /** LangChain4j; it returns payloads and vectors. */
  LANGCHAIN4J;

  QdrantUser open() {
    return switch (this) {
      case OURS -> new OurQdrant(QdrantServer.shared().url(), false);
      case OURS_VECTORS -> new OurQdrant(QdrantServer.shared().url(), true);
      case BARE -> new BareQdrant(client(), false);
      case BARE_DEPRECATED -> new BareQdrant.OldRequest(client());
      case BARE_VECTORS -> new BareQdrant(client(), true);
      case SPRING_AI -> new SpringAiQdrant(client());
      case LANGCHAIN4J -> new LangChain4jQdrant(client());
    };
  }

  /** Qdrant's client fails where there is nothing to drop. */
  static void drop(QdrantClient client, String collection) {
    if (Answers.of(client.collectionExistsAsync(collection))) {
      Answers.of(client.deleteCollectionAsync(collection));
    }
  }

  private static QdrantClient client() {
    QdrantServer server = QdrantServer.shared();
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress(server.host(), server.grpcPort()).usePlaintext().build();
    return new QdrantClient(QdrantGrpcClient.newBuilder(channel, true, false).build());
  }
}
