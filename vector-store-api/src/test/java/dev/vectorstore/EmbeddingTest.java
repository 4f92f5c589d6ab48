package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EmbeddingTest {
  @Test
  void componentsAreCopiedWhereverAnArrayIsTaken() {
    float[] components = {1, 2};
    VectorRecord record = VectorRecord.of(RecordId.of(1), components, Payload.empty());
    SearchRequest nearest = SearchRequest.nearest(components);
    SearchRequest hybrid = SearchRequest.hybrid(components, "fox", Fusion.rrf());
    components[0] = 9;
    Embedding unchanged = Embedding.of(1, 2);
    assertThat(record.vector()).contains(unchanged);
    assertThat(nearest.vector()).contains(unchanged);
    assertThat(hybrid.vector()).contains(unchanged);
    assertThat(Metric.DOT.score(new float[] {1, 2}, new float[] {3, 4})).isEqualTo(11);
    assertThatThrownBy(SearchRequest::nearest)
        .isInstanceOf(VectorStoreException.InvalidRequest.class);
  }

  @Test
  void arraysAreCopiedInAndOut() {
    float[] array = {1, 2};
    Embedding vector = Embedding.of(array);
    array[0] = 9;
    vector.toArray()[1] = 9;
    assertThat(vector).isEqualTo(Embedding.of(1, 2)).hasSameHashCodeAs(Embedding.of(1, 2));
  }

  @Test
  void equalityIsByBits() {
    assertThat(Embedding.of(0f)).isNotEqualTo(Embedding.of(-0f));
    assertThat(Embedding.of(Float.NaN)).isEqualTo(Embedding.of(Float.NaN));
  }

  @Test
  void anEmptyVectorIsRefused() {
    assertThatThrownBy(Embedding::of).isInstanceOf(VectorStoreException.InvalidRequest.class);
  }

  @Test
  void tinyAndHugeVectorsKeepTheirDirection() {
    for (float scale : new float[] {Float.MIN_VALUE, 0x1p-100f, 0.5f, 1, 0x1p70f, 0x1p126f}) {
      Embedding unit = Embedding.of(0, scale, scale).normalized();
      assertThat((double) unit.at(1)).isCloseTo(Math.sqrt(0.5), within(1e-7));
      assertThat(unit.at(0)).isZero();
    }
    assertThat(Embedding.of(3, 4).normalized()).isEqualTo(Embedding.of(0.6f, 0.8f));
  }

  @Test
  void whatIsOfLengthOneStays() {
    Embedding unit = Embedding.of(0.6f, 0.8f);
    assertThat(unit.normalized()).isSameAs(unit);
  }

  @Test
  void whatCantBeNormalisedStays() {
    assertThat(Embedding.of(0, -0f).normalized()).isEqualTo(Embedding.of(0, -0f));
    assertThat(Embedding.of(0, -0f).isZero()).isTrue();
    assertThat(Embedding.of(Float.NaN, 1).normalized().isFinite()).isFalse();
    Embedding unit = Embedding.of(0.6f, 0.8f);
    assertThat(unit.normalized()).isSameAs(unit);
  }

  @Test
  void theTextHasNoComponent() {
    assertThat(Embedding.of(0.125f, 42)).hasToString("Embedding[dimension=2]");
  }
}
