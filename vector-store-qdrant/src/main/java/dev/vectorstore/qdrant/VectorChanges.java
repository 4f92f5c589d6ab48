package dev.vectorstore.qdrant;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.DeclaredVectors;
import dev.vectorstore.support.Effect;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Points.CreateVectorNameRequest;
import io.qdrant.client.grpc.Points.DeleteVectorNameRequest;
import io.qdrant.client.grpc.Points.DenseVectorCreationConfig;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds vectors to collections that are there, and drops them. Every step can be repeated and raced,
 * and is done when the server says that it is done everywhere. Safe for threads.
 */
final class VectorChanges {
  private static final Logger LOG = LoggerFactory.getLogger(VectorChanges.class);

  private final Connection connection;

  VectorChanges(Connection connection) {
    this.connection = connection;
  }

  /** The named vectors that a collection lacks; refuses what can't be added. */
  static Map<String, VectorSpec> missing(CollectionSpec wanted, Layout present) {
    wanted.vectors().keySet().forEach(name -> requireNoOther(name, present.vectors()));
    return DeclaredVectors.missing(present.spec(), wanted);
  }

  private static void requireNoOther(String name, CollectionVectors present) {
    String other = present.others().get(name);
    if (other != null) {
      throw new Conflict(
          "the collection has "
              + CollectionVectors.named(name)
              + " ("
              + other
              + ") that can't be read here; use Qdrant's own client for it, or another name");
    }
  }

  /** A vector of this name would be taken for the weights of a ranked text. */
  static void requireFreeNames(CollectionSpec wanted, Set<String> ranked) {
    for (String name : wanted.vectors().keySet()) {
      if (ranked.contains(name)) {
        throw new Conflict(
            "the vector name \""
                + name
                + "\" is that of the weights of a TEXT field here; choose another");
      }
    }
  }

  /** Whoever adds the same at the same time succeeds too; who adds another finds it refused. */
  void add(Map<String, VectorSpec> vectors, CollectionInfo info, String name, Attempt attempt) {
    for (Map.Entry<String, VectorSpec> vector : vectors.entrySet()) {
      CreateVectorNameRequest request =
          CreateVectorNameRequest.newBuilder()
              .setCollectionName(name)
              .setVectorName(vector.getKey())
              .setDenseConfig(
                  DenseVectorCreationConfig.newBuilder()
                      .setSize(vector.getValue().dimension())
                      .setDistance(CollectionVectors.distance(vector.getValue().metric())))
              .setWait(true)
              .setTimeout(ServerLimits.of(info).seconds(attempt))
              .build();
      try {
        Writes.requireDone(
            connection
                .points(Effect.WRITE, attempt, stub -> stub.createVectorName(request))
                .getResult());
      } catch (Conflict raced) {
        LOG.debug("another client added {} to {} at the same time", vector.getKey(), name);
      }
    }
  }

  /** Whether it was there; what lies beside the vectors of records isn't one. */
  boolean drop(String vector, CollectionInfo info, String name, Attempt attempt) {
    CollectionVectors present = CollectionVectors.of(info);
    requireNoOther(vector, present);
    if (!present.served().containsKey(vector)) {
      return false;
    }
    DeleteVectorNameRequest request =
        DeleteVectorNameRequest.newBuilder()
            .setCollectionName(name)
            .setVectorName(vector)
            .setWait(true)
            .setTimeout(ServerLimits.of(info).seconds(attempt))
            .build();
    Writes.requireDone(
        connection
            .points(Effect.WRITE, attempt, stub -> stub.deleteVectorName(request))
            .getResult());
    return true;
  }
}
