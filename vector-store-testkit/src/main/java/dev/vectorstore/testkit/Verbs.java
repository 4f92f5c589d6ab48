package dev.vectorstore.testkit;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Filter;
import dev.vectorstore.Projection;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Every verb of the port, by its name, as a call that a healthy engine answers. */
final class Verbs {
  private Verbs() {}

  /** What reads a collection of four dimensions. */
  static Map<String, ThrowingCallable> reads(VectorCollection collection) {
    SearchRequest search = SearchRequest.nearest(Samples.vector(1, 0, 0, 0)).build();
    Map<String, ThrowingCallable> verbs = new LinkedHashMap<>();
    verbs.put("fetch", () -> collection.fetch(Samples.ids(1), Projection.all()));
    verbs.put("search", () -> collection.search(search));
    verbs.put("searchBatch", () -> collection.searchBatch(List.of(search, search)));
    verbs.put("scan", () -> collection.scan(ScanRequest.builder().build()));
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
        "explain",
        () -> collection.explain(SearchRequest.nearest(Samples.vector(1, 0, 0, 0)).build()));
    return verbs;
  }

  /** What a store does with the name of a collection, or without. */
  static Map<String, ThrowingCallable> ofStore(VectorStore store, CollectionSpec spec) {
    Map<String, ThrowingCallable> verbs = new LinkedHashMap<>();
    verbs.put("collections", store::collections);
    verbs.put("exists", () -> store.exists(spec.name()));
    verbs.put("describe", () -> store.describe(spec.name()));
    verbs.put("ensureCollection", () -> store.ensureCollection(spec));
    verbs.put("drop", () -> store.drop(spec.name()));
    return verbs;
  }
}
