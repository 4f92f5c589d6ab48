package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vectorstore.CallListener;
import dev.vectorstore.CallOptions;
import dev.vectorstore.Capability;
import dev.vectorstore.PatchReport;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.PartialWrite;
import dev.vectorstore.VectorStoreException.PartialWrite.Outcome;
import dev.vectorstore.VectorStoreException.PartialWrite.Range;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.WriteMode;
import dev.vectorstore.WriteOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How writes are cut into requests, and what their errors say of what is written. */
class WritesTest {
  private final ListEngine engine = new ListEngine();
  private final VectorStore store =
      EngineStore.open(
          engine, CallOptions.builder().retry(RetryPolicy.none()).build(), CallListener.NONE);
  private final VectorCollection pages = store.collection("pages");

  @AfterEach
  void close() {
    store.close();
  }

  private static List<VectorRecord> records(int from, int to) {
    return LongStream.range(from, to)
        .mapToObj(i -> VectorRecord.of(RecordId.of(i), Payload.empty()))
        .toList();
  }

  private void failAt(long firstId, VectorStoreException failure) {
    engine.beforeWrite =
        batch -> {
          if (batch.get(0).id().equals(RecordId.of(firstId))) {
            throw failure;
          }
        };
  }

  static Stream<VectorStoreException> doubts() {
    return Stream.of(
        new OutcomeUnknown("the answer was lost"), new MalformedResponse("half an answer"));
  }

  @ParameterizedTest
  @MethodSource("doubts")
  void aDoubtAboutTheFirstOfSeveralRequestsIsNotTakenForNothingWritten(VectorStoreException doubt) {
    failAt(0, doubt);

    PartialWrite partial =
        catchThrowableOfType(PartialWrite.class, () -> pages.upsert(records(0, 15_000)));

    assertThat(partial.acknowledged()).isZero();
    assertThat(partial.inFlight())
        .containsExactly(
            new Range(0, 10_000, Outcome.UNKNOWN), new Range(10_000, 15_000, Outcome.NOT_WRITTEN));
  }

  @ParameterizedTest
  @MethodSource("doubts")
  void aDoubtAboutALaterRequestIsNotTakenForNothingWritten(VectorStoreException doubt) {
    failAt(10_000, doubt);

    PartialWrite partial =
        catchThrowableOfType(PartialWrite.class, () -> pages.upsert(records(0, 15_000)));

    assertThat(partial.acknowledged()).isEqualTo(10_000);
    assertThat(partial.inFlight()).containsExactly(new Range(10_000, 15_000, Outcome.UNKNOWN));
  }

  @Test
  void aLaterRequestThatWritesNothingLeavesWhatIsWritten() {
    failAt(10_000, new Unavailable("down"));

    PartialWrite partial =
        catchThrowableOfType(PartialWrite.class, () -> pages.upsert(records(0, 15_000)));

    assertThat(partial)
        .hasMessageContaining("10000 records from the start are written; then: down");
    assertThat(partial.inFlight()).containsExactly(new Range(10_000, 15_000, Outcome.NOT_WRITTEN));
  }

  @Test
  void theErrorOfAnOnlyRequestIsTheErrorOfTheCall() {
    failAt(0, new OutcomeUnknown("lost"));

    assertThatThrownBy(() -> pages.upsert(records(0, 10)))
        .isInstanceOf(OutcomeUnknown.class)
        .hasMessageContaining("lost");
  }

  private List<Batch> sent(List<VectorRecord> records) {
    List<Batch> sent = new ArrayList<>();
    engine.beforeWrite = sent::add;
    pages.upsert(records);
    return sent;
  }

  /** No estimate gives such a size, so it is the caller's. */
  @Test
  void whatTheCallerHasCutIsNeitherCutNorSizedAgain() {
    assertThat(sent(new Batch(records(0, 10), 12_345)))
        .singleElement()
        .satisfies(batch -> assertThat(batch).isEqualTo(records(0, 10)))
        .extracting(Batch::bytes)
        .isEqualTo(12_345L);
    assertThat(sent(new Batch(records(0, 10_000), 16 << 20))).hasSize(1);
    assertThat(sent(new Batch(List.of(), 0))).isEmpty();
  }

  @Test
  void whatTheCallerHasCutIsCutAgainWhereTheEngineDoesNotTakeIt() {
    assertThat(sent(new Batch(records(0, 10_001), 1)))
        .extracting(List::size)
        .containsExactly(10_000, 1);
    VectorRecord large =
        VectorRecord.of(RecordId.of(1), Payload.of(Map.of("c", "x".repeat(10 << 20))));
    List<VectorRecord> two = List.of(large, VectorRecord.of(RecordId.of(2), large.payload()));
    assertThat(sent(Batch.of(two))).extracting(List::size).containsExactly(1, 1);
    List<VectorRecord> twice = Stream.of(0, 0).flatMap(i -> records(0, 1).stream()).toList();
    assertThat(sent(new Batch(twice, 12_345)))
        .singleElement()
        .extracting(Batch::bytes)
        .isEqualTo(RecordSize.estimate(twice.get(0)));
  }

