package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MetricTest {
  private static final double RESOLUTION = 1e-15;

  @Test
  void cosine() {
    assertThat(Metric.COSINE.score(Embedding.of(1, 0), Embedding.of(5, 0))).isEqualTo(1);
    assertThat(Metric.COSINE.score(Embedding.of(1, 0), Embedding.of(0, 3))).isEqualTo(0);
    assertThat(Metric.COSINE.score(Embedding.of(1, 0), Embedding.of(-2, 0))).isEqualTo(-1);
    assertThat(Metric.COSINE.score(Embedding.of(1, 1), Embedding.of(1, 0)))
        .isCloseTo(Math.sqrt(0.5), within(RESOLUTION));
    assertThat(Metric.COSINE.score(Embedding.of(1, 2, 3), Embedding.of(4, 5, 6)))
        .isCloseTo(32 / Math.sqrt(14 * 77), within(RESOLUTION));
  }

  @Test
  void cosineIsClampedAndKnowsNoScale() {
    Embedding odd = Embedding.of(0.1f, 0.2f, 0.3f, 0.7f);
    assertThat(Metric.COSINE.score(odd, odd)).isLessThanOrEqualTo(1);
    assertThat(Metric.COSINE.score(Embedding.of((float) 1e-44, 0), Embedding.of((float) 1e38, 0)))
        .isEqualTo(1);
    assertThat(
            Metric.COSINE.score(
                Embedding.of((float) 3e38, (float) 3e38), Embedding.of((float) 3e38, (float) 3e38)))
        .isCloseTo(1, within(RESOLUTION));
    assertThat(Metric.COSINE.score(Embedding.of(0, 0), Embedding.of(1, 0))).isNaN();
  }

  @Test
  void dot() {
    assertThat(Metric.DOT.score(Embedding.of(1, 2, 3), Embedding.of(4, -5, 6))).isEqualTo(12);
    assertThat(Metric.DOT.score(Embedding.of(-1), Embedding.of(7))).isEqualTo(-7);
    assertThat(Metric.DOT.score(Embedding.of((float) 1e15), Embedding.of((float) 1e15)))
        .isCloseTo(1e30, within(1e24));
  }

  @Test
  void euclideanIsMinusTheDistance() {
    assertThat(Metric.EUCLIDEAN.score(Embedding.of(0, 0), Embedding.of(3, 4))).isEqualTo(-5);
    double same = Metric.EUCLIDEAN.score(Embedding.of(1, 2), Embedding.of(1, 2));
    assertThat(same).isEqualTo(0);
    assertThat(1 / same).as("not minus zero").isPositive();
  }

  @Test
  void higherIsNearerInEachMetric() {
    Embedding query = Embedding.of(1, 0);
    Embedding near = Embedding.of(0.9f, 0.1f);
    Embedding far = Embedding.of(-0.9f, 0.1f);
    for (Metric metric : Metric.values()) {
      assertThat(metric.score(query, near)).isGreaterThan(metric.score(query, far));
    }
  }

  @Test
  void otherDimensionsHaveNoScore() {
    assertThatThrownBy(() -> Metric.DOT.score(Embedding.of(1), Embedding.of(1, 2)))
        .isInstanceOf(VectorStoreException.InvalidRequest.class);
  }
}
