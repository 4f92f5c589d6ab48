package dev.vectorstore.migration;

import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.PartialWrite;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.support.RecordSize;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Writes batches to the target, several at once. A batch that the target refuses is halved until
 * the record is found that it can't hold. Used by one thread.
 */
final class BatchWriter implements AutoCloseable {
  private final VectorCollection target;
  private final WriteOptions options;
  private final Workers workers;
  private final Semaphore inFlight;

  BatchWriter(VectorCollection target, WriteOptions options) {
    this.target = target;
    this.options = options;
    this.workers = new Workers("copy-writer", options.inFlight());
    this.inFlight = new Semaphore(options.inFlight());
  }

  /**
   * Cuts items into batches and sends them; waits while too many are on their way.
   *
   * @param items the items
   * @param results takes what each batch can't move
   * @throws InterruptedException if the thread was interrupted; the batches of the result so far
   *     are under way
   */
  void write(List<MappedRecord> items, List<Future<List<Reject>>> results)
      throws InterruptedException {
    List<MappedRecord> batch = new ArrayList<>();
    long bytes = 0;
    for (MappedRecord item : items) {
      long size = RecordSize.estimate(item.mapped());
      boolean full = batch.size() == options.batchRecords() || bytes + size > options.batchBytes();
      if (full && !batch.isEmpty()) {
        results.add(send(batch));
        batch = new ArrayList<>();
        bytes = 0;
      }
      batch.add(item);
      bytes += size;
    }
    if (!batch.isEmpty()) {
      results.add(send(batch));
    }
  }

  private Future<List<Reject>> send(List<MappedRecord> batch) throws InterruptedException {
    inFlight.acquire();
    return workers.submit(
        () -> {
          try {
            return upsert(batch);
          } finally {
            inFlight.release();
          }
        });
  }

  private List<Reject> upsert(List<MappedRecord> batch) {
    try {
      target.upsert(batch.stream().map(MappedRecord::mapped).toList(), options.mode());
      return List.of();
    } catch (InvalidRequest refused) {
      return bisect(batch, refused);
    } catch (PartialWrite partial) {
      if (partial.getCause() instanceof InvalidRequest refused) {
        return bisect(batch, refused);
      }
      throw partial;
    }
  }

  /** Writing a half again is safe: upserts are idempotent. */
  private List<Reject> bisect(List<MappedRecord> batch, InvalidRequest refused) {
    if (batch.size() == 1) {
      VectorRecord original = batch.get(0).original();
      return List.of(new Reject(original.id().toString(), original, refused.getMessage()));
    }
    int middle = batch.size() / 2;
    List<Reject> rejects = new ArrayList<>(upsert(batch.subList(0, middle)));
    rejects.addAll(upsert(batch.subList(middle, batch.size())));
    return rejects;
  }

  /** Waits for what is on its way. */
  @Override
  public void close() {
    workers.close();
  }
}
