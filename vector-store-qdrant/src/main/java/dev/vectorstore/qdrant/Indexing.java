package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.support.Attempt;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.CollectionStatus;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.OptimizersConfigDiff;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether a collection is indexed, and indexing put off while it is loaded. A client that dies
 * within a bulk load leaves indexing off; the next bulk load keeps it so, and {@code awaitIndexed}
 * doesn't notice. Safe for threads.
 */
final class Indexing {
  /** Qdrant's word for never. */
  private static final long NEVER = 0;

  private final Connection connection;
  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private int loads;
  private long before;

  Indexing(Connection connection, String name) {
    this.connection = connection;
    this.name = name;
  }

  boolean isDone(Attempt attempt) {
    CollectionInfo info = info(attempt);
    if (info.getStatus() == CollectionStatus.Grey) {
      // After a restart the optimizer waits for an update; one that changes nothing will do.
      update(OptimizersConfigDiff.getDefaultInstance(), attempt);
      return false;
    }
    return info.getStatus() == CollectionStatus.Green && info.getUpdateQueue().getLength() == 0;
  }

  /** The first of several loads at once turns indexing off, and the last turns it on again. */
  void defer(Attempt attempt) {
    long threshold = info(attempt).getConfig().getOptimizerConfig().getIndexingThreshold();
    if (first(threshold)) {
      setThreshold(NEVER, attempt);
    }
  }

  void resume(Attempt attempt) {
    if (last()) {
      setThreshold(before(), attempt);
    }
  }

  private boolean first(long threshold) {
    lock.lock();
    try {
      if (loads++ == 0) {
        before = threshold;
        return true;
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private boolean last() {
    lock.lock();
    try {
      loads = Math.max(0, loads - 1);
      return loads == 0;
    } finally {
      lock.unlock();
    }
  }

  private long before() {
    lock.lock();
    try {
      return before;
    } finally {
      lock.unlock();
    }
  }

  private void setThreshold(long threshold, Attempt attempt) {
    update(OptimizersConfigDiff.newBuilder().setIndexingThreshold(threshold).build(), attempt);
  }

  private CollectionInfo info(Attempt attempt) {
    GetCollectionInfoRequest request =
        GetCollectionInfoRequest.newBuilder().setCollectionName(name).build();
    return connection
        .collections(GrpcErrors.Kind.READ, attempt, stub -> stub.get(request))
        .getResult();
  }

  private void update(OptimizersConfigDiff optimizers, Attempt attempt) {
    UpdateCollection request =
        UpdateCollection.newBuilder()
            .setCollectionName(name)
            .setTimeout(Connection.serverSeconds(attempt))
            .setOptimizersConfig(optimizers)
            .build();
    boolean done =
        connection
            .collections(GrpcErrors.Kind.WRITE, attempt, stub -> stub.update(request))
            .getResult();
    if (!done) {
      throw new OutcomeUnknown("the server didn't confirm the change of indexing", null);
    }
  }
}
