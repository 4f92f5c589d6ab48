package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RetryPolicy;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.PartialWrite;
import dev.vectorstore.WriteOptions;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Bulk writes that fail on the way: section Writes of docs/CONTRACT.md. */
public interface FaultyWritesContract extends EngineContract {
  @Test
  @Rule("W-18")
  default void aBulkWriteThatIsCutOffReportsWhatItKnows() {
    try (Workspace space = Workspace.of(this)) {
      space.requireRemote();
      assertReports(space, ProxyMode::refuse);
      assertReports(space, ProxyMode::loseAnswers);
      assertReports(space, () -> ProxyMode.resetAfter(ProxyMode.Direction.TO_TARGET, 3000));
    }
  }

  @Test
  @Rule("W-02")
  default void recordsAreCheckedBeforeAnythingIsSent() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection direct = space.create();
      space.requireRemote();
      try (FaultyClient client = space.faulty(RetryPolicy.none())) {
        VectorCollection warm = client.warm(direct);
        client.cutOff(warm);
        VectorRecord bad = VectorRecord.of(RecordId.of(1), Samples.vector(1), Payload.empty());
        Expect.invalid("a bad record, with no engine there to ask", () -> warm.upsert(bad));
        Expect.invalid(
            "a filter that would delete all, with no engine there to ask",
            () -> warm.deleteWhere(Filter.not(Filter.none())));
        PartialWrite partial =
            Expect.failure(
                PartialWrite.class,
                "a bad record at the start of a stream",
                () -> warm.upsertAll(Stream.of(bad), WriteOptions.defaults()));
        assertThat(partial).hasCauseInstanceOf(InvalidRequest.class);
      }
    }
  }

  private static void assertReports(Workspace space, Supplier<ProxyMode> fault) {
    VectorCollection direct = space.create();
    try (FaultyClient client = space.faulty(RetryPolicy.none())) {
      VectorCollection collection = client.warm(direct);
      Stream<VectorRecord> records =
          IntStream.range(0, 1000)
              .mapToObj(
                  i -> {
                    if (i == 500) {
                      client.proxy().mode(fault.get());
                    }
                    return Samples.record(i);
                  });
      WriteOptions options = WriteOptions.builder().batchRecords(25).inFlight(3).build();
      PartialWrite partial =
          Expect.failure(
              PartialWrite.class,
              "a bulk write that is cut off",
              () -> collection.upsertAll(records, options));
      assertThat(partial.getCause()).as("the error that stopped it").isNotNull();
      assertThat(partial.acknowledged())
          .as("at most the batches in flight and the one being filled were lost by the fault")
          .isGreaterThanOrEqualTo(400);
      PartialWrites.assertTrue(direct, partial, 1000);
    }
  }

  @Test
  @Rule("W-18")
  default void aBulkWriteThatIsRepeatedSettlesIt() {
    try (Workspace space = Workspace.of(this)) {
      space.requireRemote();
      VectorCollection direct = space.create();
      try (FaultyClient client = space.faulty(RetryPolicy.none())) {
        VectorCollection collection = client.warm(direct);
        client.proxy().mode(ProxyMode.loseAnswers().times(1));
        PartialWrite partial =
            Expect.failure(
                PartialWrite.class,
                "the first answer is lost",
                () -> collection.upsertAll(Samples.records(200).stream(), WriteOptions.defaults()));
        assertThat(partial).hasCauseInstanceOf(OutcomeUnknown.class);
        collection.upsertAll(
            Samples.records(200).stream().skip(partial.acknowledged()), WriteOptions.defaults());
        assertThat(Samples.payloads(Samples.all(direct)))
            .as("from the acknowledged prefix on, again")
            .isEqualTo(Samples.payloads(Samples.records(200)));
      }
    }
  }

  @Test
  @Rule("W-18")
  default void aBulkWriteIsTriedAgain() {
    try (Workspace space = Workspace.of(this)) {
      space.requireRemote();
      VectorCollection direct = space.create();
      try (FaultyClient client = space.faulty(Workspace.FAST_RETRIES)) {
        VectorCollection collection = client.warm(direct);
        Stream<VectorRecord> records =
            IntStream.range(0, 600)
                .mapToObj(
                    i -> {
                      if (i % 200 == 100) {
                        client.proxy().resetConnections();
                      }
                      return Samples.record(i);
                    });
        assertThat(
                collection
                    .upsertAll(records, WriteOptions.builder().batchRecords(20).build())
                    .records())
            .isEqualTo(600);
        assertThat(direct.count()).isEqualTo(600);
      }
    }
  }
}
