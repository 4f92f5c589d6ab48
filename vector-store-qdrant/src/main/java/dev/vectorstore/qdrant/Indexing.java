package dev.vectorstore.qdrant;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStores;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Effect;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.CollectionStatus;
import io.qdrant.client.grpc.Collections.GetCollectionInfoRequest;
import io.qdrant.client.grpc.Collections.OptimizersConfigDiff;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether a collection is indexed, and turns indexing off while a bulk load runs. Each
 * collection of a store has one. The threshold of before is kept in the collection's metadata:
 * where a loader died, the next client turns indexing on again. Whatever is in doubt ends with
 * indexing on. Safe for threads; holds no lock during I/O.
 */
final class Indexing {
  private static final Logger LOG = LoggerFactory.getLogger(Indexing.class);

  /** Qdrant's word for never. */
  private static final long NEVER = 0;

  /** A tenth of the lease. */
  private static final Duration RENEWAL = BulkMark.LEASE.dividedBy(10);

  private final Connection connection;
  private final String name;
  private final String loader = UUID.randomUUID().toString();
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLong renewed = new AtomicLong();
  private final AtomicBoolean told = new AtomicBoolean();
  private int loads;
  private boolean ending;

  Indexing(Connection connection, String name) {
    this.connection = connection;
    this.name = name;
  }

  boolean isDone(Attempt attempt) {
    CollectionInfo info = info(attempt);
    if (info.getStatus() == CollectionStatus.Grey) {
      // After a restart the optimizer waits for an update; one that changes nothing will do.
      ifAllowed(
          () ->
              update(
                  UpdateCollection.newBuilder()
                      .setOptimizersConfig(OptimizersConfigDiff.getDefaultInstance()),
                  attempt));
      return false;
    }
    if (threshold(info) == NEVER) {
      ifAllowed(() -> recover(info, attempt));
      return false;
    }
    return info.getStatus() == CollectionStatus.Green && info.getUpdateQueue().getLength() == 0;
  }

  /** Whoever waits asks again and again, and is told once. */
  private void ifAllowed(Runnable change) {
    try {
      change.run();
    } catch (AccessDenied denied) {
      if (told.compareAndSet(false, true)) {
        LOG.warn(
            "{} isn't indexed until a client sees to it that may change the collection: {}",
            VectorStores.shownName(name),
            denied.getMessage());
      }
    }
  }

  /**
   * Turns indexing off, unless another load has done so. With a key that may not, it stays as it
   * is: the load is slower for it, and nothing else.
   */
  void defer(Attempt attempt) {
    try {
      turnOff(attempt);
    } catch (AccessDenied denied) {
      LOG.warn(
          "the bulk load of {} goes on with indexing as it is, which the key may not change: {}",
          VectorStores.shownName(name),
          denied.getMessage());
    }
    begun();
  }

  private void turnOff(Attempt attempt) {
    CollectionInfo info = info(attempt);
    List<BulkMark> marks = marks(info);
    long now = now();
    if (threshold(info) != NEVER || marks.stream().noneMatch(mark -> isActive(mark, now))) {
      long before = marks.isEmpty() ? threshold(info) : marks.get(0).threshold();
      mark(BulkMark.start(loader, before, now), attempt);
      setThreshold(NEVER, attempt);
    } else {
      mark(BulkMark.start(loader, marks.get(0).threshold(), now), attempt);
    }
  }

  /** Keeps the lease of a load that writes. */
  void renew(Attempt attempt) {
    long last = renewed.get();
    long now = now();
    if (now - last < RENEWAL.toMillis() || !isLoading() || !renewed.compareAndSet(last, now)) {
      return;
    }
    marks(info(attempt)).stream()
        .filter(mark -> mark.loader().equals(loader))
        .findFirst()
        .ifPresent(mark -> mark(BulkMark.start(loader, mark.threshold(), now), attempt));
  }

