package dev.vectorstore.testkit;

import dev.vectorstore.RecordId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Texts and ids that engines, wires and query languages have tripped over. */
final class OddTexts {
  private static final String UUID_TEXT = "0190f3c8-7a1b-7cde-8f01-23456789abcd";

  private OddTexts() {}

  /** Texts that can be keys and values. */
  static List<String> texts() {
    return List.of(
        "",
        " ",
        "  leading and trailing  ",
        "a.b",
        ".",
        "a[0].b",
        "a[]",
        "0",
        "-1",
        "$.a",
        "it's",
        "''; drop table records; --",
        "\"quoted\"",
        "back\\slash\\",
        "\\u0041",
        "100%_of*it?",
        "{}",
        "[1,2]",
        "null",
        "true",
        "line\nbreak\r\n\ttab",
        "\u0001\u001f\u007f",
        "\u2028\u2029\u00a0\ufeff",
        "\ufffe\uffff",
        "größe",
        "e\u0301",
        "\u00e9",
        "İıſσς",
        "日本語",
        "שלום",
        "\uD83D\uDE80\uD83D\uDC69\u200D\uD83D\uDCBB",
        "\uDBFF\uDFFF",
        "a&b=c#d/e?f+g%20h",
        "(a,b),\"c\"",
        "id",
        "vector",
        "__proto__");
  }

  /** Ids of all kinds, their ends included. */
  static List<RecordId> ids() {
    List<RecordId> ids = new ArrayList<>(idsThatLookAlike());
    ids.addAll(
        List.of(
            RecordId.of(1),
            RecordId.of((1L << 53) + 1),
            RecordId.of(Long.MAX_VALUE - 1),
            RecordId.of(Long.MAX_VALUE),
            RecordId.of(new UUID(0, 1)),
            RecordId.of(new UUID(-1, -1)),
            RecordId.of(new UUID(Long.MIN_VALUE, 0)),
            RecordId.derived("https://example.org/a", "3"),
            RecordId.of("x".repeat(RecordId.MAX_TEXT_BYTES)),
            RecordId.of("x".repeat(RecordId.MAX_TEXT_BYTES - 1) + "y"),
            RecordId.of("\uD83D\uDE80".repeat(RecordId.MAX_TEXT_BYTES / 4)),
            RecordId.of("[-5]"),
            RecordId.of("[\"a\",1]")));
    texts().stream()
        .filter(text -> !text.isEmpty() && !text.equals("0"))
        .map(RecordId::of)
        .forEach(ids::add);
    return ids;
  }

  /** Different ids with the same or nearly the same text. */
  static List<RecordId> idsThatLookAlike() {
    return List.of(
        RecordId.of(0),
        RecordId.of("0"),
        RecordId.of(new UUID(0, 0)),
        RecordId.of(new UUID(0, 0).toString()),
        RecordId.of(5),
        RecordId.of("5"),
        RecordId.of("05"),
        RecordId.of("5.0"),
        RecordId.of(UUID.fromString(UUID_TEXT)),
        RecordId.of(UUID_TEXT),
        RecordId.of(UUID_TEXT.toUpperCase(java.util.Locale.ROOT)),
        RecordId.of("{" + UUID_TEXT + "}"),
        RecordId.of("abc"),
        RecordId.of("ABC"),
        RecordId.of("abc "),
        RecordId.of(" abc"));
  }
}
