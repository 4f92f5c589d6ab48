package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BatcherTest {
  /** The sizes of the records, which stand for them, by batch. */
  private static List<List<Integer>> cut(int mostRecords, long mostBytes, Integer... sizes) {
    List<List<Integer>> batches = new ArrayList<>();
    Batcher<Integer> batcher = new Batcher<>(mostRecords, mostBytes, Integer::longValue);
    Stream.concat(
            Stream.of(sizes).map(batcher::add), Stream.of(sizes.length).map(end -> batcher.rest()))
        .forEach(
            full ->
                full.ifPresent(
                    batch -> {
                      batches.add(batch.items());
                      assertThat(batch.bytes())
                          .isEqualTo(batch.items().stream().mapToLong(i -> i).sum());
                    }));
    return batches;
  }

  @Test
  void batchesHaveSoManyRecords() {
    assertThat(cut(2, 100, 1, 2, 3, 4, 5))
        .containsExactly(List.of(1, 2), List.of(3, 4), List.of(5));
    assertThat(cut(2, 100, 1, 2)).containsExactly(List.of(1, 2));
    assertThat(cut(1, 100, 1, 2)).containsExactly(List.of(1), List.of(2));
    assertThat(cut(2, 100)).isEmpty();
  }

  @Test
  void batchesHaveSoManyBytes() {
    assertThat(cut(9, 10, 5, 5, 5, 6, 4)).containsExactly(List.of(5, 5), List.of(5), List.of(6, 4));
  }

  @Test
  void aRecordThatIsLargerThanABatchIsOneByItself() {
    assertThat(cut(9, 10, 1, 50, 60, 1))
        .containsExactly(List.of(1), List.of(50), List.of(60), List.of(1));
    assertThat(cut(1, 10, 50, 60)).containsExactly(List.of(50), List.of(60));
  }

  @Test
  void aFullBatchIsThereAtOnceAndNotWithTheRecordBehindIt() {
    Batcher<Integer> batcher = new Batcher<>(2, 100, Integer::longValue);

    assertThat(batcher.add(1)).isEmpty();
    assertThat(batcher.add(2)).map(Batcher.Cut::items).hasValue(List.of(1, 2));
    assertThat(batcher.rest()).isEmpty();
  }

  @Test
  void eachSizeIsAskedForOnce() {
    AtomicInteger asked = new AtomicInteger();
    Batcher<Integer> batcher = new Batcher<>(2, 3, size -> asked.incrementAndGet());
    for (int i = 0; i < 100; i++) {
      batcher.add(i);
    }
    batcher.rest();

    assertThat(asked).hasValue(100);
  }

  @Test
  void aBatchIsTheListOfItsRecordsAndKnowsTheirSize() {
    VectorRecord record = VectorRecord.of(RecordId.of(1), Payload.of(Map.of("a", "text")));
    List<VectorRecord> records = new ArrayList<>(List.of(record, record));
    Batch batch = Batch.of(records);
    records.clear();

    assertThat(batch).containsExactly(record, record);
    assertThat(batch.bytes()).isEqualTo(2 * RecordSize.estimate(record));
    assertThat(Batch.of(batch)).isSameAs(batch);
    assertThat(new Batch(batch, 7).bytes()).isEqualTo(7);
  }
}
