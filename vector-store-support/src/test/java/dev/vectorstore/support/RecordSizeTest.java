package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Embedding;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordSizeTest {
  /** What a record has around its texts and vectors. */
  private static final long MOST_AROUND = 100;

  private static long size(Object value) {
    return RecordSize.estimate(VectorRecord.of(RecordId.of(1), Payload.of(Map.of("k", value))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "\u007f", "\u0080", "\u00e9", "\u07ff", "\u0800", "\u20ac"})
  void aTextHasTheBytesOfItsUtf8(String letter) {
    String text = letter.repeat(1_000);
    long bytes = text.getBytes(StandardCharsets.UTF_8).length;

    assertThat(size(text)).isBetween(bytes, bytes + MOST_AROUND);
    assertThat(size(Map.of(text, 1))).isBetween(bytes, bytes + MOST_AROUND);
  }

  @Test
  void aVectorHasFourBytesANumber() {
    VectorRecord one =
        VectorRecord.of(RecordId.of(1), Embedding.of(new float[1_000]), Payload.empty());

    assertThat(RecordSize.estimate(one)).isBetween(4_000L, 4_000 + MOST_AROUND);
    assertThat(RecordSize.estimate(one.withVector("title", Embedding.of(new float[500]))))
        .isBetween(6_000L, 6_000 + MOST_AROUND);
  }

  @Test
  void elementsOfListsAndObjectsAddUp() {
    String text = "x".repeat(1_000);

    assertThat(size(Collections.nCopies(10, text))).isBetween(10_000L, 10_000 + 2 * MOST_AROUND);
    assertThat(size(Map.of("a", text, "b", Map.of("c", List.of(text, text)))))
        .isBetween(3_000L, 3_000 + 2 * MOST_AROUND);
  }
}
