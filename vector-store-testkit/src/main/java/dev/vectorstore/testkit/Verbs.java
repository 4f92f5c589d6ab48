package dev.vectorstore.testkit;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Every verb of the port, by its name, as a call that a healthy engine answers. */
final class Verbs {
  private Verbs() {}

  /** What reads a collection of four dimensions. */
  static Map<String, ThrowingCallable> reads(VectorCollection collection) {
    SearchRequest search = SearchRequest.nearest(Samples.vector(1, 0, 0, 0));
    Map<String, ThrowingCallable> verbs = new LinkedHashMap<>();
    verbs.put("fetch", () -> collection.fetch(Samples.ids(1), Projection.all()));
    verbs.put("search", () -> collection.search(search));
    verbs.put("searchBatch", () -> collection.searchBatch(List.of(search, search)));
    verbs.put("scan", () -> collection.scan(ScanRequest.all()));
    verbs.put("stream", () -> collection.stream(ScanRequest.all()).forEach(record -> {}));
    verbs.put("count", collection::count);
    verbs.put("count of a filter", () -> collection.count(Filter.field("n").gte(1)));
    return verbs;
  }

  /** What writes a collection of four dimensions, in one request. */
  static Map<String, ThrowingCallable> writes(VectorCollection collection) {
    Map<String, ThrowingCallable> verbs = new LinkedHashMap<>();
    verbs.put("upsert", () -> collection.upsert(Samples.record(1)));
    verbs.put(
        "patchPayload",
        () -> collection.patchPayload(Samples.ids(1), Samples.payload("p", 1), List.of()));
    verbs.put("delete", () -> collection.delete(Samples.ids(1)));
    verbs.put("deleteWhere", () -> collection.deleteWhere(Filter.field("n").gte(1)));
    verbs.put("deleteAll", collection::deleteAll);
    return verbs;
  }

  /** What else needs the collection to be there. */
  static Map<String, ThrowingCallable> others(VectorCollection collection) {
    Map<String, ThrowingCallable> verbs = new LinkedHashMap<>();
    verbs.put("describe", collection::describe);
    verbs.put("capabilities", collection::capabilities);
    verbs.put("awaitIndexed", () -> collection.awaitIndexed(Duration.ofSeconds(1)));
    verbs.put("bulkLoad", () -> collection.bulkLoad(loading -> {}));
    verbs.put(
        "upsertAll",
        () -> collection.upsertAll(Samples.records(1).stream(), WriteOptions.defaults()));
    verbs.put(
        "explain", () -> collection.explain(SearchRequest.nearest(Samples.vector(1, 0, 0, 0))));
    return verbs;
  }

  /** What takes objects, each with a null for the argument that the key names. */
  static Map<String, ThrowingCallable> nulls(VectorCollection collection) {
    List<VectorRecord> records = Arrays.asList(Samples.record(1), null);
    List<RecordId> ids = Arrays.asList(RecordId.of(1), null);
    Payload set = Samples.payload("p", 1);
    Map<String, ThrowingCallable> verbs = new LinkedHashMap<>();
    verbs.put("records of upsert", () -> collection.upsert(records));
    verbs.put("mode of upsert", () -> collection.upsert(Samples.records(1), none()));
    verbs.put("records of upsertAll", () -> collection.upsertAll(none(), WriteOptions.defaults()));
    verbs.put("options of upsertAll", () -> collection.upsertAll(Stream.of(), none()));
    verbs.put("ids of fetch", () -> collection.fetch(ids, Projection.all()));
    verbs.put("projection of fetch", () -> collection.fetch(Samples.ids(1), none()));
    verbs.put("request of search", () -> collection.search(none()));
    verbs.put("requests of searchBatch", () -> collection.searchBatch(Arrays.asList(none(), null)));
    verbs.put("request of scan", () -> collection.scan(none()));
    verbs.put("request of stream", () -> collection.stream(none()));
    verbs.put("filter of count", () -> collection.count(none()));
    verbs.put("ids of patchPayload", () -> collection.patchPayload(ids, set, List.of()));
    verbs.put(
        "set of patchPayload", () -> collection.patchPayload(Samples.ids(1), none(), List.of()));
    verbs.put("remove of patchPayload", () -> collection.patchPayload(Samples.ids(1), set, none()));
    verbs.put("ids of delete", () -> collection.delete(ids));
    verbs.put("filter of deleteWhere", () -> collection.deleteWhere(none()));
    verbs.put("timeout of awaitIndexed", () -> collection.awaitIndexed(none()));
    verbs.put("body of bulkLoad", () -> collection.bulkLoad(none()));
    verbs.put("request of explain", () -> collection.explain(none()));
    verbs.put("options of with", () -> collection.with(none()));
    return verbs;
  }

  /** What a store takes, each with a null for the argument that the key names. */
  static Map<String, ThrowingCallable> nulls(VectorStore store) {
    Map<String, ThrowingCallable> verbs = new LinkedHashMap<>();
    verbs.put("spec of ensureCollection", () -> store.ensureCollection(none()));
    verbs.put("name of describe", () -> store.describe(none()));
    verbs.put("name of exists", () -> store.exists(none()));
    verbs.put("name of drop", () -> store.drop(none()));
    verbs.put("name of collection", () -> store.collection(none()));
    verbs.put("batch of apply", () -> store.apply(none()));
    verbs.put("options of with", () -> store.with(none()));
    verbs.put("type of unwrap", () -> store.unwrap(none()));
    return verbs;
  }

  /** A null where none is allowed, as a caller without a checker can pass it. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T none() {
    return null;
  }

  /** What a store does with the name of a collection, or without. */
  static Map<String, ThrowingCallable> ofStore(VectorStore store, CollectionSpec spec) {
    Map<String, ThrowingCallable> verbs = new LinkedHashMap<>();
    verbs.put("ping", store::ping);
    verbs.put("collections", store::collections);
    verbs.put("exists", () -> store.exists(spec.name()));
    verbs.put("describe", () -> store.describe(spec.name()));
    verbs.put("ensureCollection", () -> store.ensureCollection(spec));
    verbs.put("drop", () -> store.drop(spec.name()));
    return verbs;
  }
}
