package dev.vectorstore.support;

import dev.vectorstore.CallOptions;
import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.Filter;
import dev.vectorstore.Page;
import dev.vectorstore.PatchReport;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.WriteMode;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.WriteReport;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The verbs of the port: each opens the collection, checks, and hands over. */
final class EngineCollection implements VectorCollection {
  private final Opened opened;
  private final Calls calls;
  private final ExecutorService threads;

  EngineCollection(Opened opened, Calls calls, ExecutorService threads) {
    this.opened = opened;
    this.calls = calls;
    this.threads = threads;
  }

  private <T> T read(String operation, BiFunction<Call, CollectionEngine<?>, T> body) {
    return calls.read(operation, opened.name(), call -> body.apply(call, opened.engine(call)));
  }

  private <T> T write(String operation, BiFunction<Call, CollectionEngine<?>, T> body) {
    return calls.write(
        operation,
        opened.name(),
        call -> {
          CollectionEngine<?> engine = opened.engine(call);
          Selection.require(engine, List.of(Capability.WRITE));
          return body.apply(call, engine);
        });
  }

  @Override
  public String name() {
    return opened.name();
  }

  @Override
  public CollectionInfo describe() {
    return read("describe", (call, engine) -> engine.info());
  }

  @Override
  public void upsert(Collection<VectorRecord> records, WriteMode mode) {
    List<VectorRecord> copy = List.copyOf(records);
    Objects.requireNonNull(mode, "mode");
    write(
        "upsert",
        (call, engine) -> {
          new Writes<>(engine).upsert(call, copy, mode);
          return true;
        });
  }

  @Override
  public WriteReport upsertAll(Stream<VectorRecord> records, WriteOptions options) {
    Objects.requireNonNull(options, "options");
    try (records) {
      CollectionEngine<?> engine =
          write(
              "upsertAll",
              (call, opening) -> {
                new Writes<>(opening).requireMode(options.mode());
                return opening;
              });
      BulkWriter writer =
          new BulkWriter(
              threads,
              options,
              engine::check,
              batch -> run("upsertAll", (e, attempt) -> e.write(batch, options.mode(), attempt)));
      return calls.named(
          "upsertAll",
          opened.name(),
          () -> writer.write(records.iterator(), engine.maxBatchRecords()));
    }
  }

  @Override
  public List<VectorRecord> fetch(Collection<RecordId> ids, Projection projection) {
    List<RecordId> copy = List.copyOf(ids);
    Objects.requireNonNull(projection, "projection");
    return read("fetch", (call, engine) -> new Reads<>(engine).fetch(call, copy, projection));
  }

  @Override
  public List<SearchHit> search(SearchRequest request) {
    Objects.requireNonNull(request, "request");
    return read(
        "search",
        (call, engine) -> {
          Searches<?> searches = new Searches<>(engine);
          searches.check(request);
          return searches.search(call, request);
        });
  }

  @Override
  public List<List<SearchHit>> searchBatch(List<SearchRequest> requests) {
    List<SearchRequest> copy = List.copyOf(requests);
    return read(
        "searchBatch",
        (call, engine) -> {
          Searches<?> searches = new Searches<>(engine);
          copy.forEach(searches::check);
          return searches.searchBatch(call, copy);
        });
  }

  @Override
  public Page scan(ScanRequest request) {
    Objects.requireNonNull(request, "request");
    return read("scan", (call, engine) -> new Reads<>(engine).scan(call, request, calls.engine()));
  }

  @Override
  public long count(Filter filter) {
    Objects.requireNonNull(filter, "filter");
    return read("count", (call, engine) -> new Reads<>(engine).count(call, filter));
  }

  @Override
  public PatchReport patchPayload(
      Collection<RecordId> ids, Payload set, Collection<String> remove) {
    List<RecordId> copy = List.copyOf(ids);
    List<String> keys = List.copyOf(remove);
    Objects.requireNonNull(set, "set");
    return write(
        "patchPayload", (call, engine) -> new Writes<>(engine).patch(call, copy, set, keys));
  }

  @Override
  public void delete(Collection<RecordId> ids) {
    List<RecordId> copy = List.copyOf(ids);
    write(
        "delete",
        (call, engine) -> {
          new Writes<>(engine).delete(call, copy);
          return true;
        });
  }

  @Override
  public void deleteWhere(Filter filter) {
    Objects.requireNonNull(filter, "filter");
    write(
        "deleteWhere",
        (call, engine) -> {
          new Writes<>(engine).deleteWhere(call, filter);
          return true;
        });
  }

  @Override
  public void deleteAll() {
    write(
        "deleteAll",
        (call, engine) -> {
          call.run(engine::deleteAll);
          return true;
        });
  }

  @Override
  public boolean awaitIndexed(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    long started = Ticker.SYSTEM.nanos();
    Duration left = timeout;
    while (left.compareTo(Duration.ZERO) > 0) {
      Optional<Duration> again =
          calls.within(left).read("awaitIndexed", opened.name(), this::askAgain);
      if (again.isEmpty()) {
        return true;
      }
      left = timeout.minusNanos(Ticker.SYSTEM.nanos() - started);
      Sleeper.sleep(left.compareTo(again.get()) < 0 ? left : again.get());
      left = timeout.minusNanos(Ticker.SYSTEM.nanos() - started);
    }
    return false;
  }

  /** When it is worth asking again, or empty if everything is indexed. */
  private Optional<Duration> askAgain(Call call) {
    CollectionEngine<?> engine = opened.engine(call);
    return call.attempt(engine::indexed)
        ? Optional.empty()
        : Optional.of(engine.indexedPollInterval());
  }

  @Override
  public void bulkLoad(Consumer<VectorCollection> body) {
    Objects.requireNonNull(body, "body");
    beginBulk();
    // By try-with-resources, so that an error of the body isn't lost to one of the restoring.
    try (Bulk restoring = this::endBulk) {
      body.accept(this);
    }
  }

  /** Where it is in doubt whether indexing was put off, it must be taken up again. */
  private void beginBulk() {
    try {
      run("bulkLoad", CollectionEngine::beginBulk);
    } catch (OutcomeUnknown | MalformedResponse inDoubt) {
      try (Bulk restoring = this::endBulk) {
        throw inDoubt;
      }
    }
  }

  /** Also for an interrupted thread, whose flag is put back: indexing must not stay off. */
  private void endBulk() {
    boolean interrupted = Thread.interrupted();
    try {
      run("bulkLoad", CollectionEngine::endBulk);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Indexing is deferred until this is closed. */
  @FunctionalInterface
  private interface Bulk extends AutoCloseable {
    @Override
    void close();
  }

  private void run(String operation, BiConsumer<CollectionEngine<?>, Attempt> request) {
    write(
        operation,
        (call, engine) -> {
          call.run(attempt -> request.accept(engine, attempt));
          return true;
        });
  }

  @Override
  public String explain(SearchRequest request) {
    Objects.requireNonNull(request, "request");
    return read(
        "explain",
        (call, engine) -> {
          Searches<?> searches = new Searches<>(engine);
          searches.check(request);
          return searches.explain(request);
        });
  }

  @Override
  public VectorCollection with(CallOptions options) {
    return new EngineCollection(
        opened, calls.with(Objects.requireNonNull(options, "options")), threads);
  }

  @Override
  public String toString() {
    return "VectorCollection[" + opened.name() + "]";
  }
}
