package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Ranges and defaults of the types with builders. */
class BuildersTest {
  private static final Embedding QUERY = Embedding.of(1, 0);

  @Test
  void aSearchHasTheDefaultsOfTheDesign() {
    SearchRequest request = SearchRequest.nearest(QUERY);
    assertThat(request.limit()).isEqualTo(10);
    assertThat(request.minScore()).isEmpty();
    assertThat(request.filter()).isEqualTo(Filter.all());
    assertThat(request.isExact()).isFalse();
    assertThat(request.projection()).isEqualTo(Projection.payload());
  }

  @Test
  void aSearchIsNeverChanged() {
    SearchRequest first = SearchRequest.hybrid(QUERY, "fox", Fusion.rrf(7)).limit(9);
    SearchRequest same = SearchRequest.hybrid(new float[] {1, 0}, "fox", Fusion.rrf(7)).limit(9);
    SearchRequest request =
        first
            .filter(Filter.field("a").exists())
            .limit(3)
            .minScore(-0.5)
            .projection(Projection.ids())
            .exact()
            .searchEffort(200);
    assertThat(first).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(request);
    assertThat(request.filter()).isEqualTo(Filter.field("a").exists());
    assertThat(request.limit()).isEqualTo(3);
    assertThat(request.minScore()).hasValue(-0.5);
    assertThat(request.projection()).isEqualTo(Projection.ids());
    assertThat(request.isExact()).isTrue();
    assertThat(request.searchEffort()).hasValue(200);
    assertThat(request.toString()).contains("hybrid").doesNotContain("fox");
  }

  @Test
  void aSearchIsInRange() {
    SearchRequest search = SearchRequest.nearest(QUERY);
    refused(() -> search.limit(0));
    refused(() -> search.limit(10_001));
    refused(() -> search.searchEffort(0));
    refused(() -> search.searchEffort(100_001));
    refused(() -> search.minScore(Double.NaN));
    refused(() -> SearchRequest.text("a\0b"));
    assertThat(SearchRequest.text("?!").terms()).isEmpty();
    assertThat(SearchRequest.hybrid(QUERY, "", Fusion.rrf()).terms()).isEmpty();
    refused(() -> SearchRequest.text("fox").exact());
    refused(() -> SearchRequest.text("fox").minScore(0));
    refused(() -> SearchRequest.text("fox").searchEffort(9));
    assertThat(search.limit(10_000).limit()).isEqualTo(10_000);
    assertThat(search.limit(1).limit()).isEqualTo(1);
    assertThat(search.searchEffort(1).searchEffort()).hasValue(1);
    assertThat(search.searchEffort(100_000).searchEffort()).hasValue(100_000);
    String most = words(SearchRequest.MAX_TERMS);
    assertThat(SearchRequest.text(most + " W1 one").terms())
        .isEqualTo(SearchRequest.text(most).terms())
        .hasSize(SearchRequest.MAX_TERMS)
        .startsWith("w0", "w1");
  }

  private static String words(int count) {
    return IntStream.range(0, count).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
  }

  @Test
  void aScanIsInRange() {
    assertThat(ScanRequest.all().pageSize()).isEqualTo(1000);
    refused(() -> ScanRequest.all().pageSize(0));
    refused(() -> ScanRequest.all().pageSize(10_001));
    assertThat(ScanRequest.all().pageSize(1).pageSize()).isEqualTo(1);
    assertThat(ScanRequest.all().pageSize(10_000).pageSize()).isEqualTo(10_000);
    ScanRequest first = ScanRequest.all().pageSize(7).filter(Filter.all());
    assertThat(first.from("c").cursor()).contains("c");
    assertThat(first.from("c").pageSize()).isEqualTo(7);
    assertThat(first.cursor()).isEmpty();
    ScanRequest same = ScanRequest.all().pageSize(7);
    assertThat(first).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(first.from("c"));
    assertThat(first.projection(Projection.ids()).projection()).isEqualTo(Projection.ids());
  }

