package dev.vectorstore.migration;

import dev.vectorstore.CallOptions;
import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
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
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteBatch;
import dev.vectorstore.WriteMode;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.WriteReport;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A real store, between whose calls something can happen. It says of itself that it is durable, as
 * it outlives the copies of a test.
 */
final class Watched implements VectorStore {
  /** What happens around calls. */
  interface Events {
    /** Changes what the store says that it can do. */
    default void onCapabilities(Set<Capability> all) {}

    /** Changes what the store says of a collection. */
    default CollectionInfo onDescribe(CollectionInfo info) {
      return info;
    }

    default void beforeScan() {}

    default Page afterScan(Page page) {
      return page;
    }

    default void beforeCount() {}

    default long afterCount(Filter filter, long count) {
      return count;
    }

    default void beforeFetch(Collection<RecordId> ids) {}

    default void beforeWrite(Collection<VectorRecord> records) {}

    default void afterWrite() {}

    default List<SearchHit> afterSearch(SearchRequest request, List<SearchHit> hits) {
      return hits;
    }
  }

  private final VectorStore store;
  private final Events events;

  Watched(VectorStore store, Events events) {
    this.store = store;
    this.events = events;
  }

  @Override
  public void ping() {
    store.ping();
  }

  @Override
  public VectorStore with(CallOptions options) {
    return new Watched(store.with(options), events);
  }

  @Override
  public Set<Capability> capabilities() {
    Set<Capability> all = EnumSet.copyOf(store.capabilities());
    all.add(Capability.DURABLE);
    events.onCapabilities(all);
    return all;
  }

  @Override
  public VectorCollection collection(String name) {
    return new WatchedCollection(store.collection(name));
  }

  @Override
  public VectorCollection ensureCollection(CollectionSpec spec) {
    return new WatchedCollection(store.ensureCollection(spec));
  }

  @Override
  public String engine() {
    return store.engine();
  }

  @Override
  public CollectionInfo describe(String name) {
    return events.onDescribe(store.describe(name));
  }

  @Override
  public List<String> collections() {
    return store.collections();
  }

  @Override
  public boolean exists(String name) {
    return store.exists(name);
  }

  @Override
  public boolean drop(String name) {
    return store.drop(name);
  }

  @Override
  public boolean dropVector(String collection, String vector) {
    return store.dropVector(collection, vector);
  }

  @Override
  public void apply(WriteBatch batch) {
    store.apply(batch);
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return store.unwrap(type);
  }

  @Override
  public void close() {
    store.close();
  }

  private final class WatchedCollection implements VectorCollection {
    private final VectorCollection collection;

    WatchedCollection(VectorCollection collection) {
      this.collection = collection;
    }

    @Override
    public Page scan(ScanRequest request) {
      events.beforeScan();
      return events.afterScan(collection.scan(request));
    }

    @Override
    public void upsert(Collection<VectorRecord> records, WriteMode mode) {
      events.beforeWrite(records);
      collection.upsert(records, mode);
      events.afterWrite();
    }

    @Override
    public List<SearchHit> search(SearchRequest request) {
      return events.afterSearch(request, collection.search(request));
    }

    @Override
    public String name() {
      return collection.name();
    }

    @Override
    public CollectionInfo describe() {
      return events.onDescribe(collection.describe());
    }

    @Override
    public WriteReport upsertAll(Stream<VectorRecord> records, WriteOptions options) {
      return collection.upsertAll(records, options);
    }

    @Override
    public List<VectorRecord> fetch(Collection<RecordId> ids, Projection projection) {
      events.beforeFetch(ids);
      return collection.fetch(ids, projection);
    }

    @Override
    public List<List<SearchHit>> searchBatch(List<SearchRequest> requests) {
      return collection.searchBatch(requests);
    }

    @Override
    public long count(Filter filter) {
      events.beforeCount();
      return events.afterCount(filter, collection.count(filter));
    }

    @Override
    public PatchReport patchPayload(
        Collection<RecordId> ids, Payload set, Collection<String> remove) {
      return collection.patchPayload(ids, set, remove);
    }

    @Override
    public void delete(Collection<RecordId> ids) {
      collection.delete(ids);
    }

    @Override
    public void deleteWhere(Filter filter) {
      collection.deleteWhere(filter);
    }

    @Override
    public void deleteAll() {
      collection.deleteAll();
    }

    @Override
    public boolean awaitIndexed(Duration timeout) {
      return collection.awaitIndexed(timeout);
    }

    @Override
    public void bulkLoad(Consumer<VectorCollection> body) {
      collection.bulkLoad(body);
    }

    @Override
    public String explain(SearchRequest request) {
      return collection.explain(request);
    }

    @Override
    public VectorCollection with(CallOptions options) {
      return new WatchedCollection(collection.with(options));
    }
  }
}
