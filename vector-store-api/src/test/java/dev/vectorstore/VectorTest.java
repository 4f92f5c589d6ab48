package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class VectorTest {
  @Test
  void arraysAreCopiedInAndOut() {
    float[] array = {1, 2};
    Vector vector = Vector.of(array);
    array[0] = 9;
    vector.toArray()[1] = 9;
    assertThat(vector).isEqualTo(Vector.of(1, 2)).hasSameHashCodeAs(Vector.of(1, 2));
  }

  @Test
  void equalityIsByBits() {
    assertThat(Vector.of(0f)).isNotEqualTo(Vector.of(-0f));
    assertThat(Vector.of(Float.NaN)).isEqualTo(Vector.of(Float.NaN));
  }

  @Test
  void anEmptyVectorIsRefused() {
    assertThatThrownBy(Vector::of).isInstanceOf(VectorStoreException.InvalidRequest.class);
  }

  @Test
  void tinyAndHugeVectorsKeepTheirDirection() {
    for (float scale : new float[] {Float.MIN_VALUE, 0x1p-100f, 0.5f, 1, 0x1p70f, 0x1p126f}) {
      Vector unit = Vector.of(0, scale, scale).normalized();
      assertThat((double) unit.at(1)).isCloseTo(Math.sqrt(0.5), within(1e-7));
      assertThat(unit.at(0)).isZero();
    }
    assertThat(Vector.of(3, 4).normalized()).isEqualTo(Vector.of(0.6f, 0.8f));
  }

  @Test
  void whatCantBeNormalisedStays() {
    assertThat(Vector.of(0, -0f).normalized()).isEqualTo(Vector.of(0, -0f));
    assertThat(Vector.of(0, -0f).isZero()).isTrue();
    assertThat(Vector.of(Float.NaN, 1).normalized().isFinite()).isFalse();
    Vector unit = Vector.of(0.6f, 0.8f);
    assertThat(unit.normalized()).isSameAs(unit);
  }

  @Test
  void theTextHasNoComponent() {
    assertThat(Vector.of(0.125f, 42)).hasToString("Vector[dimension=2]");
  }
}
