package dev.vectorstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The graph finds what comparing every vector finds, and scores are the metric's. */
class NearestSearchTest {
  private final VectorStore store = Embedded.inMemory().open();

  @AfterEach
  void close() {
    store.close();
  }

  private VectorCollection collection(int dimension, Metric metric) {
    return store.ensureCollection(
        CollectionSpec.builder("vectors").vectors(dimension, metric).build());
  }

  /** Vectors in clusters, as embeddings are. */
  private static List<VectorRecord> records(int count, int dimension, Random random) {
    float[][] centres = new float[50][];
    for (int i = 0; i < centres.length; i++) {
      centres[i] = gaussian(dimension, random);
    }
    List<VectorRecord> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      float[] components = gaussian(dimension, random);
      float[] centre = centres[random.nextInt(centres.length)];
      for (int j = 0; j < dimension; j++) {
        components[j] += 2 * centre[j];
      }
      records.add(
          VectorRecord.of(
              RecordId.of(i), Embedding.of(components), Payload.of(Map.of("tenth", i % 10))));
    }
    return records;
  }

  private static float[] gaussian(int dimension, Random random) {
    float[] components = new float[dimension];
    for (int j = 0; j < dimension; j++) {
      components[j] = (float) random.nextGaussian();
    }
    return components;
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void findsWithTheGraphWhatAComparisonFinds(Metric metric) {
    Random random = new Random(7);
    List<VectorRecord> records = records(20_000, 64, random);
    if (metric == Metric.DOT) {
      records.replaceAll(record -> ofAlmostTheSameLength(record, random));
    }
    VectorCollection collection = collection(64, metric);
    for (int from = 0; from < records.size(); from += 1_000) {
      collection.upsert(records.subList(from, from + 1_000));
    }
    assertThat(recall(collection, records, random, Filter.all())).isGreaterThanOrEqualTo(0.98);
    Filter most = Filter.not(Filter.field("tenth").eq(3));
    assertThat(recall(collection, records, random, most)).isGreaterThanOrEqualTo(0.98);
    Filter few = Filter.field("tenth").in(1, 2);
    assertThat(recall(collection, records, random, few)).isGreaterThanOrEqualTo(0.98);
  }

  /** As embedding models make them; no graph is good at finding the far and long. */
  private static VectorRecord ofAlmostTheSameLength(VectorRecord record, Random random) {
    float[] components = record.vector().orElseThrow().normalized().toArray();
    float length = 0.9f + 0.2f * random.nextFloat();
    for (int j = 0; j < components.length; j++) {
      components[j] *= length;
    }
    return VectorRecord.of(record.id(), Embedding.of(components), record.payload());
  }

  private static double recall(
      VectorCollection collection, List<VectorRecord> records, Random random, Filter filter) {
    int queries = 100;
    int found = 0;
    for (int i = 0; i < queries; i++) {
      Embedding query = records.get(random.nextInt(records.size())).vector().orElseThrow();
      SearchRequest request = SearchRequest.nearest(query).filter(filter);
      Set<RecordId> exact = ids(collection.search(request.exact()));
      SearchRequest approximate = SearchRequest.nearest(query).filter(filter);
      List<SearchHit> hits = collection.search(approximate);
      assertThat(hits).hasSize(10);
      found += ids(hits).stream().mapToInt(id -> exact.contains(id) ? 1 : 0).sum();
    }
    return found / (10.0 * queries);
  }

  private static Set<RecordId> ids(List<SearchHit> hits) {
    Set<RecordId> ids = new HashSet<>();
    hits.forEach(hit -> ids.add(hit.id()));
    return ids;
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void comparesExactly(Metric metric) {
    Random random = new Random(8);
    List<VectorRecord> records = records(2_000, 37, random);
    VectorCollection collection = collection(37, metric);
    collection.upsert(records);
    collection.delete(List.of(RecordId.of(1), RecordId.of(2)));
    for (int i = 0; i < 20; i++) {
      Embedding query = Embedding.of(gaussian(37, random));
      List<VectorRecord> expected =
          records.stream()
              .filter(record -> !Set.of(RecordId.of(1), RecordId.of(2)).contains(record.id()))
              .sorted(Comparator.comparingDouble(record -> -score(metric, query, record)))
              .limit(50)
              .toList();
      List<SearchHit> hits = collection.search(SearchRequest.nearest(query).limit(50).exact());
      assertThat(hits.stream().map(SearchHit::id))
          .containsExactlyElementsOf(expected.stream().map(VectorRecord::id).toList());
      for (int j = 0; j < 50; j++) {
        double reference = score(metric, query, expected.get(j));
        assertThat(hits.get(j).score())
            .isEqualTo(reference, offset(1e-6 * Math.max(1, Math.abs(reference))));
      }
    }
  }

  private static double score(Metric metric, Embedding query, VectorRecord record) {
    return metric.score(query, record.vector().orElseThrow());
  }

  @Test
  void takesVectorsOf3072Dimensions() {
    Random random = new Random(9);
    List<VectorRecord> records = records(4_000, 3_072, random);
    VectorCollection collection = collection(3_072, Metric.COSINE);
    for (int from = 0; from < records.size(); from += 500) {
      collection.upsert(records.subList(from, from + 500));
    }
    for (int i = 0; i < 20; i++) {
      VectorRecord wanted = records.get(random.nextInt(records.size()));
      SearchRequest request =
          SearchRequest.nearest(wanted.vector().orElseThrow()).limit(1).searchEffort(40);
      assertThat(collection.search(request).get(0).id()).isEqualTo(wanted.id());
    }
  }

  @Test
  void moreEffortLooksAtMoreCandidates() {
    VectorCollection collection = collection(2, Metric.DOT);
    SearchRequest request = SearchRequest.nearest(Embedding.of(1, 2)).searchEffort(777).limit(5);
    assertThat(collection.explain(request)).contains("nearest 5 of 777 candidates");
  }

  @Test
  void fillsTheLimitFromThousandsOfEqualVectors() {
    VectorCollection collection = collection(4, Metric.COSINE);
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < 8_000; i++) {
      records.add(VectorRecord.of(RecordId.of(i), Embedding.of(1, 2, 3, 4), Payload.empty()));
    }
    collection.upsert(records);
    SearchRequest request = SearchRequest.nearest(Embedding.of(1, 2, 3, 4)).limit(100);
    assertThat(ids(collection.search(request))).hasSize(100);
  }
}
