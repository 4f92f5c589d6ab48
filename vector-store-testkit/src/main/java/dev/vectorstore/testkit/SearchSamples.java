package dev.vectorstore.testkit;

import dev.vectorstore.Embedding;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Collections to search in. */
final class SearchSamples {
  private SearchSamples() {}

  static VectorRecord record(long id, Embedding vector) {
    return VectorRecord.of(RecordId.of(id), vector, Samples.payload("n", id));
  }

  /** A record for each vector, ids from 0. */
  static List<VectorRecord> vectors(Embedding... vectors) {
    List<VectorRecord> records = new ArrayList<>();
    for (Embedding vector : vectors) {
      records.add(record(records.size(), vector));
    }
    return records;
  }

  /** Records with {"n": id}. */
  static List<VectorRecord> random(Random random, int count, int dimension) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(record(i, Samples.vector(random, dimension)));
    }
    return records;
  }

  /** Records of four dimensions, of which filters select one in a thousand and fewer. */
  static List<VectorRecord> many(int count) {
    Random random = new Random(17);
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Payload payload =
          Payload.builder()
              .put("indexed", i % 1000)
              .put("unindexed", i % 400 == 0 ? (1L << 53) + i : i % 1000)
              .put("nested", Map.of("a.b", "v" + i % 300))
              .put("list", List.of(i % 700, i % 2 == 0 ? "x" : "y"))
              .build();
      records.add(VectorRecord.of(RecordId.of(i), Samples.vector(random, 4), payload));
    }
    return records;
  }

  /** Few vectors under many ids of all kinds, in the order of the ids. */
  static List<VectorRecord> ties() {
    List<Embedding> vectors =
        List.of(Samples.vector(1, 2, 2), Samples.vector(2, 1, 2), Samples.vector(-1, -2, -2));
    List<RecordId> ids = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      ids.add(RecordId.of(i * 7L));
      ids.add(RecordId.of(new UUID(i % 2 == 0 ? -i : i, i)));
      ids.add(RecordId.of("t" + i));
    }
    ids.sort(null);
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      records.add(VectorRecord.of(ids.get(i), vectors.get(i % 3), Samples.payload("n", i)));
    }
    return records;
  }
}
