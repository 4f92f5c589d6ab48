package dev.vectorstore.qdrant;

import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Effect;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Whether a collection still has the vectors that it had when it was opened. The server is asked
 * only where that is in doubt. Safe for threads.
 */
final class DescribedVectors {
  private final Connection connection;
  private final Layout layout;

  DescribedVectors(Connection connection, Layout layout) {
    this.connection = connection;
    this.layout = layout;
  }

  /** Refuses a write of vectors of which one isn't there any more. */
  void require(Collection<String> names, Attempt attempt) {
    Map<String, VectorSpec> present = CollectionVectors.of(info(attempt)).served();
    for (String name : names) {
      VectorSpec there = present.get(name);
      if (there == null || !there.equals(layout.spec().vector(name))) {
        throw new Conflict(
            CollectionVectors.named(name)
                + " was dropped, or made anew, since the collection was opened; open it again");
      }
    }
  }

  /**
   * A call that the server refuses where it doesn't know a vector. A vector that is being added is
   * in the description a moment before it is everywhere; that is no conflict, and soon over.
   */
  <T> T during(Attempt attempt, Supplier<T> call) {
    try {
      return call.get();
    } catch (Conflict refused) {
      if (GrpcErrors.isUnknownVector(refused) && areThere(refused, attempt)) {
        throw new Unavailable(
            "the server is still adding a vector to the collection; try again", refused);
      }
      throw refused;
    }
  }

  /** Also those of ranked texts. */
  private boolean areThere(Conflict refused, Attempt attempt) {
    try {
      CollectionInfo info = info(attempt);
      Map<String, VectorSpec> present = CollectionVectors.of(info).served();
      Set<String> sparse =
          info.getConfig().getParams().getSparseVectorsConfig().getMapMap().keySet();
      return present.entrySet().containsAll(layout.spec().vectors().entrySet())
          && layout.rankedSlots().stream().map(TextSlot::key).allMatch(sparse::contains);
    } catch (VectorStoreException unreadable) {
      refused.addSuppressed(unreadable);
      return false;
    }
  }

  /** The description as it is now. */
  CollectionInfo info(Attempt attempt) {
    GetCollectionInfoRequest request =
        GetCollectionInfoRequest.newBuilder().setCollectionName(layout.spec().name()).build();
    return connection.collections(Effect.READ, attempt, stub -> stub.get(request)).getResult();
  }
}
