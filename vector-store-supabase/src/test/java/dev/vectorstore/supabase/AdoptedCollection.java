package dev.vectorstore.supabase;

import dev.vectorstore.CallOptions;
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
import dev.vectorstore.WriteMode;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.WriteReport;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** An adopted table, whose payloads are the values of its column {@code metadata}. */
final class AdoptedCollection implements VectorCollection {
  private final VectorCollection table;
  private final AdoptedTables.Made made;
  private final AdoptedRows rows;

  AdoptedCollection(VectorCollection table, AdoptedTables.Made made) {
    this.table = table;
    this.made = made;
    rows = made.rows();
  }

  @Override
  public String name() {
    return table.name();
  }

  @Override
  public CollectionInfo describe() {
    return rows.info(table.describe());
  }

  @Override
  public void upsert(Collection<VectorRecord> records, WriteMode mode) {
    List<VectorRecord> written = records.stream().map(rows::row).toList();
    alone(made.lock().readLock(), () -> table.upsert(written, mode));
  }

  @Override
  public WriteReport upsertAll(Stream<VectorRecord> records, WriteOptions options) {
    Lock lock = made.lock().readLock();
    lock.lock();
    try {
      return table.upsertAll(Objects.requireNonNull(records, "records").map(rows::row), options);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<VectorRecord> fetch(Collection<RecordId> ids, Projection projection) {
    return table.fetch(rows.keys(ids), rows.columns(projection)).stream()
        .map(row -> rows.record(row, projection))
        .toList();
  }

  @Override
  public List<SearchHit> search(SearchRequest request) {
    return hits(table.search(rows.request(request)), request);
  }

  @Override
  public List<List<SearchHit>> searchBatch(List<SearchRequest> requests) {
    List<List<SearchHit>> answers =
        table.searchBatch(requests.stream().map(rows::request).toList());
    return IntStream.range(0, answers.size())
        .mapToObj(i -> hits(answers.get(i), requests.get(i)))
        .toList();
  }

  private List<SearchHit> hits(List<SearchHit> found, SearchRequest request) {
    return found.stream()
        .map(
            hit ->
                SearchHit.of(
                    rows.record(hit.record(), request.projection()), hit.score(), hit.scoreKind()))
        .toList();
  }

  @Override
  public Page scan(ScanRequest request) {
    ScanRequest asked =
        Objects.requireNonNull(request, "request")
            .projection(rows.columns(request.projection()))
            .filter(rows.filter(request.filter()));
    Page page = table.scan(asked);
    List<VectorRecord> records =
        page.records().stream().map(row -> rows.record(row, request.projection())).toList();
    return new Page(records, page.next(), page.issues());
  }

  @Override
  public long count(Filter filter) {
    return table.count(rows.filter(filter));
  }

  /**
   * A patch sets columns whole, so that one of keys within a column begins with a read of it. No
   * other write is let in meanwhile; as the contract allows, what fails on the read is a read.
   */
  @Override
  public PatchReport patchPayload(
      Collection<RecordId> ids, Payload set, Collection<String> remove) {
    Objects.requireNonNull(set, "set");
    if (Objects.requireNonNull(remove, "remove").contains(Payload.RESERVED_KEY)
        || (set.isEmpty() && remove.isEmpty())) {
      return table.patchPayload(rows.keys(ids), set, remove);
    }
    Lock lock = made.lock().writeLock();
    lock.lock();
    try {
      List<VectorRecord> found = fetch(ids, Projection.payload());
      long patched = 0;
      for (VectorRecord record : found) {
        Payload.Builder after = record.payload().toBuilder();
        remove.forEach(after::remove);
        set.toValue().entries().forEach(after::put);
        VectorRecord row = rows.row(record.withPayload(after.build()));
        patched += table.patchPayload(List.of(row.id()), row.payload(), List.of()).patched();
      }
      return new PatchReport(patched, ids.stream().distinct().count() - patched);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void delete(Collection<RecordId> ids) {
    alone(made.lock().readLock(), () -> table.delete(rows.keys(ids)));
  }

  @Override
  public void deleteWhere(Filter filter) {
    alone(made.lock().readLock(), () -> table.deleteWhere(rows.filter(filter)));
  }

  @Override
  public void deleteAll() {
    alone(made.lock().readLock(), table::deleteAll);
  }

  private static void alone(Lock lock, Runnable write) {
    lock.lock();
    try {
      write.run();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean awaitIndexed(Duration timeout) {
    return table.awaitIndexed(timeout);
  }

  @Override
  public void bulkLoad(Consumer<VectorCollection> body) {
    Objects.requireNonNull(body, "body");
    table.bulkLoad(loading -> body.accept(new AdoptedCollection(loading, made)));
  }

  @Override
  public String explain(SearchRequest request) {
    return table.explain(rows.request(request));
  }

  @Override
  public VectorCollection with(CallOptions options) {
    return new AdoptedCollection(table.with(options), made);
  }

  @Override
  public String toString() {
    return table.toString();
  }
}
