package dev.vectorstore.testkit;

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
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.PartialWrite;
import dev.vectorstore.WriteMode;
import dev.vectorstore.WriteOptions;
import dev.vectorstore.WriteReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A collection of the model. */
final class ModelCollection implements VectorCollection {
  private final ModelStore store;
  private final String name;
  private @Nullable CollectionInfo info;

  ModelCollection(ModelStore store, String name) {
    this.store = store;
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public CollectionInfo describe() {
    return store.call("describe", name, this::info);
  }

  private CollectionInfo info() {
    if (info == null) {
      info = store.info(store.data(name));
    }
    return info;
  }

  private <T> T read(String operation, Function<ModelData, T> body) {
    return store.call(operation, name, () -> body.apply(data()));
  }

  private void write(String operation, Consumer<ModelData> body) {
    store.run(
        operation,
        name,
        () -> {
          ModelData data = data();
          store.require(Capability.WRITE);
          body.accept(data);
        });
  }

  private ModelData data() {
    ModelData data = store.data(name);
    data.requireVectorsOf(info().spec());
    return data;
  }

  @Override
  public void upsert(Collection<VectorRecord> records, WriteMode mode) {
    List<VectorRecord> copy = named(records, "records");
    Objects.requireNonNull(mode, "mode");
    write("upsert", data -> put(data, copy, mode));
  }

  /** Of the vectors that were there when the collection was described. */
  private void requireThere(ModelData data, Predicate<String> used) {
    data.requireThere(
        info().spec().vectors().keySet().stream().filter(used).collect(Collectors.toSet()));
  }

  private void requireThere(ModelData data, Projection projection) {
    requireThere(data, projection::hasVector);
  }

  private ModelSearch searching(ModelData data, SearchRequest request) {
    request
        .vector()
        .ifPresent(vector -> requireThere(data, request.using().orElse(VectorSpec.PLAIN)::equals));
    requireThere(data, request.projection());
    return new ModelSearch(store, data, request);
  }

  private void put(ModelData data, List<VectorRecord> records, WriteMode mode) {
    records.forEach(record -> requireThere(data, record.vectors()::containsKey));
    if (mode == WriteMode.INSERT_ONLY) {
      store.require(Capability.INSERT_ONLY);
    }
    records.forEach(data.spec()::check);
    Map<RecordId, VectorRecord> last = new LinkedHashMap<>();
    records.forEach(record -> last.put(record.id(), data.spec().named(record)));
    if (mode == WriteMode.INSERT_ONLY) {
      last.forEach(data.records()::putIfAbsent);
    } else {
      data.records().putAll(last);
    }
  }

  @Override
  public WriteReport upsertAll(Stream<VectorRecord> records, WriteOptions options) {
    Objects.requireNonNull(records, "records");
    Objects.requireNonNull(options, "options");
    long started = System.nanoTime();
    try (records) {
      write("upsertAll", data -> put(data, List.of(), options.mode()));
      Iterator<VectorRecord> iterator = records.iterator();
      long written = 0;
      long batches = 0;
      List<VectorRecord> batch = nextBatch(iterator, options.batchRecords(), written);
      while (!batch.isEmpty()) {
        putBatch(batch, options.mode(), written);
        written += batch.size();
        batches++;
        batch = nextBatch(iterator, options.batchRecords(), written);
      }
      return WriteReport.of(written, batches, Duration.ofNanos(System.nanoTime() - started));
    }
  }

  private static List<VectorRecord> nextBatch(
      Iterator<VectorRecord> records, int most, long written) {
    List<VectorRecord> batch = new ArrayList<>();
    try {
      while (batch.size() < most && records.hasNext()) {
        batch.add(records.next());
      }
      return batch;
    } catch (RuntimeException broken) {
      throw partial(written, broken);
    }
  }

  private void putBatch(List<VectorRecord> batch, WriteMode mode, long written) {
    write(
        "upsertAll",
        data -> {
          try {
            batch.forEach(data.spec()::check);
            put(data, mode == WriteMode.INSERT_ONLY ? firstOfEachId(batch) : batch, mode);
          } catch (VectorStoreException failure) {
            throw partial(written, failure);
          }
        });
  }

  private static List<VectorRecord> firstOfEachId(List<VectorRecord> batch) {
    Map<RecordId, VectorRecord> first = new LinkedHashMap<>();
    batch.forEach(record -> first.putIfAbsent(record.id(), record));
    return List.copyOf(first.values());
  }

  private static PartialWrite partial(long written, RuntimeException cause) {
    return new PartialWrite(
        "stopped after " + written + " records by: " + cause.getMessage(),
        written,
        List.of(),
        cause);
  }

  @Override
  public List<VectorRecord> fetch(Collection<RecordId> ids, Projection projection) {
    Objects.requireNonNull(projection, "projection");
    named(ids, "ids");
    return read(
        "fetch",
        data -> {
          requireThere(data, projection);
          Projection parts = data.spec().named(projection);
          return new LinkedHashSet<>(ids)
              .stream()
                  .map(data.records()::get)
                  .filter(Objects::nonNull)
                  .map(parts::apply)
                  .toList();
        });
  }

  @Override
  public List<SearchHit> search(SearchRequest request) {
    Objects.requireNonNull(request, "request");
    return read("search", data -> searching(data, request).hits());
  }

  @Override
  public List<List<SearchHit>> searchBatch(List<SearchRequest> requests) {
    named(requests, "requests");
    return read(
        "searchBatch",
        data -> {
          List<ModelSearch> searches = new ArrayList<>();
          requests.forEach(request -> searches.add(searching(data, request)));
          return searches.stream().map(ModelSearch::hits).toList();
        });
  }

  @Override
  public Page scan(ScanRequest request) {
    Objects.requireNonNull(request, "request");
    return read(
        "scan",
        data -> {
          Filter filter = request.filter();
          store.requireAnswerable(filter, data.spec());
          requireThere(data, request.projection());
          Projection parts = data.spec().named(request.projection());
          Optional<RecordId> after = request.cursor().map(cursor -> ModelCursor.read(name, cursor));
          Collection<VectorRecord> rest =
              after.map(id -> data.records().tailMap(id, false)).orElse(data.records()).values();
          List<VectorRecord> matching =
              rest.stream()
                  .filter(record -> store.test(filter, record))
                  .limit(request.pageSize() + 1L)
                  .toList();
          if (matching.size() <= request.pageSize()) {
            return new Page(matching.stream().map(parts::apply).toList(), Optional.empty());
          }
          List<VectorRecord> page = matching.subList(0, request.pageSize());
          return new Page(
              page.stream().map(parts::apply).toList(),
              Optional.of(ModelCursor.write(name, page.get(page.size() - 1).id())));
        });
  }

  @Override
  public long count(Filter filter) {
    Objects.requireNonNull(filter, "filter");
    return read(
        "count",
        data -> {
          store.requireAnswerable(filter, data.spec());
          return data.records().values().stream()
              .filter(record -> store.test(filter, record))
              .count();
        });
  }

  @Override
  public PatchReport patchPayload(
      Collection<RecordId> ids, Payload set, Collection<String> remove) {
    named(ids, "ids");
    named(remove, "remove");
    Objects.requireNonNull(set, "set");
    long[] patched = {0};
    LinkedHashSet<RecordId> distinct = new LinkedHashSet<>(ids);
    write(
        "patchPayload",
        data -> {
          if (remove.contains(Payload.RESERVED_KEY)) {
            throw new InvalidRequest("the key is reserved for the engines; leave it alone");
          }
          for (RecordId id : distinct) {
            VectorRecord record = data.records().get(id);
            if (record != null) {
              data.records().put(id, record.withPayload(patch(record.payload(), set, remove)));
              patched[0]++;
            }
          }
        });
    return new PatchReport(patched[0], distinct.size() - patched[0]);
  }

  private static <T> List<T> named(Collection<T> elements, String name) {
    Objects.requireNonNull(elements, name)
        .forEach(element -> Objects.requireNonNull(element, name));
    return List.copyOf(elements);
  }

  private static Payload patch(Payload payload, Payload set, Collection<String> remove) {
    Payload.Builder builder = payload.toBuilder();
    remove.forEach(builder::remove);
    set.toValue().entries().forEach(builder::put);
    return builder.build();
  }

  @Override
  public void delete(Collection<RecordId> ids) {
    named(ids, "ids");
    write("delete", data -> ids.forEach(data.records()::remove));
  }

  @Override
  public void deleteWhere(Filter filter) {
    Objects.requireNonNull(filter, "filter");
    write(
        "deleteWhere",
        data -> {
          store.requireAnswerable(filter, data.spec());
          if (filter.isAll()) {
            throw new InvalidRequest(
                "a filter that is true for every record would delete all; use deleteAll()");
          }
          data.records().values().removeIf(record -> store.test(filter, record));
        });
  }

  @Override
  public void deleteAll() {
    write("deleteAll", data -> data.records().clear());
  }

  @Override
  public boolean awaitIndexed(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    return read("awaitIndexed", data -> true);
  }

  @Override
  public void bulkLoad(Consumer<VectorCollection> body) {
    Objects.requireNonNull(body, "body");
    write("bulkLoad", data -> {});
    body.accept(this);
  }

  @Override
  public String explain(SearchRequest request) {
    Objects.requireNonNull(request, "request");
    return read(
        "explain", data -> "every record of " + new ModelSearch(store, data, request).explain());
  }

  @Override
  public VectorCollection with(CallOptions options) {
    Objects.requireNonNull(options, "options");
    return this;
  }
}
