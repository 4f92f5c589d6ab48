package dev.vectorstore.benchmarks;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.vectorstore.VectorRecord;
import java.util.List;

/** LangChain4j's store in memory. */
final class LangChain4jInMemory implements InProcessUser {
  private final InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();

  @Override
  public void load(List<VectorRecord> records, int batch) {
    for (int from = 0; from < records.size(); from += batch) {
      List<VectorRecord> part = records.subList(from, Math.min(records.size(), from + batch));
      store.addAll(
          part.stream().map(record -> record.id().toString()).toList(),
          part.stream()
              .map(record -> Embedding.from(record.vector().orElseThrow().toArray()))
              .toList(),
          part.stream().map(LangChain4jInMemory::segment).toList());
    }
  }

  private static TextSegment segment(VectorRecord record) {
    return TextSegment.from(
        UnnamedVectors.text(record), Metadata.from(UnnamedVectors.metadata(record)));
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
  public List<String> nearest(dev.vectorstore.Embedding query, int limit) {
    return search(query, limit).stream().map(EmbeddingMatch::embeddingId).toList();
  }

  @Override
  public void close() {
    store.removeAll();
  }
}
