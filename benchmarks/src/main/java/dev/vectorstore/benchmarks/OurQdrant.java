package dev.vectorstore.benchmarks;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Projection;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.WriteOptions;
import java.util.List;

/** This library. */
final class OurQdrant implements QdrantUser {
  static final String COLLECTION = "bench_ours";

  private final VectorStore store;
  private final boolean vectors;
  private VectorCollection collection;

  OurQdrant(String url, boolean vectors) {
    this.store = VectorStores.open(url);
    this.vectors = vectors;
    this.collection = made();
  }

  private VectorCollection made() {
    return store.ensureCollection(
        CollectionSpec.builder(COLLECTION).vectors(Dataset.DIMENSION, Metric.COSINE).build());
  }

  @Override
  public void empty() {
    store.drop(COLLECTION);
    collection = made();
  }

  @Override
  public void upsert(List<VectorRecord> records, int batch) {
    collection.upsertAll(
        records.stream(), WriteOptions.builder().batchRecords(batch).inFlight(4).build());
  }

  @Override
  public List<SearchHit> search(Embedding query, int limit) {
    SearchRequest request = SearchRequest.nearest(query).limit(limit);
    return collection.search(request.projection(vectors ? Projection.all() : Projection.payload()));
  }

  @Override
  public void close() {
    store.drop(COLLECTION);
    store.close();
  }
}
