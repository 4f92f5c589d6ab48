package dev.vectorstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VectorsTest {
  private static boolean same(Embedding a, Embedding b, Metric metric) {
    return Vectors.same(Optional.of(a), Optional.of(b), metric);
  }

  @Test
  void underCosineTheDirectionCounts() {
    Embedding vector = Embedding.of(3, 4, -12);
    assertThat(same(vector, vector.normalized(), Metric.COSINE)).isTrue();
    assertThat(same(vector, Embedding.of(3, 4, -12.0001f), Metric.COSINE)).isFalse();
    assertThat(same(vector, Embedding.of(-3, -4, 12), Metric.COSINE)).isFalse();
    assertThat(same(vector, Embedding.of(3, 4), Metric.COSINE)).isFalse();
    assertThat(same(vector, Embedding.of(0, 0, 0), Metric.COSINE)).isFalse();
  }

  @Test
  void elsewhereEveryBitCounts() {
    Embedding vector = Embedding.of(3, 4);
    assertThat(same(vector, Embedding.of(3, 4), Metric.DOT)).isTrue();
    assertThat(same(vector, vector.normalized(), Metric.DOT)).isFalse();
    assertThat(same(vector, Embedding.of(3, Math.nextUp(4f)), Metric.EUCLIDEAN)).isFalse();
  }

  @Test
  void aVectorThatIsNotThereIsEqualToNone() {
    Optional<Embedding> none = Optional.empty();
    assertThat(Vectors.same(none, none, Metric.COSINE)).isTrue();
    assertThat(Vectors.same(Optional.of(Embedding.of(1)), none, Metric.COSINE)).isFalse();
  }
}
