package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecordIdTest {
  @Test
  void numbersThenUuidsUnsignedThenTextsByCodePoint() {
    List<RecordId> ordered =
        List.of(
            RecordId.of(0),
            RecordId.of(9),
            RecordId.of(10),
            RecordId.of(Long.MAX_VALUE),
            RecordId.of(new UUID(0, 0)),
            RecordId.of(new UUID(0, Long.MAX_VALUE)),
            RecordId.of(new UUID(0, Long.MIN_VALUE)),
            RecordId.of(new UUID(0, -1)),
            RecordId.of(new UUID(Long.MAX_VALUE, 0)),
            RecordId.of(new UUID(Long.MIN_VALUE, 0)),
            RecordId.of(new UUID(-1, -1)),
            RecordId.of("10"),
            RecordId.of("9"),
            RecordId.of("A"),
            RecordId.of("AB"),
            RecordId.of("a"),
            RecordId.of("é"),
            RecordId.of("\uffee"),
            RecordId.of("\ud83d\ude00"),
            RecordId.of("\ud83d\ude01"));
    List<RecordId> shuffled = new ArrayList<>(ordered);
    Collections.shuffle(shuffled, new Random(5));
    Collections.sort(shuffled);
    assertThat(shuffled).isEqualTo(ordered);
  }

  @Test
  void kindsAreKept() {
    UUID uuid = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");
    assertThat(RecordId.of(5)).isNotEqualTo(RecordId.of("5")).hasToString("5");
    assertThat(RecordId.of(uuid)).isNotEqualTo(RecordId.of(uuid.toString()));
    assertThat(RecordId.of(uuid).kind()).isEqualTo(IdKind.UUID);
    assertThat(RecordId.of("x").kind()).isEqualTo(IdKind.TEXT);
    assertThat(RecordId.of(0).kind()).isEqualTo(IdKind.NUMBER);
  }

  @Test
  void aTextIsParsedToTheIdThatItNames() {
    UUID uuid = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");
    assertThat(RecordId.parse(uuid.toString())).isEqualTo(RecordId.of(uuid));
    for (String text :
        List.of(
            "7",
            "00012",
            "123E4567-E89B-12D3-A456-426614174000",
            "123e4567e89b12d3a456426614174000",
            "1-1-1-1-1",
            "7f3a",
            " x ")) {
      assertThat(RecordId.parse(text)).isEqualTo(RecordId.of(text)).hasToString(text);
    }
    assertThatThrownBy(() -> RecordId.parse(""))
        .isInstanceOf(VectorStoreException.InvalidRequest.class);
  }

  @Test
  void derivedIsAFixedUuidVersion5() {
    RecordId id = RecordId.derived("https://example.org/a", "0");
    assertThat(id).isEqualTo(RecordId.derived("https://example.org/a", "0"));
    assertThat(id).isEqualTo(RecordId.derived("https://example.org/a", 0));
    assertThatThrownBy(() -> RecordId.derived(1.5))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("java.lang.Double");
    // Written ids must be found again by every later version.
    assertThat(id).hasToString("9ac39059-aaac-5def-b1a2-3e4739478bb4");
    assertThat(RecordId.derived("é", "😀")).hasToString("85ed7f5d-dc47-5903-8f0f-d9d5faba4e40");
    UUID uuid = ((RecordId.UuidId) id).value();
    assertThat(uuid.version()).isEqualTo(5);
    assertThat(uuid.variant()).isEqualTo(2);
  }

  @Test
  void derivedKeepsPartsApart() {
    assertThat(RecordId.derived("ab", "c")).isNotEqualTo(RecordId.derived("a", "bc"));
    assertThat(RecordId.derived("a", "")).isNotEqualTo(RecordId.derived("a"));
    assertThat(RecordId.derived("1:a")).isNotEqualTo(RecordId.derived("a"));
  }

  @Test
  void whatNoEngineHoldsIsRefused() {
    refused(() -> RecordId.of(-1), "[-1]");
    refused(() -> RecordId.of(""), "0 bytes");
    refused(() -> RecordId.of("x".repeat(513)), "513");
    refused(() -> RecordId.of("é".repeat(257)), "514");
    refused(() -> RecordId.of("a\0"), "U+0000");
    refused(() -> RecordId.of("\ud800"), "surrogate");
    refused(RecordId::derived, "part");
    refused(() -> RecordId.derived("\udc00"), "surrogate");
    assertThat(RecordId.of("é".repeat(256)).kind()).isEqualTo(IdKind.TEXT);
    assertThatThrownBy(() -> RecordId.of((UUID) null)).isInstanceOf(NullPointerException.class);
  }

  private static void refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String hint) {
    assertThatThrownBy(call)
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining(hint);
  }
}
