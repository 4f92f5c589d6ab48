package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CallStart.Server;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a log shows of a value: what it is about, and never a vector, a payload or a text. */
class ShownValuesTest {
  private static final Embedding QUERY = Embedding.of(1, 0);
  private static final RecordId ID = RecordId.of(7);
  private static final Payload PAYLOAD = Payload.of(Map.of("key", "secret"));

  @Test
  void aRequestShowsWhatIsAskedAndNotTheQuery() {
    SearchRequest nearest = SearchRequest.nearest(QUERY);
    String payload = "Projection[fields=all, vectors=[]]";
    assertThat(nearest).hasToString("SearchRequest[nearest, limit=10, " + payload + "]");
    assertThat(SearchRequest.text("secret"))
        .hasToString("SearchRequest[text, limit=10, " + payload + "]");
    assertThat(SearchRequest.hybrid(QUERY, "secret", Fusion.boosted()))
        .hasToString("SearchRequest[hybrid boosted, limit=10, " + payload + "]");
    assertThat(
            SearchRequest.hybrid(QUERY, "secret", Fusion.rrf(7))
                .using("a \"b")
                .filter(Filter.field("a").eq("secret"))
                .exact())
        .hasToString(
            "SearchRequest[hybrid rrf(7), using \"a \\\"b\", limit=10, filtered, exact, "
                + payload
                + "]");
    assertThat(ScanRequest.all()).hasToString("ScanRequest[pageSize=1000, " + payload + "]");
    assertThat(ScanRequest.all().filter(Filter.field("a").eq("secret")).from("secret"))
        .hasToString("ScanRequest[pageSize=1000, filtered, continued, " + payload + "]");
    assertThat(Projection.fields("a").withVectors())
        .hasToString("Projection[fields=[a], vectors=all]");
  }

  @Test
  void aRecordShowsItsIdItsDimensionsAndItsKeys() {
    assertThat(VectorRecord.of(ID, PAYLOAD))
        .hasToString("VectorRecord[id=7, no vector, keys=[key]]");
    assertThat(VectorRecord.of(ID, QUERY, PAYLOAD))
        .hasToString("VectorRecord[id=7, dimension=2, keys=[key]]");
    assertThat(VectorRecord.of(ID, Map.of("v", QUERY), PAYLOAD))
        .hasToString("VectorRecord[id=7, dimensions={\"v\"=2}, keys=[key]]");
    VectorRecord two = VectorRecord.of(ID, QUERY, PAYLOAD).withVector("v", new float[] {1, 2, 3});
    assertThat(two).hasToString("VectorRecord[id=7, dimensions={\"\"=2, \"v\"=3}, keys=[key]]");
    assertThat(SearchHit.of(VectorRecord.of(ID, PAYLOAD), 0.5, ScoreKind.METRIC))
        .hasToString("SearchHit[VectorRecord[id=7, no vector, keys=[key]], score=0.5, METRIC]");
  }

  @Test
  void aCollectionShowsItsVectors() {
    CollectionSpec bare = CollectionSpec.builder("a").idKinds(IdKind.NUMBER).build();
    assertThat(bare)
        .hasToString("CollectionSpec[name=a, no vectors, fields={}, labels={}, idKinds=[NUMBER]]");
    CollectionSpec two =
        bare.toBuilder().vectors(2, Metric.COSINE).vector("v", 3, Metric.DOT).build();
    assertThat(two.toString())
        .contains(
            ", a plain vector (COSINE of 2 dimensions), the vector v (DOT of 3 dimensions), ");
  }

  @Test
  void aCallShowsItsServerAndItsEnd() {
    assertThat(Server.of("qdrant")).hasToString("qdrant");
    assertThat(Server.of("postgresql").namespace("db").at("host", 5432))
        .hasToString("postgresql db at host:5432");
    CallEnd.Builder end = CallEnd.builder(Duration.ofMillis(5)).sent(2, 3);
    assertThat(end.build()).hasToString("CallEnd[ok, PT0.005S, attempts=2, requests=3]");
    assertThat(end.failure(new IllegalStateException("secret")).build())
        .hasToString("CallEnd[IllegalStateException, PT0.005S, attempts=2, requests=3]");
    assertThat(WriteReport.of(5, 2, Duration.ofSeconds(1)))
        .hasToString("WriteReport[records=5, batches=2, duration=PT1S]");
    assertThat(WriteOptions.builder().batchRecords(9).batchBytes(2048).inFlight(3).build())
        .hasToString("WriteOptions[batchRecords=9, batchBytes=2048, inFlight=3, mode=REPLACE]");
    assertThat(CallOptions.defaults().toString()).contains("attempt PT30S, read PT1M, write PT2M");
    assertThat(StoreOptions.defaults()).hasToString("StoreOptions[" + CallOptions.defaults() + "]");
  }

  @Test
  void anIssueNamesItsRow() {
    assertThat(RecordIssue.of(RecordIssue.Kind.NO_EMBEDDING, ID, "it is null"))
        .hasToString("NO_EMBEDDING 7: it is null");
    assertThat(RecordIssue.numberAsText(ID, "$.price", "30 digits"))
        .hasToString("NUMBER_AS_TEXT 7 $.price: 30 digits");
  }
}
