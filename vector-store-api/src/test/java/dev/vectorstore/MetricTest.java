package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MetricTest {
  private static final double RESOLUTION = 1e-15;

  @Test
  void cosine() {
    assertThat(Metric.COSINE.score(Vector.of(1, 0), Vector.of(5, 0))).isEqualTo(1);
    assertThat(Metric.COSINE.score(Vector.of(1, 0), Vector.of(0, 3))).isEqualTo(0);
    assertThat(Metric.COSINE.score(Vector.of(1, 0), Vector.of(-2, 0))).isEqualTo(-1);
    assertThat(Metric.COSINE.score(Vector.of(1, 1), Vector.of(1, 0)))
        .isCloseTo(Math.sqrt(0.5), within(RESOLUTION));
    assertThat(Metric.COSINE.score(Vector.of(1, 2, 3), Vector.of(4, 5, 6)))
        .isCloseTo(32 / Math.sqrt(14 * 77), within(RESOLUTION));
  }

  @Test
  void cosineIsClampedAndKnowsNoScale() {
    Vector odd = Vector.of(0.1f, 0.2f, 0.3f, 0.7f);
    assertThat(Metric.COSINE.score(odd, odd)).isLessThanOrEqualTo(1);
    assertThat(Metric.COSINE.score(Vector.of((float) 1e-44, 0), Vector.of((float) 1e38, 0)))
        .isEqualTo(1);
    assertThat(
            Metric.COSINE.score(
                Vector.of((float) 3e38, (float) 3e38), Vector.of((float) 3e38, (float) 3e38)))
        .isCloseTo(1, within(RESOLUTION));
    assertThat(Metric.COSINE.score(Vector.of(0, 0), Vector.of(1, 0))).isNaN();
  }

  @Test
  void dot() {
    assertThat(Metric.DOT.score(Vector.of(1, 2, 3), Vector.of(4, -5, 6))).isEqualTo(12);
    assertThat(Metric.DOT.score(Vector.of(-1), Vector.of(7))).isEqualTo(-7);
    assertThat(Metric.DOT.score(Vector.of((float) 1e15), Vector.of((float) 1e15)))
        .isCloseTo(1e30, within(1e24));
  }

  @Test
  void euclideanIsMinusTheDistance() {
    assertThat(Metric.EUCLIDEAN.score(Vector.of(0, 0), Vector.of(3, 4))).isEqualTo(-5);
    double same = Metric.EUCLIDEAN.score(Vector.of(1, 2), Vector.of(1, 2));
    assertThat(same).isEqualTo(0);
    assertThat(1 / same).as("not minus zero").isPositive();
  }

  @Test
  void higherIsNearerInEachMetric() {
    Vector query = Vector.of(1, 0);
    Vector near = Vector.of(0.9f, 0.1f);
    Vector far = Vector.of(-0.9f, 0.1f);
    for (Metric metric : Metric.values()) {
      assertThat(metric.score(query, near)).isGreaterThan(metric.score(query, far));
    }
  }

  @Test
  void otherDimensionsHaveNoScore() {
    assertThatThrownBy(() -> Metric.DOT.score(Vector.of(1), Vector.of(1, 2)))
        .isInstanceOf(VectorStoreException.InvalidRequest.class);
  }
}
