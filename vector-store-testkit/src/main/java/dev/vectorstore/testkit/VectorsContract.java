package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Vectors come back: section Records of docs/CONTRACT.md. */
public interface VectorsContract extends EngineContract {
  @Test
  @Rule("R-13")
  default void underDotAndEuclideanVectorsComeBackToTheLastBit() {
    try (Workspace space = Workspace.of(this)) {
      Random random = new Random(13);
      List<Embedding> vectors = new ArrayList<>();
      IntStream.range(0, 100).forEach(i -> vectors.add(Samples.vector(random, 5)));
      vectors.add(Samples.vector(0, 0, 0, 0, 0));
      vectors.add(Samples.vector(Float.MIN_VALUE, -Float.MIN_NORMAL, 1e15, -1e15, 1e-30));
      vectors.add(Samples.vector(0.1, 1.0 / 3, Math.PI, 16777217, 1e10));
      for (Metric metric : List.of(Metric.DOT, Metric.EUCLIDEAN)) {
        VectorCollection collection = space.create(5, metric);
        write(collection, vectors);
        for (VectorRecord record : Samples.all(collection)) {
          assertThat(record.vector())
              .as("vector %s under %s", record.id(), metric)
              .contains(vectors.get((int) ((RecordId.NumberId) record.id()).value()));
        }
      }
    }
  }

  @Test
  @Rule("R-14")
  default void underCosineVectorsComeBackEqualInDirection() {
    try (Workspace space = Workspace.of(this)) {
      Random random = new Random(14);
      List<Embedding> vectors = new ArrayList<>();
      for (double scale : new double[] {1, 1e-30, 1e-10, 1e5, 1e15, 1e25, 1e38}) {
        for (int i = 0; i < 10; i++) {
          Embedding drawn = Samples.vector(random, 6);
          vectors.add(scaled(drawn, scale));
        }
      }
      VectorCollection collection = space.create(6, Metric.COSINE);
      write(collection, vectors);
      for (VectorRecord record : Samples.all(collection)) {
        Embedding written = vectors.get((int) ((RecordId.NumberId) record.id()).value());
        assertSameDirection(record.vector().orElseThrow(), written);
        Near.hits(collection, SearchRequest.nearest(written).limit(1))
            .ifPresent(
                hits ->
                    assertThat(hits.get(0).score())
                        .as("a vector's score against itself; normalise in double before sending")
                        .isCloseTo(1, within(1e-5)));
      }
    }
  }

  private static Embedding scaled(Embedding vector, double scale) {
    double[] components = new double[vector.dimension()];
    for (int i = 0; i < components.length; i++) {
      components[i] = Math.max(-3.4e38, Math.min(3.4e38, vector.at(i) * scale));
    }
    return Samples.vector(components);
  }

  private static void assertSameDirection(Embedding read, Embedding written) {
    assertThat(read.dimension()).isEqualTo(written.dimension());
    double readNorm = norm(read);
    double writtenNorm = norm(written);
    for (int i = 0; i < read.dimension(); i++) {
      assertThat(read.at(i) / readNorm)
          .as("component %d of the direction", i)
          .isCloseTo(written.at(i) / writtenNorm, within(1e-6));
    }
  }

  private static double norm(Embedding vector) {
    double squares = 0;
    for (int i = 0; i < vector.dimension(); i++) {
      squares += (double) vector.at(i) * vector.at(i);
    }
    return Math.sqrt(squares);
  }

  @Test
  @Rule("R-15")
  default void dimensionsFrom1To3072AreTaken() {
    try (Workspace space = Workspace.of(this)) {
      for (Metric metric : Metric.values()) {
        for (int dimension : new int[] {1, 384, 1536, 2049, 3072}) {
          Random random = new Random(dimension);
          VectorCollection collection = space.create(dimension, metric);
          List<Embedding> vectors =
              IntStream.range(0, 5).mapToObj(i -> Samples.vector(random, dimension)).toList();
          write(collection, vectors);
          List<VectorRecord> read = collection.fetch(Samples.ids(0, 1, 2, 3, 4), Projection.all());
          for (int i = 0; i < 5; i++) {
            assertSameDirection(read.get(i).vector().orElseThrow(), vectors.get(i));
          }
          Near.assertFinds(
              metric + ", " + dimension + " dimensions",
              collection,
              SearchRequest.nearest(vectors.get(2)).limit(5),
              Samples.ids(0, 1, 2, 3, 4));
        }
      }
    }
  }

  @Test
  @Rule("R-16")
  default void vectorsThatHaveNoScoreAreRefused() {
    try (Workspace space = Workspace.of(this)) {
      for (Metric metric : Metric.values()) {
        VectorCollection collection = space.create(3, metric);
        List<Embedding> bad =
            new ArrayList<>(
                List.of(
                    Samples.vector(1, 2),
                    Samples.vector(1, 2, 3, 4),
                    Samples.vector(1, Double.NaN, 3),
                    Samples.vector(Double.POSITIVE_INFINITY, 0, 0),
                    Samples.vector(0, 0, Double.NEGATIVE_INFINITY)));
        bad.add(metric == Metric.COSINE ? Samples.vector(0, -0.0, 0) : Samples.vector(2e15, 0, 0));
        for (Embedding vector : bad) {
          VectorRecord record =
              VectorRecord.of(RecordId.of("the bad one"), vector, Payload.empty());
          assertThat(
                  Expect.invalid(
                      "a vector without a score under " + metric,
                      () -> collection.upsert(good(1), record, good(2))))
              .as("the message names the record")
              .hasMessageContaining("the bad one");
          Near.invalid(
              "a search for a vector without a score under " + metric,
              collection,
              SearchRequest.nearest(vector));
        }
        assertThat(collection.count()).as("nothing of such a call is written").isZero();
      }
    }
  }

  private static VectorRecord good(long id) {
    return VectorRecord.of(RecordId.of(id), Samples.vector(1, 2, 3), Payload.empty());
  }

  private static void write(VectorCollection collection, List<Embedding> vectors) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < vectors.size(); i++) {
      records.add(VectorRecord.of(RecordId.of(i), vectors.get(i), Samples.payload("n", i)));
    }
    collection.upsert(records);
  }
}
