package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CallStart.Server;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What listeners and reports carry, and what the short forms of the verbs ask for. */
class CallsAndReportsTest {
  @Test
  void aCallCarriesWhatItWasGiven() {
    Server server = Server.of("qdrant").namespace("db").at("host", 6334);
    CallStart bare = CallStart.builder("qdrant", server, "collections").build();
    assertThat(bare.engine()).isEqualTo("qdrant");
    assertThat(bare.operation()).isEqualTo("collections");
    assertThat(bare.collection()).isEmpty();
    assertThat(bare.batchSize()).isEmpty();
    assertThat(bare.limit()).isEmpty();
    assertThat(bare.server().system()).isEqualTo("qdrant");
    assertThat(bare.server().namespace()).contains("db");
    assertThat(bare.server().address()).contains("host");
    assertThat(bare.server().port()).hasValue(6334);
    assertThat(Server.of("memory").port()).isEmpty();
    CallStart full =
        CallStart.builder("qdrant", server, "search").collection("a").batchSize(9).limit(3).build();
    assertThat(full.batchSize()).hasValue(9);
    assertThat(full.limit()).hasValue(3);
  }

  @Test
  void anEndCarriesWhatWasDone() {
    CallEnd read = CallEnd.builder(Duration.ofMillis(5)).sent(2, 3).returnedRows(7).build();
    assertThat(read.duration()).isEqualTo(Duration.ofMillis(5));
    assertThat(read.attempts()).isEqualTo(2);
    assertThat(read.requests()).isEqualTo(3);
    assertThat(read.returnedRows()).hasValue(7);
    assertThat(read.writtenRecords()).isEmpty();
    assertThat(read.failure()).isEmpty();
    assertThat(read.errorType()).isEmpty();
    IllegalStateException failure = new IllegalStateException();
    CallEnd write = CallEnd.builder(Duration.ZERO).writtenRecords(8).failure(failure).build();
    assertThat(write.writtenRecords()).hasValue(8);
    assertThat(write.returnedRows()).isEmpty();
    assertThat(write.failure()).contains(failure);
    assertThat(write.errorType()).contains("IllegalStateException");
  }

  @Test
  void anIssueTellsTheRowTheIdAndThePath() {
    RecordIssue number = RecordIssue.numberAsText(RecordId.of(7), "$.price", "30 digits");
    assertThat(number.kind()).isEqualTo(RecordIssue.Kind.NUMBER_AS_TEXT);
    assertThat(number.row()).isEqualTo("7");
    assertThat(number.id()).contains(RecordId.of(7));
    assertThat(number.path()).contains("$.price");
    assertThat(number.reason()).isEqualTo("30 digits");
    RecordIssue unreadable = RecordIssue.unreadable("row 3", null, "no id");
    assertThat(unreadable.id()).isEmpty();
    assertThat(unreadable.path()).isEmpty();
  }

  @Test
  void aReportTellsRecordsAndBatches() {
    WriteReport report = WriteReport.of(5, 2, Duration.ofSeconds(1));
    assertThat(report.records()).isEqualTo(5);
    assertThat(report.batches()).isEqualTo(2);
    assertThat(report.duration()).isEqualTo(Duration.ofSeconds(1));
  }

  private static final VectorRecord RECORD = VectorRecord.of(RecordId.of(1), Payload.empty());

  @Test
  void shortFormsAskForAllOfARecordAndForAllRecords() {
    List<List<Object>> asked = new ArrayList<>();
    VectorCollection collection = recording(asked);
    collection.upsert(RECORD, RECORD);
    collection.upsert(List.of(RECORD));
    assertThat(collection.fetch(RecordId.of(1))).contains(RECORD);
    assertThat(collection.count()).isEqualTo(5);
    assertThat(collection.stream(ScanRequest.all())).containsExactly(RECORD);
    assertThat(collection.capabilities()).containsExactly(Capability.WRITE);
    assertThat(asked)
        .containsExactly(
            List.of("upsert", List.of(RECORD, RECORD), WriteMode.REPLACE),
            List.of("upsert", List.of(RECORD), WriteMode.REPLACE),
            List.of("fetch", List.of(RecordId.of(1)), Projection.all()),
            List.of("count", Filter.all()),
            List.of("scan", ScanRequest.all()),
            List.of("describe"));
  }

  /** A collection of one record that writes down which full forms are called. */
  private static VectorCollection recording(List<List<Object>> asked) {
    Class<VectorCollection> type = VectorCollection.class;
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
          }
          List<Object> call = new ArrayList<>(List.of(method.getName()));
          call.addAll(arguments == null ? List.of() : Arrays.asList(arguments));
          asked.add(call);
          return switch (method.getName()) {
            case "fetch" -> List.of(RECORD);
            case "count" -> 5L;
            case "scan" -> new Page(List.of(RECORD), Optional.empty());
            case "describe" ->
                CollectionInfo.of(CollectionSpec.builder("a").build(), Set.of(Capability.WRITE));
            default -> null;
          };
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
