package dev.vectorstore.benchmarks;

import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.WriteOptions;
import java.util.List;

/** This library's embedded engine. */
final class OurEmbedded implements InProcessUser {
  private final VectorStore store = Engine.EMBEDDED.open();
  private final VectorCollection collection = Engine.emptyCollection(store);

  @Override
  public void load(List<VectorRecord> records, int batch) {
    collection.upsertAll(
        records.stream(), WriteOptions.builder().batchRecords(batch).inFlight(WRITERS).build());
    if (collection.count(Filter.all()) != records.size()) {
      throw new IllegalStateException("not all records are there");
    }
  }

  @Override
  public List<SearchHit> search(Embedding query, int limit) {
    return collection.search(SearchRequest.nearest(query).limit(limit));
  }

  @Override
  public List<String> nearest(Embedding query, int limit) {
    return search(query, limit).stream().map(hit -> hit.id().toString()).toList();
  }

  @Override
  public void close() {
    store.close();
  }
}
