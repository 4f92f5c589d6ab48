package dev.vectorstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PreparedVectorTest {
  private final Random random = new Random(21);

  private Embedding vector(int dimension) {
    float[] components = new float[dimension];
    double scale = Math.pow(10, random.nextInt(9) - 4);
    for (int i = 0; i < dimension; i++) {
      components[i] = (float) (random.nextGaussian() * scale);
    }
    return Embedding.of(components);
  }

  /** Otherwise the exact order would lack rows. */
  @ParameterizedTest
  @EnumSource(Metric.class)
  void noScoreAtOrAboveTheBoundIsSurelyBelowIt(Metric metric) {
    int below = 0;
    for (int i = 0; i < 3000; i++) {
      Embedding a = vector(1 + i % 70);
      Embedding b = i % 5 == 0 ? a : vector(1 + i % 70);
      double score = metric.score(a, b);
      PreparedVector ready = new PreparedVector(a);
      assertThat(ready.surelyBelow(score, new PreparedVector(b), metric)).isFalse();
      assertThat(ready.surelyBelow(Double.NEGATIVE_INFINITY, new PreparedVector(b), metric))
          .isFalse();
      below +=
          ready.surelyBelow(score + 1 + Math.abs(score), new PreparedVector(b), metric) ? 1 : 0;
    }
    assertThat(below).isEqualTo(metric == Metric.EUCLIDEAN ? 0 : 3000);
  }
}
