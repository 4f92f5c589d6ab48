package dev.vectorstore.migration;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.PartialWrite;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.support.Batch;
import dev.vectorstore.support.Batcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Writes batches to the target, several at once. Of a batch that the target refuses the records are
 * found that it can't hold, and the others written. Used by one thread.
 */
final class BatchWriter implements AutoCloseable {
  private final VectorCollection target;
  private final CollectionSpec spec;
  private final WriteOptions options;
  private final Workers workers;
  private final Semaphore inFlight;

  BatchWriter(VectorCollection target, WriteOptions options) {
    this.target = target;
    this.spec = target.describe().spec();
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
    Batcher<MappedRecord> batcher =
        new Batcher<>(options.batchRecords(), options.batchBytes(), MappedRecord::bytes);
    for (MappedRecord item : items) {
      send(batcher.add(item), results);
    }
    send(batcher.rest(), results);
  }

  private void send(Optional<Batcher.Cut<MappedRecord>> batch, List<Future<List<Reject>>> results)
      throws InterruptedException {
    if (batch.isPresent()) {
      results.add(send(batch.get().items()));
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

  /** The target checks each record before it sends the first. */
  private List<Reject> upsert(List<MappedRecord> items) {
    List<VectorRecord> records = items.stream().map(MappedRecord::mapped).toList();
    long bytes = items.stream().mapToLong(MappedRecord::bytes).sum();
    try {
      target.upsert(new Batch(records, bytes), options.mode());
      return List.of();
    } catch (InvalidRequest refused) {
      return withoutRefused(items, refused);
    } catch (PartialWrite partial) {
      if (partial.getCause() instanceof InvalidRequest refused) {
        return withoutRefused(items, refused);
      }
      throw partial;
    }
  }

  /** What the specification rules out is found by it; what else the target refuses, by halves. */
  private List<Reject> withoutRefused(List<MappedRecord> items, InvalidRequest refused) {
    List<Reject> rejects = new ArrayList<>();
    List<MappedRecord> others = new ArrayList<>();
    for (MappedRecord item : items) {
      try {
        spec.check(item.mapped());
        others.add(item);
      } catch (InvalidRequest why) {
        rejects.add(reject(item, why));
      }
    }
    if (rejects.isEmpty()) {
      return bisect(items, refused);
    }
    if (!others.isEmpty()) {
      rejects.addAll(upsert(others));
    }
    return rejects;
  }

  /** Writing a half again is safe: upserts are idempotent. */
  private List<Reject> bisect(List<MappedRecord> batch, InvalidRequest refused) {
    if (batch.size() == 1) {
      return List.of(reject(batch.get(0), refused));
    }
    int middle = batch.size() / 2;
    List<Reject> rejects = new ArrayList<>(upsert(batch.subList(0, middle)));
    rejects.addAll(upsert(batch.subList(middle, batch.size())));
    return rejects;
  }

  private static Reject reject(MappedRecord item, InvalidRequest why) {
    return new Reject(item.original().id().toString(), item.original(), why.getMessage());
  }

  /** Waits for what is on its way. */
  @Override
  public void close() {
    workers.close();
  }
}
