package dev.vectorstore.embedded;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.WriteBatch;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.CollectionEngine;
import dev.vectorstore.support.StoreEngine;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.jspecify.annotations.Nullable;

/** The collections of one store, each an index of its own. Safe for threads. */
final class EmbeddedEngine implements StoreEngine {
  private static final Set<Capability> CAPABILITIES =
      Collections.unmodifiableSet(
          EnumSet.of(
              Capability.MANAGE,
              Capability.WRITE,
              Capability.VECTOR_SEARCH,
              Capability.FULL_FILTER,
              Capability.EXACT,
              Capability.TERMS,
              Capability.PHRASE,
              Capability.RANKED_TEXT,
              Capability.INSERT_ONLY,
              Capability.ATOMIC_BATCH));

  private final Function<String, Directory> directories;

  /** By name in lower case: names that differ in case only would be one folder on some disks. */
  private final Map<String, CollectionIndex> collections = new ConcurrentHashMap<>();

  /** Held while collections are made, changed and dropped. */
  private final Lock schema = new ReentrantLock();

  private volatile boolean closed;

  /** Held for writing while a batch over several collections becomes visible. */
  private final ReadWriteLock batches = new ReentrantReadWriteLock();

  /**
   * An engine without collections.
   *
   * @param directories makes the directory of a new collection
   */
  EmbeddedEngine(Function<String, Directory> directories) {
    this.directories = directories;
  }

  @Override
  public String name() {
    return "embedded";
  }

  /** In this process there is nothing that couldn't answer. */
  @Override
  public void ping(Attempt attempt) {}

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public void ensure(CollectionSpec spec, Attempt attempt) {
    Deadline deadline = new Deadline(attempt);
    deadline.lock(schema);
    try {
      if (closed) {
        throw closedMeanwhile();
      }
      CollectionIndex existing = collections.get(key(spec.name()));
      if (existing == null) {
        collections.put(key(spec.name()), create(spec));
      } else {
        widen(existing, spec, deadline);
      }
    } finally {
      schema.unlock();
    }
  }

  private static Unavailable closedMeanwhile() {
    return new Unavailable("the store was closed meanwhile");
  }

  private CollectionIndex create(CollectionSpec spec) {
    return CollectionIndex.create(directories.apply(spec.name()), spec, batches.readLock());
  }

  private static void widen(CollectionIndex index, CollectionSpec wanted, Deadline deadline) {
    CollectionSpec wider = Schema.widen(index.spec(), wanted);
    if (!wider.equals(index.spec())) {
      index.declare(wider, deadline);
    }
  }

  @Override
  public List<String> collections(Attempt attempt) {
    return collections.values().stream().map(index -> index.spec().name()).toList();
  }

  @Override
  public boolean exists(String name, Attempt attempt) {
    return find(name) != null;
  }

  @Override
  public boolean drop(String name, Attempt attempt) {
    Deadline deadline = new Deadline(attempt);
    deadline.lock(schema);
    try {
      CollectionIndex index = find(name);
      if (index == null) {
        return false;
      }
      drop(index, deadline);
      return true;
    } finally {
      schema.unlock();
    }
  }

  @Override
  public boolean dropVector(String collection, String vector, Attempt attempt) {
    Deadline deadline = new Deadline(attempt);
    deadline.lock(schema);
    try {
      return require(collection).dropVector(vector, deadline);
    } finally {
      schema.unlock();
    }
  }

  /** Waits for writes, so that a batch over several collections isn't left half done. */
  private void drop(CollectionIndex index, Deadline deadline) {
    deadline.lock(index.alone());
    try {
      collections.remove(key(index.spec().name()));
      index.drop();
    } finally {
      index.alone().unlock();
    }
  }

  @Override
  public EmbeddedCollection open(String name, Attempt attempt) {
    CollectionSpec spec = require(name).spec();
    return new EmbeddedCollection(CollectionInfo.of(spec, CAPABILITIES), () -> unchanged(spec));
  }

  private CollectionIndex unchanged(CollectionSpec opened) {
    CollectionIndex index = require(opened.name());
    Schema.requireSame(opened, index.spec());
    return index;
  }

  private CollectionIndex require(String name) {
    CollectionIndex index = find(name);
    if (index == null && closed) {
      throw closedMeanwhile();
    }
    if (index == null) {
      throw new NotFound("there is no such collection; ensureCollection makes it");
    }
    return index;
  }

  private @Nullable CollectionIndex find(String name) {
    CollectionIndex index = collections.get(key(name));
    return index != null && index.spec().name().equals(name) ? index : null;
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  @Override
  public void apply(WriteBatch batch, Map<String, CollectionEngine<?>> opened, Attempt attempt) {
    Deadline deadline = new Deadline(attempt);
    Map<String, CollectionIndex> indexes = new TreeMap<>();
    opened.forEach((name, engine) -> indexes.put(name, unchanged(engine.info().spec())));
    Deque<Lock> held = new ArrayDeque<>();
    try {
      // In the order of their names, so that two batches never wait for each other.
      for (CollectionIndex index : indexes.values()) {
        deadline.lock(index.alone());
        held.push(index.alone());
      }
      apply(batch, indexes, deadline);
    } catch (AlreadyClosedException closedIndex) {
      throw gone(indexes.values(), closedIndex);
    } catch (IOException failure) {
      throw new OutcomeUnknown("the batch can't be written", failure);
    } finally {
      held.forEach(Lock::unlock);
    }
  }

  private static VectorStoreException gone(
      Collection<CollectionIndex> indexes, AlreadyClosedException closedIndex) {
    return indexes.stream()
        .filter(index -> !index.isOpen())
        .map(index -> index.gone(closedIndex))
        .findFirst()
        .orElseGet(() -> closedMeanwhile());
  }

  private void apply(WriteBatch batch, Map<String, CollectionIndex> indexes, Deadline deadline)
      throws IOException {
    Map<String, BatchPlan> plans = new TreeMap<>();
    indexes.forEach((name, index) -> plans.put(name, new BatchPlan(index)));
    for (WriteBatch.Operation operation : batch.operations()) {
      Objects.requireNonNull(plans.get(operation.collection())).add(operation, deadline);
    }
    for (BatchPlan plan : plans.values()) {
      plan.prepare();
    }
    deadline.lock(batches.writeLock());
    try {
      carryOut(plans.values());
    } finally {
      indexes.values().forEach(CollectionIndex::written);
      batches.writeLock().unlock();
    }
  }

  private static void carryOut(Collection<BatchPlan> plans) throws IOException {
    try {
      for (BatchPlan plan : plans) {
        plan.carryOut();
      }
    } catch (AlreadyClosedException stopped) {
      throw new OutcomeUnknown("an index of the batch stopped while it was written", stopped);
    }
  }

  @Override
  public <T> Optional<T> unwrap(Class<T> type) {
    return Optional.empty();
  }

  /**
   * The indexes are closed before the schema is waited for: that ends the writes for which whoever
   * holds it may be waiting. Those that were made meanwhile follow.
   */
  @Override
  public void close() {
    closed = true;
    try {
      closeAll();
    } finally {
      schema.lock();
      try {
        closeAll();
      } finally {
        collections.clear();
        schema.unlock();
      }
    }
  }

  /** All of them, also when one can't be closed. */
  private void closeAll() {
    VectorStoreException failure = null;
    for (CollectionIndex index : collections.values()) {
      try {
        index.close();
      } catch (VectorStoreException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