  @Test
  void eachBatchKnowsItsSize() {
    List<VectorRecord> records = records(0, 10_001);
    assertThat(sent(records))
        .extracting(Batch::bytes)
        .containsExactly(
            Batch.of(records.subList(0, 10_000)).bytes(), RecordSize.estimate(records.get(10_000)));
  }

  /** Of two records with one id the last is sent, in its own place. */
  @Test
  void positionsAreThoseOfTheCallersListWhereAnIdStandsTwice() {
    List<VectorRecord> records = new ArrayList<>(records(0, 10_001));
    records.add(records.get(1));
    failAt(1, new OutcomeUnknown("lost"));

    PartialWrite partial = catchThrowableOfType(PartialWrite.class, () -> pages.upsert(records));

    assertThat(partial.acknowledged()).isEqualTo(1);
    assertThat(partial.inFlight())
        .containsExactly(
            new Range(1, 2, Outcome.UNKNOWN),
            new Range(2, 10_001, Outcome.WRITTEN),
            new Range(10_001, 10_002, Outcome.UNKNOWN));
  }

  @Test
  void requestsAreCutWhereTheirBytesAreEnough() {
    String megabyte = "x".repeat(1 << 20);
    List<VectorRecord> large =
        records(0, 20).stream()
            .map(record -> record.withPayload(Payload.of(Map.of("c", megabyte))))
            .toList();

    pages.upsert(large);

    assertThat(engine.requests).containsSubsequence("write 15", "write 5");
  }

  @Test
  void whatIsThereIsKeptOnlyWhereTheCollectionCan() {
    engine.capabilities.remove(Capability.INSERT_ONLY);

    assertThatThrownBy(() -> pages.upsert(records(0, 1), WriteMode.INSERT_ONLY))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("INSERT_ONLY");
    assertThatThrownBy(
            () ->
                pages.upsertAll(
                    records(0, 1).stream(),
                    WriteOptions.builder().mode(WriteMode.INSERT_ONLY).build()))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("INSERT_ONLY");
    pages.upsert(records(0, 1));
    assertThat(engine.records).hasSize(1);
  }

  @Test
  void aCollectionThatCannotBeWrittenSaysSo() {
    engine.capabilities.remove(Capability.WRITE);

    assertThatThrownBy(() -> pages.upsert(records(0, 1)))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("WRITE");
    assertThatThrownBy(() -> pages.deleteAll()).isInstanceOf(UnsupportedFeature.class);
  }

  @Test
  void aKeyThatIsSetIsNotRemoved() {
    pages.upsert(records(0, 3));
    engine.requests.clear();
    List<RecordId> ids = List.of(RecordId.of(1), RecordId.of(2), RecordId.of(9), RecordId.of(1));

    PatchReport report = pages.patchPayload(ids, Payload.of(Map.of("a", 1)), List.of("a", "b"));

    assertThat(engine.requests).containsExactly("patch 3 [a] [b]");
    assertThat(report).isEqualTo(new PatchReport(2, 1));
  }

  @Test
  void aPatchThatChangesNothingWritesNothingAndStillCounts() {
    pages.upsert(records(0, 3));
    engine.requests.clear();
    List<RecordId> ids = LongStream.range(1, 1_502).mapToObj(RecordId::of).toList();

    PatchReport report = pages.patchPayload(ids, Payload.empty(), List.of());

    assertThat(engine.requests).containsExactly("fetch 1000", "fetch 501");
    assertThat(report).isEqualTo(new PatchReport(2, 1_499));
    assertThat(pages.patchPayload(ids, Payload.empty(), List.of("gone")))
        .isEqualTo(new PatchReport(2, 1_499));
    assertThat(engine.requests).endsWith("patch 1000 [] [gone]", "patch 501 [] [gone]");
  }

  @Test
  void theReservedKeyIsNotRemoved() {
    assertThatThrownBy(
            () ->
                pages.patchPayload(
                    List.of(RecordId.of(1)), Payload.empty(), List.of(Payload.RESERVED_KEY)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining(Payload.RESERVED_KEY);
  }

  @Test
  void idsAreDeletedByTheThousand() {
    pages.upsert(records(0, 2_500));
    engine.requests.clear();

    pages.delete(LongStream.range(0, 2_400).mapToObj(i -> RecordId.of(i % 2_300)).toList());

    assertThat(engine.requests).containsExactly("delete 1000", "delete 1000", "delete 300");
    assertThat(engine.records).hasSize(200);
  }

  @Test
  void aDeleteThatFailsBehindAFirstPartIsInDoubt() {
    List<RecordId> ids = LongStream.range(0, 1_001).mapToObj(RecordId::of).toList();
    engine.beforeDelete =
        chunk -> {
          if (chunk.size() == 1) {
            throw new Unavailable("down");
          }
        };

    assertThatThrownBy(() -> pages.delete(ids))
        .isInstanceOf(OutcomeUnknown.class)
        .hasMessageContaining("a first part is written");
  }
}
