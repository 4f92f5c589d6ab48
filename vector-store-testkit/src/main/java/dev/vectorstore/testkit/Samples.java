package dev.vectorstore.testkit;

import dev.vectorstore.Embedding;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Records, vectors and payloads for tests, and all that a collection holds. */
final class Samples {
  private Samples() {}

  /** A vector of these components. */
  static Embedding vector(double... components) {
    float[] floats = new float[components.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) components[i];
    }
    return Embedding.of(floats);
  }

  /** A vector of this dimension with normally distributed components. */
  static Embedding vector(Random random, int dimension) {
    float[] floats = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      floats[i] = (float) random.nextGaussian();
    }
    return Embedding.of(floats);
  }

  /** A payload of one key. */
  static Payload payload(String key, @Nullable Object value) {
    return Payload.builder().put(key, value).build();
  }

  /** A payload of two keys. */
  static Payload payload(String key, @Nullable Object value, String key2, @Nullable Object value2) {
    return Payload.builder().put(key, value).put(key2, value2).build();
  }

  /** A record of four dimensions, whose vector follows from its number. */
  static VectorRecord record(long id, Payload payload) {
    return VectorRecord.of(RecordId.of(id), vector(new Random(id), 4), payload);
  }

  /** A record of four dimensions with one key. */
  static VectorRecord record(long id, String key, @Nullable Object value) {
    return record(id, payload(key, value));
  }

  /** A record of four dimensions with {"n": id}. */
  static VectorRecord record(long id) {
    return record(id, "n", id);
  }

  /** Records 0 to count - 1 as {@link #record(long)} makes them. */
  static List<VectorRecord> records(int count) {
    return IntStream.range(0, count).mapToObj(Samples::record).toList();
  }

  /** The ids of records. */
  static List<RecordId> ids(List<VectorRecord> records) {
    return records.stream().map(VectorRecord::id).toList();
  }

  /** Ids in their order. */
  static List<RecordId> sorted(List<RecordId> ids) {
    return ids.stream().sorted().toList();
  }

  /** Ids of numbers. */
  static List<RecordId> ids(long... numbers) {
    return Arrays.stream(numbers).mapToObj(RecordId::of).toList();
  }

  /** Whole records by a scan, in the collection's order. */
  static List<VectorRecord> all(VectorCollection collection) {
    return scan(collection, ScanRequest.all().projection(Projection.all()));
  }

  /** All pages of a scan. */
  static List<VectorRecord> scan(VectorCollection collection, ScanRequest request) {
    List<VectorRecord> records = new ArrayList<>();
    Optional<ScanRequest> next = Optional.of(request);
    while (next.isPresent()) {
      var page = collection.scan(next.get());
      records.addAll(page.records());
      next = page.next().map(request::from);
    }
    return records;
  }

  /** The payloads of records by id. */
  static Map<RecordId, Payload> payloads(List<VectorRecord> records) {
    return records.stream()
        .collect(Collectors.toMap(VectorRecord::id, VectorRecord::payload, (a, b) -> b));
  }
}
