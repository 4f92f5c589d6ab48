package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SearchHitTest {
  @Test
  void theNormalisedFormOfTheNestedLayout() {
    Map<String, Object> map =
        hit("{\"id\": 99, \"similarity\": 7, \"content\": \"text\", \"url\": \"u\","
                + " \"metadata\": {\"id\": \"m\", \"content\": \"inner\", \"similarity\": 1}}")
            .toMap();
    assertThat(map)
        .containsEntry("id", 1L)
        .containsEntry("similarity", 0.5)
        .containsEntry("content", "text")
        .containsEntry("url", "u")
        .containsEntry("metadata", Map.of("id", "m", "content", "inner", "similarity", 1L))
        .hasSize(5);
    assertThat(map.keySet()).startsWith("id", "similarity", "content", "metadata");
  }

  @Test
  void theNormalisedFormOfTheFlatLayout() {
    Map<String, Object> map =
        hit("{\"content\": \"text\", \"url\": \"u\", \"chunk_number\": 3, \"source_id\": \"s\","
                + " \"lang\": \"en\", \"similarity\": 0.9}")
            .toMap();
    assertThat(map)
        .containsEntry("similarity", 0.5)
        .containsEntry("content", "text")
        .containsEntry("chunk_number", 3L)
        .containsEntry("lang", "en")
        .containsEntry("metadata", Map.of("lang", "en", "similarity", 0.9));
  }

  @Test
  void whatIsMissingIsNullAndNothingIsLost() {
    assertThat(hit("{}").toMap())
        .containsEntry("content", null)
        .containsEntry("metadata", Map.of())
        .hasSize(4);
    assertThat(hit("{\"content\": 5}").toMap()).containsEntry("content", 5L);
    assertThat(hit("{\"content\": 5}").content()).isEmpty();
    assertThat(hit("{\"content\": \"text\"}").content()).contains("text");
    assertThat(hit("{\"metadata\": \"{}\"}").toMap()).containsEntry("metadata", "{}");
    assertThat(hit("{\"metadata\": null}").toMap()).containsEntry("metadata", null);
  }

  @Test
  void withoutAScoreThereIsNoSimilarity() {
    VectorRecord record = VectorRecord.of(RecordId.of(1), Payload.empty());
    SearchHit hit = SearchHit.of(record, 0.7, ScoreKind.NONE);
    assertThat(hit.similarity()).isEmpty();
    assertThat(hit.score()).isZero();
    assertThat(hit.toMap()).containsEntry("similarity", null);
    assertThat(SearchHit.of(record, 0.7, ScoreKind.METRIC).similarity()).hasValue(0.7);
  }

  @Test
  void idsArePlain() {
    UUID uuid = new UUID(1, 2);
    assertThat(of(RecordId.of(uuid)).toMap()).containsEntry("id", uuid.toString());
    assertThat(of(RecordId.of("x")).toMap()).containsEntry("id", "x");
    assertThat(of(RecordId.of(0)).toMap()).containsEntry("id", 0L);
  }

  private static SearchHit hit(String payload) {
    return SearchHit.of(
        VectorRecord.of(RecordId.of(1), Json.payload(payload)), 0.5, ScoreKind.METRIC);
  }

  private static SearchHit of(RecordId id) {
    return SearchHit.of(VectorRecord.of(id, Payload.empty()), 1, ScoreKind.METRIC);
  }
}
