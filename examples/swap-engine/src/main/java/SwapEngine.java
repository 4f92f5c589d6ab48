import dev.vectorstore.*;
import java.util.Map;

/** Stores three fruits and finds the two green ones that are nearest to a vector. */
class SwapEngine {
  public static void main(String[] args) {
    // The one line to swap: "memory:" or "qdrant:http://127.0.0.1:6334".
    String engine = args.length > 0 ? args[0] : "memory:";

    try (VectorStore store = VectorStores.open(engine)) {
      VectorCollection fruits =
          store.ensureCollection(
              CollectionSpec.builder("swap-engine").vectors(3, Metric.COSINE).build());
      fruits.upsert(
          fruit(1, "apple", "green", Embedding.of(0.9f, 0.1f, 0f)),
          fruit(2, "cherry", "red", Embedding.of(1f, 0f, 0f)),
          fruit(3, "pear", "green", Embedding.of(0.7f, 0.3f, 0f)));

      Filter green = Filter.field("color").eq("green");
      SearchRequest nearest = SearchRequest.nearest(Embedding.of(1f, 0f, 0f)).filter(green);
      for (SearchHit hit : fruits.search(nearest)) {
        System.out.printf("%s %.3f%n", hit.content().orElse("?"), hit.score());
      }
      store.drop("swap-engine");
    }
  }

  private static VectorRecord fruit(long id, String name, String color, Embedding vector) {
    return VectorRecord.of(
        RecordId.of(id), vector, Payload.of(Map.of("content", name, "color", color)));
  }
}
