package dev.vectorstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.support.PayloadJson;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordDigestTest {
  private static final RecordId ID = RecordId.of(1);

  private static String hash(RecordId id, String json) {
    Payload payload = PayloadJson.fromBytes(json.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(new RecordDigest().of(id, payload));
  }

  @Test
  void theOrderOfKeysDoesNotMatter() {
    assertThat(hash(ID, "{\"a\": 1, \"b\": {\"c\": 2, \"d\": [1, 2]}}"))
        .isEqualTo(hash(ID, "{\"b\": {\"d\": [1, 2], \"c\": 2}, \"a\": 1}"));
  }

  @Test
  void everythingElseDoes() {
    List<String> payloads =
        List.of(
            "{}",
            "{\"a\": 1}",
            "{\"a\": 1.0}",
            "{\"a\": 2}",
            "{\"b\": 1}",
            "{\"a\": 1.5}",
            "{\"a\": 2.5}",
            "{\"a\": \"1\"}",
            "{\"a\": \"b\"}",
            "{\"a\": \"c\"}",
            "{\"a\": [\"b\"]}",
            "{\"a\": [\"c\"]}",
            "{\"a\": {\"b\": \"c\"}}",
            "{\"a\": {\"c\": \"c\"}}",
            "{\"a\": true}",
            "{\"a\": false}",
            "{\"a\": null}",
            "{\"a\": [1]}",
            "{\"a\": [[1]]}",
            "{\"a\": {}}",
            "{\"a\": []}",
            "{\"a\": [1, 2]}",
            "{\"a\": [2, 1]}",
            "{\"a\": 9007199254740993}",
            "{\"a\": 9007199254740992}",
            "{\"ab\": \"c\"}",
            "{\"a\": \"bc\"}",
            "{\"a\": {\"b\": 1}}",
            "{\"a\": {}, \"b\": 1}");
    Set<String> hashes = new HashSet<>();
    payloads.forEach(json -> hashes.add(hash(ID, json)));
    hashes.add(hash(RecordId.of("1"), "{}"));
    hashes.add(hash(RecordId.of("2"), "{}"));
    hashes.add(hash(RecordId.of(2), "{}"));
    assertThat(hashes).hasSize(payloads.size() + 3);
  }

  /** Two numbers of nine bytes each look like one another where a tag is left out. */
  @ParameterizedTest
  @ValueSource(longs = {0x6969696969696969L, 0x6464646464646464L})
  void theKindsOfNumbersSideBySideCount(long bits) {
    double decimal = Double.longBitsToDouble(bits);
    Payload one = Payload.of(Map.of("a", List.of(bits, decimal)));
    Payload other = Payload.of(Map.of("a", List.of(decimal, bits)));
    assertThat(new RecordDigest().of(ID, one)).isNotEqualTo(new RecordDigest().of(ID, other));
  }

  /** Told by hand, so that two versions of the program agree on what they copied. */
  @Test
  void theHashIsThatOfKindsLengthsAndBytes() throws Exception {
    Payload payload =
        Payload.of(
            Map.of("s", "\u00e9", "l", List.of(7, 2.5, true, false), "o", Map.of("n", Map.of())));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte('N');
    text(out, "1");
    object(out, 3);
    text(out, "l");
    out.writeByte('[');
    out.writeLong(4);
    out.writeByte('i');
    out.writeLong(7);
    out.writeByte('d');
    out.writeLong(Double.doubleToLongBits(2.5));
    out.writeByte('t');
    out.writeByte('f');
    text(out, "o");
    object(out, 1);
    text(out, "n");
    object(out, 0);
    text(out, "s");
    out.writeByte('s');
    text(out, "\u00e9");
    assertThat(new RecordDigest().of(ID, payload))
        .isEqualTo(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
  }

  private static void object(DataOutputStream out, int entries) throws IOException {
    out.writeByte('{');
    out.writeLong(entries);
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeLong(bytes.length);
    out.write(bytes);
  }

  @Test
  void theCollectionsHashDoesNotDependOnTheOrderOfRecords() {
    RecordDigest one = new RecordDigest();
    RecordDigest other = new RecordDigest();
    byte[] a = one.of(ID, Payload.empty());
    byte[] b = one.of(RecordId.of(2), Payload.empty());
    one.add(a);
    one.add(b);
    other.add(b);
    other.add(a);
    assertThat(one.total()).isEqualTo(other.total());
    other.add(a);
    assertThat(one.total()).isNotEqualTo(other.total());
  }
}
