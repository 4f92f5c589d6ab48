package dev.vectorstore.benchmarks;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.qdrant.QdrantEmbeddingStore;
import dev.vectorstore.VectorRecord;
import io.qdrant.client.QdrantClient;
import java.util.ArrayList;
import java.util.List;

/** LangChain4j's store. It takes UUIDs alone, one batch at a time, and always returns vectors. */
final class LangChain4jQdrant implements QdrantUser {
  private static final String COLLECTION = "bench_langchain4j";

  private final QdrantClient client;
  private final QdrantEmbeddingStore store;

  LangChain4jQdrant(QdrantClient client) {
    this.client = client;
    this.store = QdrantEmbeddingStore.builder().client(client).collectionName(COLLECTION).build();
  }

  @Override
  public void empty() {
    UnnamedVectors.makeEmpty(client, COLLECTION);
  }

  @Override
  public void upsert(List<VectorRecord> records, int batch) {
    for (int from = 0; from < records.size(); from += batch) {
      List<VectorRecord> part = records.subList(from, Math.min(records.size(), from + batch));
      List<String> ids = new ArrayList<>(part.size());
      List<Embedding> embeddings = new ArrayList<>(part.size());
      List<TextSegment> segments = new ArrayList<>(part.size());
      for (VectorRecord record : part) {
        ids.add(UnnamedVectors.uuid(record));
        embeddings.add(Embedding.from(record.vector().orElseThrow().toArray()));
        segments.add(
            TextSegment.from(
                UnnamedVectors.text(record), Metadata.from(UnnamedVectors.metadata(record))));
      }
      store.addAll(ids, embeddings, segments);
    }
  }

  @Override
  public List<EmbeddingMatch<TextSegment>> search(dev.vectorstore.Embedding query, int limit) {
    return store
        .search(
            EmbeddingSearchRequest.builder()
                .queryEmbedding(Embedding.from(query.toArray()))
                .maxResults(limit)
                .build())
        .matches();
  }

  @Override
  public void close() {
    QdrantWay.drop(client, COLLECTION);
    store.close();
  }
}
