package dev.vectorstore.benchmarks;

import dev.vectorstore.VectorRecord;
import io.qdrant.client.QdrantClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.BatchingStrategy;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.qdrant.QdrantVectorStore;

/**
 * Spring AI's store, one batch at a time. Its model knows every text already, and costs nothing.
 */
final class SpringAiQdrant implements QdrantUser {
  private static final String COLLECTION = "bench_spring_ai";
  private static final String QUERY = "the query";

  private final QdrantClient client;
  private final KnownEmbeddings model = new KnownEmbeddings();
  private final QdrantVectorStore store;

  SpringAiQdrant(QdrantClient client) {
    this.client = client;
    BatchingStrategy whole = List::of;
    this.store =
        QdrantVectorStore.builder(client, model)
            .collectionName(COLLECTION)
            .batchingStrategy(whole)
            .build();
  }

  @Override
  public void empty() {
    UnnamedVectors.makeEmpty(client, COLLECTION);
  }

  @Override
  public void upsert(List<VectorRecord> records, int batch) {
    for (int from = 0; from < records.size(); from += batch) {
      List<VectorRecord> part = records.subList(from, Math.min(records.size(), from + batch));
      List<Document> documents = new ArrayList<>(part.size());
      for (VectorRecord record : part) {
        String text = UnnamedVectors.text(record);
        model.learn(text, record.vector().orElseThrow());
        documents.add(
            new Document(UnnamedVectors.uuid(record), text, UnnamedVectors.metadata(record)));
      }
      store.add(documents);
    }
  }

  @Override
  public List<Document> search(dev.vectorstore.Embedding query, int limit) {
    model.learn(QUERY, query);
    return store.similaritySearch(SearchRequest.builder().query(QUERY).topK(limit).build());
  }

  @Override
  public void close() {
    QdrantWay.drop(client, COLLECTION);
    client.close();
  }

  /** The vectors that the records have. Not safe for threads. */
  private static final class KnownEmbeddings implements EmbeddingModel {
    private final Map<String, float[]> known = new HashMap<>();

    void learn(String text, dev.vectorstore.Embedding vector) {
      known.put(text, vector.toArray());
    }

    @Override
    public EmbeddingResponse call(EmbeddingRequest request) {
      List<Embedding> embeddings = new ArrayList<>();
      for (String text : request.getInstructions()) {
        embeddings.add(new Embedding(of(text), embeddings.size()));
      }
      return new EmbeddingResponse(embeddings);
    }

    @Override
    public float[] embed(Document document) {
      return of(String.valueOf(document.getText()));
    }

    @Override
    public int dimensions() {
      return Dataset.DIMENSION;
    }

    private float[] of(String text) {
      float[] vector = known.get(text);
      if (vector == null) {
        throw new IllegalArgumentException("a text without a vector");
      }
      return vector;
    }
  }
}
