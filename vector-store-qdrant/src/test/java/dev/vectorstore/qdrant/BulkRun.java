package dev.vectorstore.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vectorstore.Embedding;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.PartialWrite;
import dev.vectorstore.WriteOptions;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A load of many records into which a fault falls, and what it left behind. */
final class BulkRun {
  static final int RECORDS = 6_000;

  private static final WriteOptions OPTIONS =
      WriteOptions.builder().batchRecords(100).inFlight(4).build();

  private BulkRun() {}

  /** Loads everything; the fault comes when a third of the input has been taken. */
  static void load(VectorCollection collection, Runnable fault) {
    try (Stream<VectorRecord> records = records(fault)) {
      collection.upsertAll(records, OPTIONS);
    }
  }

  /** As {@link #load}, where the fault must be the end of it. */
  static PartialWrite broken(VectorCollection collection, Runnable fault) {
    Throwable thrown = catchThrowable(() -> load(collection, fault));
    assertThat(thrown).isInstanceOf(PartialWrite.class);
    return (PartialWrite) thrown;
  }

  private static Stream<VectorRecord> records(Runnable fault) {
    return IntStream.range(0, RECORDS)
        .mapToObj(
            i -> {
              if (i == RECORDS / 3) {
                fault.run();
              }
              return record(i);
            });
  }

  static VectorRecord record(int i) {
    return VectorRecord.of(
        RecordId.of(i),
        Embedding.of(i, 1, 2, 3),
        Payload.of(Map.of("n", i, "text", "record " + i + " " + "x".repeat(300))));
  }

  /** What was said to be written is there and whole; what was said not to be isn't. */
  static void requireAsSaid(VectorCollection collection, PartialWrite said) {
    Set<Integer> there = present(collection);
    for (int i = 0; i < said.acknowledged(); i++) {
      assertThat(there).as("acknowledged up to %s", said.acknowledged()).contains(i);
    }
    for (PartialWrite.Range range : said.inFlight()) {
      for (long i = range.from(); i < range.to(); i++) {
        if (range.outcome() == PartialWrite.Outcome.WRITTEN) {
          assertThat(there).as("%s", range).contains((int) i);
        } else if (range.outcome() == PartialWrite.Outcome.NOT_WRITTEN) {
          assertThat(there).as("%s", range).doesNotContain((int) i);
        }
      }
    }
  }

  static void requireAll(VectorCollection collection) {
    assertThat(present(collection)).hasSize(RECORDS);
  }

  /** The numbers of the records that are there, each of which is whole. */
  static Set<Integer> present(VectorCollection collection) {
    Set<Integer> there = new HashSet<>();
    try (Stream<VectorRecord> records =
        collection.stream(ScanRequest.all().projection(Projection.all()))) {
      records.forEach(
          found -> {
            int i = (int) ((RecordId.NumberId) found.id()).value();
            assertThat(found).isEqualTo(record(i));
            there.add(i);
          });
    }
    return there;
  }
}
