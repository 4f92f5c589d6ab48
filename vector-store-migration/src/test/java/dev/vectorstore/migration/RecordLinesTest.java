package dev.vectorstore.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Embedding;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordLinesTest {
  static Stream<RecordId> ids() {
    UUID uuid = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
    return Stream.of(
        RecordId.of(0),
        RecordId.of(Long.MAX_VALUE),
        RecordId.of(uuid),
        RecordId.of(uuid.toString()),
        RecordId.of("5"),
        RecordId.of("[-5]"),
        RecordId.of("\"quoted\" \\ 😀 {\"text\":1}"));
  }

  @ParameterizedTest
  @MethodSource("ids")
  void aRecordComesBackFromItsLine(RecordId id) {
    Payload payload =
        Payload.builder()
            .put("a", 3)
            .put("b", 3.0)
            .put("big", 9007199254740993L)
            .put("c", Map.of("reason", "x"))
            .build();
    float[] components = new float[50];
    Random random = new Random(3);
    for (int i = 0; i < components.length; i++) {
      components[i] = Float.intBitsToFloat(random.nextInt() & 0xbfffffff);
    }
    VectorRecord record = VectorRecord.of(id, Embedding.of(components), payload);
    String line = RecordLines.write("pages", new Reject(id.toString(), record, "a \"reason\""));
    RecordLines.Line read = RecordLines.read(line);
    assertThat(read.collection()).isEqualTo("pages");
    assertThat(read.reject().reason()).isEqualTo("a \"reason\"");
    assertThat(read.reject().record()).isEqualTo(record);
    assertThat(RecordLines.readId(RecordLines.idText(id))).isEqualTo(id);
  }

  @Test
  void aLineOfTheExportFormIsRead() {
    RecordLines.Line read =
        RecordLines.read("{\"id\": 7, \"vector\": [1, 2.5], \"payload\": {\"x\": null}}");
    assertThat(read.reject().record())
        .isEqualTo(
            VectorRecord.of(
                RecordId.of(7), Embedding.of(1, 2.5f), Payload.builder().put("x", null).build()));
    assertThat(RecordLines.read("{\"id\": 7, \"vector\": null}").reject().record())
        .isEqualTo(VectorRecord.of(RecordId.of(7), Payload.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"payload\": {}}",
        "{\"id\": 1.5}",
        "{\"id\": -1}",
        "{\"id\": 1, \"payload\": []}",
        "{\"id\": 1, \"vector\": [\"x\"]}",
        "{\"id\": 1, \"payload\": {\"n\": 12345678901234567890}}",
        "{\"id\": 1"
      })
  void whatIsNoRecordIsRefused(String line) {
    assertThatThrownBy(() -> RecordLines.read(line)).isInstanceOf(InvalidRequest.class);
  }
}
