package dev.vectorstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.support.PayloadJson;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

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
            "{\"a\": \"1\"}",
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
    assertThat(hashes).hasSize(payloads.size() + 1);
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
