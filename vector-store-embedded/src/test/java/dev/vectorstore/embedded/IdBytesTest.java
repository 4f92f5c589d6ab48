package dev.vectorstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.RecordId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdBytesTest {
  private static List<RecordId> ids() {
    Random random = new Random(1);
    List<RecordId> ids =
        new ArrayList<>(
            List.of(
                RecordId.of(0),
                RecordId.of(Long.MAX_VALUE),
                RecordId.of(256),
                RecordId.of(255),
                RecordId.of(new UUID(-1, 0)),
                RecordId.of(new UUID(1, -1)),
                RecordId.of(new UUID(1, 1)),
                RecordId.of("a"),
                RecordId.of("aa"),
                RecordId.of("\u007f"),
                RecordId.of("\u0080"),
                RecordId.of("\uFFFD"),
                RecordId.of("\uD83D\uDE00"),
                RecordId.of("x".repeat(512))));
    for (int i = 0; i < 200; i++) {
      ids.add(RecordId.of(random.nextLong() >>> (1 + random.nextInt(62))));
      ids.add(RecordId.of(new UUID(random.nextLong(), random.nextLong())));
    }
    Collections.shuffle(ids, random);
    return ids;
  }

  @Test
  void givesIdsBack() {
    assertThat(ids()).allSatisfy(id -> assertThat(IdBytes.read(IdBytes.of(id))).isEqualTo(id));
  }

  @Test
  void sortsAsIdsDo() {
    List<RecordId> byBytes = ids();
    byBytes.sort(Comparator.comparing(IdBytes::of));
    assertThat(byBytes).isSorted();
  }
}