  @Test
  void writesHaveTheProfilesOfThePractice() {
    assertThat(WriteOptions.defaults().inFlight()).isEqualTo(4);
    assertThat(WriteOptions.defaults().mode()).isEqualTo(WriteMode.REPLACE);
    assertThat(BatchProfile.SMALL_DOCS.records()).isEqualTo(200);
    assertThat(BatchProfile.MEDIUM_DOCS.records()).isEqualTo(100);
    assertThat(BatchProfile.LARGE_DOCS.records()).isEqualTo(50);
    assertThat(BatchProfile.CODE_EXAMPLES.records()).isEqualTo(150);
    assertThat(WriteOptions.builder().profile(BatchProfile.LARGE_DOCS).build().batchRecords())
        .isEqualTo(50);
    WriteOptions insert = WriteOptions.builder().mode(WriteMode.INSERT_ONLY).inFlight(1).build();
    assertThat(insert.toBuilder().build()).usingRecursiveComparison().isEqualTo(insert);
    WriteOptions least = WriteOptions.builder().batchRecords(1).batchBytes(1024).build();
    assertThat(least.batchRecords()).isEqualTo(1);
    assertThat(least.batchBytes()).isEqualTo(1024);
    WriteOptions most =
        WriteOptions.builder().batchRecords(10_000).batchBytes(64L << 20).inFlight(64).build();
    assertThat(most.batchRecords()).isEqualTo(10_000);
    assertThat(most.batchBytes()).isEqualTo(64L << 20);
    assertThat(most.inFlight()).isEqualTo(64);
    refused(() -> WriteOptions.builder().batchRecords(0));
    refused(() -> WriteOptions.builder().batchRecords(10_001));
    refused(() -> WriteOptions.builder().batchBytes(1023));
    refused(() -> WriteOptions.builder().batchBytes((64L << 20) + 1));
    refused(() -> WriteOptions.builder().inFlight(0));
    refused(() -> WriteOptions.builder().inFlight(65));
  }

  @Test
  void callsHaveTheDeadlinesOfTheDesign() {
    CallOptions options = CallOptions.defaults();
    assertThat(options.attemptTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(options.readTimeout()).isEqualTo(Duration.ofSeconds(60));
    assertThat(options.writeTimeout()).isEqualTo(Duration.ofMinutes(2));
    assertThat(options.retry().attempts()).isEqualTo(3);
    assertThat(options.retry().writeDelay()).isEqualTo(Duration.ofSeconds(4));
    assertThat(options.retry().writeMaxDelay()).isEqualTo(Duration.ofSeconds(10));
    assertThat(options.retry().readDelay()).isEqualTo(Duration.ofMillis(200));
    assertThat(options.retry().readMaxDelay()).isEqualTo(Duration.ofSeconds(2));
    assertThat(options.toBuilder().build()).usingRecursiveComparison().isEqualTo(options);
  }

  @Test
  void deadlinesAndWaitsArePositive() {
    refused(() -> CallOptions.builder().attemptTimeout(Duration.ZERO));
    refused(() -> CallOptions.builder().readTimeout(Duration.ofSeconds(-1)));
    refused(() -> CallOptions.builder().writeTimeout(Duration.ZERO));
    refused(() -> RetryPolicy.builder().attempts(0));
    refused(() -> RetryPolicy.builder().attempts(101));
    refused(() -> RetryPolicy.builder().writeDelays(Duration.ZERO, Duration.ofSeconds(1)));
    refused(() -> RetryPolicy.builder().readDelays(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    assertThat(RetryPolicy.none().attempts()).isEqualTo(1);
    Duration second = Duration.ofSeconds(1);
    RetryPolicy even =
        RetryPolicy.builder()
            .attempts(100)
            .readDelays(second, second)
            .writeDelays(second, second)
            .build();
    assertThat(even.attempts()).isEqualTo(100);
    assertThat(even.readMaxDelay()).isEqualTo(second);
    assertThat(RetryPolicy.none().toBuilder().build())
        .usingRecursiveComparison()
        .isEqualTo(RetryPolicy.none());
  }

  @Test
  void anAllDeleteIsNoBatchOperation() {
    refused(() -> WriteBatch.builder().deleteWhere("pages", Filter.all()));
    refused(() -> WriteBatch.builder().upsert("", List.of()));
    List<RecordId> ids = List.of(RecordId.of(1));
    assertThat(WriteBatch.builder().delete("pages", ids).build().operations()).hasSize(1);
  }

  private static void refused(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(VectorStoreException.InvalidRequest.class);
  }
}
