package dev.vectorstore.benchmarks;

import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.VectorParams;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Collections and records as the peers have them: one vector without a name, UUIDs, metadata. */
final class UnnamedVectors {
  private UnnamedVectors() {}

  static void makeEmpty(QdrantClient client, String collection) {
    QdrantWay.drop(client, collection);
    Answers.of(
        client.createCollectionAsync(
            collection,
            VectorParams.newBuilder()
                .setSize(Dataset.DIMENSION)
                .setDistance(Distance.Cosine)
                .build()));
  }

  static String uuid(VectorRecord record) {
    return new UUID(0, ((RecordId.NumberId) record.id()).value()).toString();
  }

  static String text(VectorRecord record) {
    return record.payload().text("content").orElseThrow();
  }

  static Map<String, Object> metadata(VectorRecord record) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    record
        .payload()
        .toValue()
        .entries()
        .forEach(
            (key, value) -> {
              if (!key.equals("content")) {
                metadata.put(
                    key,
                    value instanceof Value.LongValue number
                        ? (Object) number.value()
                        : ((Value.StringValue) value).value());
              }
            });
    return metadata;
  }
}