  /** The last of several loads turns indexing on again. */
  void resume(Attempt attempt) {
    if (!lastEnds()) {
      return;
    }
    boolean marked = false;
    for (BulkMark mark : marks(info(attempt))) {
      if (mark.loader().equals(loader)) {
        mark(mark.end(), attempt);
        marked = true;
      }
    }
    // Read again: of two loaders that end at the same time, the later one sees that both did.
    if (marked) {
      recover(info(attempt), attempt);
    } else {
      recoverQuietly(info(attempt), attempt);
    }
    ended();
  }

  /** Turns indexing on again if all that turned it off have ended or died. */
  private void recover(CollectionInfo info, Attempt attempt) {
    List<BulkMark> marks = marks(info);
    long now = now();
    if (marks.isEmpty() || marks.stream().anyMatch(mark -> isActive(mark, now))) {
      return;
    }
    setThreshold(marks.get(0).threshold(), attempt);
    UpdateCollection.Builder removal = UpdateCollection.newBuilder();
    marks.forEach(mark -> removal.putMetadata(mark.key(), JsonValues.none()));
    update(removal, attempt);
  }

  /** As {@link #recover}, for a client that only opens the collection and may not be allowed to. */
  void recoverQuietly(CollectionInfo info, Attempt attempt) {
    if (marks(info).isEmpty()) {
      return;
    }
    try {
      recover(info, attempt);
    } catch (VectorStoreException failure) {
      LOG.warn(
          "indexing of {} was left off by a bulk load that died, and couldn't be turned on: {}",
          VectorStores.shownName(name),
          failure.getMessage());
    }
  }

  /** A load of ours that isn't running any more failed to say that it ended. */
  private boolean isActive(BulkMark mark, long now) {
    return mark.isActive(now) && (!mark.loader().equals(loader) || isLoading());
  }

  private void begun() {
    lock.lock();
    try {
      loads++;
      ending = false;
      renewed.set(now());
    } finally {
      lock.unlock();
    }
  }

  /** Counts down once, however often the end is tried. */
  private boolean lastEnds() {
    lock.lock();
    try {
      if (!ending) {
        loads = Math.max(0, loads - 1);
      }
      ending = loads == 0;
      return ending;
    } finally {
      lock.unlock();
    }
  }

  private void ended() {
    lock.lock();
    try {
      ending = false;
    } finally {
      lock.unlock();
    }
  }

  private boolean isLoading() {
    lock.lock();
    try {
      return loads > 0;
    } finally {
      lock.unlock();
    }
  }

  private static long threshold(CollectionInfo info) {
    return info.getConfig().getOptimizerConfig().getIndexingThreshold();
  }

  /** Ours first, since we know it best. */
  private List<BulkMark> marks(CollectionInfo info) {
    List<BulkMark> marks = new ArrayList<>();
    for (BulkMark mark : BulkMark.of(info.getConfig().getMetadataMap())) {
      marks.add(mark.loader().equals(loader) ? 0 : marks.size(), mark);
    }
    return marks;
  }

  private void mark(BulkMark mark, Attempt attempt) {
    update(UpdateCollection.newBuilder().putMetadata(mark.key(), mark.value()), attempt);
  }

  private void setThreshold(long threshold, Attempt attempt) {
    update(
        UpdateCollection.newBuilder()
            .setOptimizersConfig(OptimizersConfigDiff.newBuilder().setIndexingThreshold(threshold)),
        attempt);
  }

  private CollectionInfo info(Attempt attempt) {
    GetCollectionInfoRequest request =
        GetCollectionInfoRequest.newBuilder().setCollectionName(name).build();
    return connection.collections(Effect.READ, attempt, stub -> stub.get(request)).getResult();
  }

  private void update(UpdateCollection.Builder change, Attempt attempt) {
    UpdateCollection request =
        change.setCollectionName(name).setTimeout(Connection.serverSeconds(attempt)).build();
    boolean done =
        connection.collections(Effect.WRITE, attempt, stub -> stub.update(request)).getResult();
    if (!done) {
      throw new OutcomeUnknown("the server didn't confirm the change of indexing");
    }
  }

  private static long now() {
    return System.currentTimeMillis();
  }
}
