package dev.vectorstore.testkit;

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
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A collection that hands everything on; defects are planted by overriding. */
class ForwardingCollection implements VectorCollection {
  final VectorCollection to;

  ForwardingCollection(VectorCollection to) {
    this.to = to;
  }

  @Override
  public String name() {
    return to.name();
  }

  @Override
  public CollectionInfo describe() {
    return to.describe();
  }

  @Override
  public void upsert(Collection<VectorRecord> records, WriteMode mode) {
    to.upsert(records, mode);
  }

  @Override
  public WriteReport upsertAll(Stream<VectorRecord> records, WriteOptions options) {
    return to.upsertAll(records, options);
  }

  @Override
  public List<VectorRecord> fetch(Collection<RecordId> ids, Projection projection) {
    return to.fetch(ids, projection);
  }

  @Override
  public List<SearchHit> search(SearchRequest request) {
    return to.search(request);
  }

  @Override
  public List<List<SearchHit>> searchBatch(List<SearchRequest> requests) {
    return to.searchBatch(requests);
  }

  @Override
  public Page scan(ScanRequest request) {
    return to.scan(request);
  }

  @Override
  public long count(Filter filter) {
    return to.count(filter);
  }

  @Override
  public PatchReport patchPayload(
      Collection<RecordId> ids, Payload set, Collection<String> remove) {
    return to.patchPayload(ids, set, remove);
  }

  @Override
  public void delete(Collection<RecordId> ids) {
    to.delete(ids);
  }

  @Override
  public void deleteWhere(Filter filter) {
    to.deleteWhere(filter);
  }

  @Override
  public void deleteAll() {
    to.deleteAll();
  }

  @Override
  public boolean awaitIndexed(Duration timeout) {
    return to.awaitIndexed(timeout);
  }

  @Override
  public void bulkLoad(Consumer<VectorCollection> body) {
    to.bulkLoad(inner -> body.accept(this));
  }

  @Override
  public String explain(SearchRequest request) {
    return to.explain(request);
  }

  @Override
  public VectorCollection with(CallOptions options) {
    return this;
  }
}
