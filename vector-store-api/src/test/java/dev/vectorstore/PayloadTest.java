package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PayloadTest {
  @Test
  void missingDiffersFromNull() {
    Payload payload = Payload.builder().put("null", null).build();
    assertThat(payload.get("null")).contains(Value.NullValue.NULL);
    assertThat(payload.get("missing")).isEmpty();
    assertThat(payload.text("null")).isEmpty();
    assertThat(payload).isNotEqualTo(Payload.empty());
  }

  @Test
  void theReservedKeyIsRefusedAtTheTopOnly() {
    assertThatThrownBy(() -> Payload.of(Map.of("__vs", 1)))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("__vs");
    Payload.Builder builder = Payload.builder().put("__vs", 1);
    assertThatThrownBy(builder::build).isInstanceOf(VectorStoreException.InvalidRequest.class);
    assertThat(builder.remove("__vs").put("a", Map.of("__vs", 1)).build().keys())
        .containsExactly("a");
  }

  @Test
  void payloadsNestTwentyFourDeepAndNoDeeper() {
    assertThat(Payload.of(Map.of("a", ValueTest.nested(23))).toValue().depth()).isEqualTo(24);
    assertThatThrownBy(() -> Payload.of(Map.of("a", ValueTest.nested(24))))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("24");
  }

  @Test
  void aBuilderStartsWithTheOldKeysAndChangesNothingElse() {
    Payload before = Json.payload("{\"a\": 1, \"b\": 2}");
    Payload after = before.toBuilder().put("b", 3).remove("a").put("c.d", 4).build();
    assertThat(after).isEqualTo(Json.payload("{\"b\": 3, \"c.d\": 4}"));
    assertThat(before).isEqualTo(Json.payload("{\"a\": 1, \"b\": 2}"));
    assertThat(after.keys()).containsExactly("b", "c.d");
    assertThat(before.toBuilder().build()).isEqualTo(before).hasToString("{\"a\": 1, \"b\": 2}");
  }

  @Test
  void theEmptyPayloadIsOne() {
    assertThat(Payload.of(Map.of())).isEqualTo(Payload.empty()).hasSameHashCodeAs(Payload.empty());
    assertThat(Payload.empty().isEmpty()).isTrue();
    assertThat(Payload.empty().toMap()).isEmpty();
  }

  @Test
  void aProjectionKeepsTheKeysThatAreThere() {
    VectorRecord record =
        VectorRecord.of(RecordId.of(1), Embedding.of(1, 2), Json.payload("{\"a\": 1, \"b\": 2}"));
    assertThat(Projection.all().apply(record)).isEqualTo(record);
    assertThat(Projection.payload().apply(record)).isEqualTo(record.withoutVectors());
    assertThat(Projection.fields("b", "z").apply(record))
        .isEqualTo(VectorRecord.of(RecordId.of(1), Json.payload("{\"b\": 2}")));
    assertThat(Projection.ids().withVectors().apply(record))
        .isEqualTo(VectorRecord.of(RecordId.of(1), Embedding.of(1, 2), Payload.empty()));
    assertThat(Projection.fields("a")).isEqualTo(Projection.fields("a", "a"));
  }

  @Test
  void aRecordShowsNoContent() {
    VectorRecord record =
        VectorRecord.of(RecordId.of(1), Embedding.of(42), Json.payload("{\"a\": \"secret\"}"));
    assertThat(record.toString()).contains("1", "a").doesNotContain("secret", "42");
  }

  @Test
  void aBuilderThatGoesOnLeavesItsPayloadsAlone() {
    Payload.Builder builder = Payload.builder().put("a", 1);
    Payload first = builder.build();
    Payload second = builder.put("b", 2).remove("a").build();
    assertThat(first).isEqualTo(Payload.of(Map.of("a", 1)));
    assertThat(second).isEqualTo(Payload.of(Map.of("b", 2)));
    assertThat(builder.build()).isEqualTo(second);
  }

  @Test
  void entriesCantBeChanged() {
    Map<String, Value> entries = Payload.builder().put("a", 1).build().toValue().entries();
    assertThatThrownBy(() -> entries.put("b", Value.of(2)))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> entries.remove("a")).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(entries::clear).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> entries.entrySet().iterator().next().setValue(Value.of(2)))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(entries).containsExactly(Map.entry("a", Value.of(1)));
  }
}
