package dev.vectorstore.support;

import dev.vectorstore.CallOptions;
import dev.vectorstore.CallStart;
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
import dev.vectorstore.VectorStoreException.PartialWrite;
import dev.vectorstore.WriteMode;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.WriteReport;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** The verbs of the port: each opens the collection, checks, and hands over. */
final class EngineCollection implements VectorCollection {
  /** How often a delete is done again for changes of the collection. */
  private static final int DELETES = 100;

  private final Opened opened;
  private final Calls calls;
  private final ExecutorService threads;

  EngineCollection(Opened opened, Calls calls, ExecutorService threads) {
    this.opened = opened;
    this.calls = calls;
    this.threads = threads;
  }

  private CallStart.Builder start(String operation) {
    return calls.start(operation, opened.name());
  }

  private <T> T read(CallStart.Builder start, BiFunction<Call, CollectionEngine<?>, T> body) {
    return calls.read(start, call -> opened.read(call, engine -> body.apply(call, engine)));
  }

  private <T> T write(CallStart.Builder start, BiFunction<Call, CollectionEngine<?>, T> body) {
    return calls.observed(start, call -> write(call, body));
  }

  private <T> T write(Observed observed, BiFunction<Call, CollectionEngine<?>, T> body) {
    return observed.write(
        call -> {
          CollectionEngine<?> engine = opened.forWrite(call);
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
    return read(start("describe"), (call, engine) -> engine.info());
  }

  @Override
  public void upsert(Collection<VectorRecord> records, WriteMode mode) {
    List<VectorRecord> copy =
        records instanceof Batch batch ? batch : Arguments.copy(records, "records");
    Objects.requireNonNull(mode, "mode");
    calls.observed(
        start("upsert").batchSize(copy.size()),
        observed ->
            counted(
                observed,
                () ->
                    write(
                        observed,
                        (call, engine) -> {
                          new Writes<>(engine).upsert(call, copy, mode);
                          return (long) copy.size();
                        }),
                written -> written));
  }

  @Override
  public WriteReport upsertAll(Stream<VectorRecord> records, WriteOptions options) {
    Objects.requireNonNull(records, "records");
    Objects.requireNonNull(options, "options");
    // Closed here also by a store that is closed itself; a stream is closed once.
    try (records) {
      return calls.observed(
          start("upsertAll"),
          observed ->
              counted(observed, () -> upsertAll(observed, records, options), WriteReport::records));
    }
  }

  /** The stream is closed within the call, so that its failure is heard as that of the call. */
  private WriteReport upsertAll(
      Observed observed, Stream<VectorRecord> records, WriteOptions options) {
    try (records) {
      return upsertAll(observed, records.iterator(), options);
    }
  }

  private WriteReport upsertAll(
      Observed observed, Iterator<VectorRecord> records, WriteOptions options) {
    CollectionEngine<?> engine =
        write(
            observed,
            (call, opening) -> {
              new Writes<>(opening).requireMode(options.mode());
              return opening;
            });
    BulkWriter writer =
        new BulkWriter(
            threads,
            options,
            record -> Writes.checked(engine, record),
            batch -> send(observed, batch, options.mode()));
    return observed.named(() -> writer.write(records, engine.maxBatchRecords()));
  }

  /** Called by the store's threads. */
  private void send(Observed observed, Batch batch, WriteMode mode) {
    observed.batch(
        start("upsertAll").batchSize(batch.size()).build(),
        part -> {
          run(part, (engine, attempt) -> engine.write(batch, mode, attempt));
          part.written(batch.size());
          return true;
        });
  }

  /** Tells how many records were written, also by what failed in the middle. */
  private static <T> T counted(Observed observed, Supplier<T> body, ToLongFunction<T> written) {
    try {
      T result = body.get();
      observed.written(written.applyAsLong(result));
      return result;
    } catch (PartialWrite partial) {
      observed.written(partial.acknowledged());
      throw partial;
    }
  }

  @Override
  public List<VectorRecord> fetch(Collection<RecordId> ids, Projection projection) {
    List<RecordId> copy = Arguments.copy(ids, "ids");
    Objects.requireNonNull(projection, "projection");
    return read(
        start("fetch").batchSize(copy.size()),
        (call, engine) -> call.returned(new Reads<>(engine).fetch(call, copy, projection)));
  }

  @Override
  public List<SearchHit> search(SearchRequest request) {
    Objects.requireNonNull(request, "request");
    return read(
        start("search").limit(request.limit()),
        (call, engine) -> {
          Searches<?> searches = new Searches<>(engine);
          return call.returned(searches.search(call, searches.checked(request)));
        });
  }

  @Override
  public List<List<SearchHit>> searchBatch(List<SearchRequest> requests) {
    List<SearchRequest> copy = Arguments.copy(requests, "requests");
    return read(
        start("searchBatch").batchSize(copy.size()),
        (call, engine) -> {
          Searches<?> searches = new Searches<>(engine);
          List<SearchRequest> checked = copy.stream().map(searches::checked).toList();
          List<List<SearchHit>> answers = searches.searchBatch(call, checked);
          call.returned(answers.stream().mapToLong(List::size).sum());
          return answers;
        });
  }

  @Override
  public Page scan(ScanRequest request) {
    Objects.requireNonNull(request, "request");
    return read(
        start("scan").limit(request.pageSize()),
        (call, engine) -> {
          Page page = new Reads<>(engine).scan(call, request, calls.engine());
          call.returned(page.records().size());
          return page;
        });
  }

  @Override
  public long count(Filter filter) {
    Objects.requireNonNull(filter, "filter");
    return read(start("count"), (call, engine) -> new Reads<>(engine).count(call, filter));
  }

  @Override
  public PatchReport patchPayload(
      Collection<RecordId> ids, Payload set, Collection<String> remove) {
    List<RecordId> copy = Arguments.copy(ids, "ids");
    List<String> keys = Arguments.copy(remove, "remove");
    Objects.requireNonNull(set, "set");
    return write(
        start("patchPayload").batchSize(copy.size()),
        (call, engine) -> new Writes<>(engine).patch(call, copy, set, keys));
  }

  @Override
  public void delete(Collection<RecordId> ids) {
    List<RecordId> copy = Arguments.copy(ids, "ids");
    write(
        start("delete").batchSize(copy.size()),
        (call, engine) -> {
          new Writes<>(engine).delete(call, copy);
          return true;
        });
  }

  @Override
  public void deleteWhere(Filter filter) {
    Objects.requireNonNull(filter, "filter");
    calls.write(
        start("deleteWhere"),
        call -> {
          deleteWhere(call, filter);
          return true;
        });
  }

  /**
   * What may be deleted is known at the time of the delete. Where that has changed in the middle, a
   * record that matches may have been left, and the delete is done again.
   */
  private void deleteWhere(Call call, Filter filter) {
    Selection.require(opened.engine(call), List.of(Capability.WRITE));
    Writes.requireNarrow(filter);
    CollectionEngine<?> engine = opened.renewed(call);
    for (int round = 1; ; round++) {
      Selection.require(engine, List.of(Capability.WRITE));
      new Writes<>(engine).deleteWhere(call, filter);
      CollectionEngine<?> now = opened.renewed(call);
      if (now == engine) {
        return;
      }
      if (round == DELETES) {
        throw new OutcomeUnknown(
            "the collection's indexes changed again and again in the middle of the delete, so that"
                + " records that match may be left; delete once more");
      }
      engine = now;
    }
  }

  @Override
  public void deleteAll() {
    write(
        start("deleteAll"),
        (call, engine) -> {
          call.run(engine::deleteAll);
          return true;
        });
  }

  @Override
  public boolean awaitIndexed(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    return calls.observed(start("awaitIndexed"), observed -> awaitIndexed(observed, timeout));
  }

  private boolean awaitIndexed(Observed observed, Duration timeout) {
    long started = Ticker.SYSTEM.nanos();
    Duration left = timeout;
    while (left.compareTo(Duration.ZERO) > 0) {
      Optional<Duration> again = observed.within(left).read(this::askAgain);
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
    calls.observed(
        start("bulkLoad"),
        observed -> {
          beginBulk(observed);
          // By try-with-resources, so that an error of the body isn't lost to one of the restoring.
          try (Bulk restoring = () -> endBulk(observed)) {
            body.accept(this);
          }
          return true;
        });
  }

  /** Where it is in doubt whether indexing was put off, it must be taken up again. */
  private void beginBulk(Observed observed) {
    try {
      run(observed, CollectionEngine::beginBulk);
    } catch (OutcomeUnknown | MalformedResponse inDoubt) {
      try (Bulk restoring = () -> endBulk(observed)) {
        throw inDoubt;
      }
    }
  }

  /** Also for an interrupted thread, whose flag is put back: indexing must not stay off. */
  private void endBulk(Observed observed) {
    boolean interrupted = Thread.interrupted();
    try {
      run(observed, CollectionEngine::endBulk);
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

  private void run(Observed observed, BiConsumer<CollectionEngine<?>, Attempt> request) {
    write(
        observed,
        (call, engine) -> {
          call.run(attempt -> request.accept(engine, attempt));
          return true;
        });
  }

  @Override
  public String explain(SearchRequest request) {
    Objects.requireNonNull(request, "request");
    return read(
        start("explain").limit(request.limit()),
        (call, engine) -> {
          Searches<?> searches = new Searches<>(engine);
          return searches.explain(searches.checked(request));
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
