package dev.vectorstore.testkit;

import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteBatch;
import java.util.concurrent.locks.LockSupport;

/** A store whose batches let others in between their writes. */
final class InterleavedBatches extends ForwardingStore {
  InterleavedBatches(VectorStore to) {
    super(to);
  }

  @Override
  public void apply(WriteBatch batch) {
    if (batch.operations().size() < 2) {
      to.apply(batch);
      return;
    }
    // One by one where all of them can be written, so that W-12 holds but for others.
    for (WriteBatch.Operation operation : batch.operations()) {
      VectorCollection collection = to.collection(operation.collection());
      if (operation instanceof WriteBatch.Upsert upsert) {
        collection.upsert(upsert.records());
      } else if (operation instanceof WriteBatch.Delete delete) {
        collection.delete(delete.ids());
      } else if (operation instanceof WriteBatch.DeleteWhere delete) {
        collection.deleteWhere(delete.filter());
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
