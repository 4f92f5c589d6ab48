package dev.vectorstore.support;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.VectorStores;
import dev.vectorstore.WriteBatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port on top of an engine: what all engines do alike, done once. It checks arguments and
 * capabilities before any I/O, retries, keeps deadlines, names errors and tells the listener. Safe
 * for threads.
 */
public final class EngineStore implements VectorStore {
  private static final Logger LOG = LoggerFactory.getLogger(EngineStore.class);
  private static final long CLOSE_SECONDS = 5;

  private final StoreEngine engine;
  private final AtomicBoolean closed;
  private final Calls calls;
  private final ExecutorService threads;

  private EngineStore(
      StoreEngine engine, AtomicBoolean closed, Calls calls, ExecutorService threads) {
    this.engine = engine;
    this.closed = closed;
    this.calls = calls;
    this.threads = threads;
  }

  /**
   * A store on top of an engine, which it closes.
   *
   * @param engine the engine
   * @param options deadlines and retries
   * @param listener who hears of calls
   * @return the store
   */
  public static VectorStore open(StoreEngine engine, CallOptions options, CallListener listener) {
    AtomicBoolean closed = new AtomicBoolean();
    Calls calls =
        new Calls(
            Objects.requireNonNull(engine, "engine"),
            Objects.requireNonNull(options, "options"),
            Objects.requireNonNull(listener, "listener"),
            closed);
    return new EngineStore(engine, closed, calls, threads("vector-store-" + engine.name() + "-"));
  }

