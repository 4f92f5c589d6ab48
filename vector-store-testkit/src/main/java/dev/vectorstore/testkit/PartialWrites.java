package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.RecordId;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStoreException.PartialWrite;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Reports of bulk writes that stopped. */
final class PartialWrites {
  private PartialWrites() {}

  /** Compares what a report says with what is there, for inputs of distinct records by position. */
  static void assertTrue(VectorCollection collection, PartialWrite partial, int input) {
    Set<RecordId> written = Set.copyOf(Samples.ids(Samples.all(collection)));
    List<Boolean> there =
        IntStream.range(0, input).mapToObj(i -> written.contains(RecordId.of(i))).toList();
    int acknowledged = (int) partial.acknowledged();
    assertThat(there.subList(0, acknowledged)).as("the acknowledged prefix").doesNotContain(false);
    int end = acknowledged;
    for (PartialWrite.Range range : partial.inFlight()) {
      assertThat(range.from()).as("ranges follow each other").isEqualTo(end);
      List<Boolean> part = there.subList((int) range.from(), (int) range.to());
      end = (int) range.to();
      if (range.outcome() == PartialWrite.Outcome.WRITTEN) {
        assertThat(part).as("range %s", range).doesNotContain(false);
      } else if (range.outcome() == PartialWrite.Outcome.NOT_WRITTEN) {
        assertThat(part).as("range %s", range).doesNotContain(true);
      }
    }
    assertThat(there.subList(end, input)).as("behind the ranges").doesNotContain(true);
  }
}