  private static ExecutorService threads(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return Executors.newCachedThreadPool(
        task -> {
          Thread thread = new Thread(task, prefix + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  @Override
  public String engine() {
    return engine.name();
  }

  @Override
  public VectorCollection ensureCollection(CollectionSpec spec) {
    Objects.requireNonNull(spec, "spec");
    calls.write(
        calls.start("ensureCollection", spec.name()),
        call -> {
          VectorStores.requirePortableName(spec.name());
          require(Capability.MANAGE);
          spec.requirePortableVectorNames();
          if (spec.fields().containsValue(FieldType.TEXT)) {
            require(Capability.RANKED_TEXT);
          }
          call.run(attempt -> engine.ensure(spec, attempt));
          return true;
        });
    return collection(spec.name());
  }

  @Override
  public CollectionInfo describe(String name) {
    Objects.requireNonNull(name, "name");
    return calls.read(
        calls.start("describe", name),
        call -> {
          VectorStores.requireName(name);
          return call.attempt(
              attempt ->
                  OtherCase.named(engine, name, attempt, () -> engine.describe(name, attempt)));
        });
  }

  @Override
  public List<String> collections() {
    return calls.read(
        calls.start("collections"),
        call ->
            call.returned(
                call.attempt(engine::collections).stream()
                    .sorted()
                    .collect(Collectors.toUnmodifiableList())));
  }

  @Override
  public boolean exists(String name) {
    Objects.requireNonNull(name, "name");
    return calls.read(
        calls.start("exists", name),
        call -> {
          VectorStores.requireName(name);
          return call.attempt(attempt -> engine.exists(name, attempt));
        });
  }

  @Override
  public boolean drop(String name) {
    Objects.requireNonNull(name, "name");
    return calls.write(
        calls.start("drop", name),
        call -> {
          VectorStores.requireName(name);
          require(Capability.MANAGE);
          AtomicBoolean inDoubt = new AtomicBoolean();
          return call.attempt(attempt -> dropped(() -> engine.drop(name, attempt), inDoubt));
        });
  }

  @Override
  public boolean dropVector(String collection, String vector) {
    Objects.requireNonNull(collection, "collection");
    Objects.requireNonNull(vector, "vector");
    return calls.write(
        calls.start("dropVector", collection),
        call -> {
          VectorStores.requireName(collection);
          require(Capability.MANAGE);
          AtomicBoolean inDoubt = new AtomicBoolean();
          return call.attempt(
              attempt ->
                  OtherCase.named(
                      engine,
                      collection,
                      attempt,
                      () ->
                          dropped(() -> engine.dropVector(collection, vector, attempt), inDoubt)));
        });
  }

  /** After an attempt whose answer was lost, what is gone counts as dropped by it. */
  private static boolean dropped(BooleanSupplier drop, AtomicBoolean inDoubt) {
    try {
      return drop.getAsBoolean() || inDoubt.get();
    } catch (OutcomeUnknown lost) {
      inDoubt.set(true);
      throw lost;
    }
  }

  @Override
  public VectorCollection collection(String name) {
    VectorStores.requireName(name);
    calls.requireOpen();
    return new EngineCollection(new Opened(engine, name), calls, threads);
  }

  @Override
  public void apply(WriteBatch batch) {
    Objects.requireNonNull(batch, "batch");
    calls.write(
        calls.start("apply").batchSize(batch.operations().size()),
        call -> {
          require(Capability.ATOMIC_BATCH);
          if (!batch.operations().isEmpty()) {
            Map<String, CollectionEngine<?>> collections = open(batch, call);
            WriteBatch checked = checked(batch, collections);
            call.run(attempt -> engine.apply(checked, collections, attempt));
          }
          return true;
        });
  }

  /** Opens the collections of a batch and checks its filters, before any write. */
  private Map<String, CollectionEngine<?>> open(WriteBatch batch, Call call) {
    Map<String, CollectionEngine<?>> collections = new LinkedHashMap<>();
    for (WriteBatch.Operation operation : batch.operations()) {
      String name = operation.collection();
      if (!collections.containsKey(name)) {
        collections.put(name, opened(name, call));
      }
      CollectionEngine<?> opened = Objects.requireNonNull(collections.get(name));
      CollectionInfo info = opened.info();
      Selection.require(opened, Set.of(Capability.ATOMIC_BATCH));
      if (operation instanceof WriteBatch.DeleteWhere delete) {
        info.spec().check(delete.filter());
        Selection.require(opened, delete.filter().accept(FilterNeeds.INSTANCE));
      }
    }
    return collections;
  }

  /** Of the collections of a batch, the one that isn't there is named. */
  private CollectionEngine<?> opened(String name, Call call) {
    try {
      return new Opened(engine, name).engine(call);
    } catch (NotFound missing) {
      throw missing.withMessage(VectorStores.shownName(name) + ": " + missing.getMessage());
    }
  }

  /** The batch with each vector under its collection's name, unless a record is refused. */
  private static WriteBatch checked(
      WriteBatch batch, Map<String, CollectionEngine<?>> collections) {
    WriteBatch.Builder checked = WriteBatch.builder();
    for (WriteBatch.Operation operation : batch.operations()) {
      CollectionEngine<?> opened = Objects.requireNonNull(collections.get(operation.collection()));
      if (operation instanceof WriteBatch.Upsert upsert) {
        checked.upsert(
            upsert.collection(),
            upsert.records().stream().map(record -> Writes.checked(opened, record)).toList());
      } else if (operation instanceof WriteBatch.Delete delete) {
        checked.delete(delete.collection(), delete.ids());
      } else if (operation instanceof WriteBatch.DeleteWhere delete) {
        checked.deleteWhere(delete.collection(), delete.filter());
      }
    }
    return checked.build();
  }

  @Override
  public void ping() {
    Calls once = calls.once();
    once.read(
        once.start("ping"),
        call ->
            call.attempt(
                attempt -> {
                  engine.ping(attempt);
                  return true;
                }));
  }

  @Override
  public VectorStore with(CallOptions options) {
    return new EngineStore(
        engine, closed, calls.with(Objects.requireNonNull(options, "options")), threads);
  }

  @Override
  public Set<Capability> capabilities() {
    calls.requireOpen();
    return engine.capabilities();
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    Objects.requireNonNull(type, "type");
    calls.requireOpen();
    return engine
        .unwrap(type)
        .orElseThrow(
            () ->
                new UnsupportedFeature(
                    "the " + engine.name() + " store has no " + type.getName() + " to unwrap"));
  }

  @Override
  public String toString() {
    return "VectorStore[" + engine.name() + "]";
  }

  private void require(Capability capability) {
    if (!engine.capabilities().contains(capability)) {
      throw new UnsupportedFeature(
          "the store has no capability "
              + capability
              + ", which this needs; it has "
              + engine.capabilities()
              + engine.advice(capability).map(advice -> "; " + advice).orElse(""));
    }
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("bulk writes of the {} store didn't end within its close", engine.name());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      engine.close();
    }
  }
}
