package dev.vectorstore.migration;

import static dev.vectorstore.migration.SampleStore.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {
  private static final int ROWS = 400;

  @TempDir private Path state;
  private final VectorStore source = SampleStore.withPages(ROWS);
  private final VectorStore target = SampleStore.empty();

  @BeforeEach
  void copy() {
    Copy.of(route(source, target)).stateDirectory(state).build().run();
  }

  @AfterEach
  void close() {
    source.close();
    target.close();
  }

  private Verify.Builder verify() {
    return verify(route(source, target));
  }

  private Verify.Builder verify(Route route) {
    return Verify.of(route).sample(60);
  }

  private VectorCollection stored() {
    return target.collection(SampleStore.PAGES);
  }

  private VerifyReport.Collection pages(VerifyReport report) {
    return report.collections().get(0);
  }

  @Test
  void anEqualStorePasses() throws IOException {
    VerifyReport report = verify().build().run();
    VerifyReport.Collection pages = pages(report);
    assertThat(report.passed()).as(report.toJson()).isTrue();
    assertThat(pages.countFrom()).isEqualTo(ROWS);
    assertThat(pages.countTo()).isEqualTo(ROWS);
    assertThat(pages.withoutVector()).isEqualTo(ROWS / 10);
    assertThat(pages.overlap()).hasValue(1);
    assertThat(pages.sourceOverlap()).hasValue(1);
    JsonNode json = new ObjectMapper().readTree(report.toJson()).at("/collections/0");
    assertThat(json.get("name").asText()).isEqualTo("crawled_pages");
    assertThat(json.get("count_from").asLong()).isEqualTo(ROWS);
    assertThat(json.get("count_to").asLong()).isEqualTo(ROWS);
    assertThat(json.get("payload_mismatches").asLong()).isZero();
    assertThat(json.get("vector_mismatches").asLong()).isZero();
    assertThat(json.get("overlap_at_k").asDouble()).isEqualTo(1);
    assertThat(json.get("queries").asInt()).isEqualTo(60);
    assertThat(json.get("hash_from")).isEqualTo(json.get("hash_to"));
    assertThat(json.at("/by_source/s1/count_to").asLong()).isEqualTo(ROWS / 4);
    assertThat(json.at("/overlap_by_kind").properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder("vector", "filtered", "hybrid");
  }

  @Test
  void aMissingRecordIsFoundAndNamed() {
    stored().delete(List.of(RecordId.of(5), RecordId.of(9)));
    VerifyReport report = verify().sample(ROWS).build().run();
    assertThat(report.passed()).isFalse();
    assertThat(pages(report).missing()).isEqualTo(2);
    assertThat(pages(report).countTo()).isEqualTo(ROWS - 2);
    assertThat(pages(report).causes()).containsKey(Parity.MISSING);
    assertThat(pages(report).overlap().orElseThrow()).isLessThan(1);
  }

  @Test
  void aRecordOfTheTargetAloneIsFound() {
    stored().upsert(VectorRecord.of(RecordId.of("more"), Payload.empty()));
    VerifyReport report = verify().build().run();
    assertThat(report.passed()).isFalse();
    assertThat(pages(report).extra()).isEqualTo(1);
    assertThat(report.toJson()).contains("more is in the target alone");
  }

  @Test
  void aRecordInThePlaceOfAnotherIsFoundAlthoughTheCountsAreEqual() {
    stored().delete(List.of(RecordId.of(5)));
    stored().upsert(VectorRecord.of(RecordId.of("other"), Payload.empty()));
    VerifyReport report = verify().build().run();
    assertThat(pages(report).missing()).isEqualTo(1);
    assertThat(pages(report).extra()).isEqualTo(1);
  }

  @Test
  void aNumberThatChangedItsTypeIsAMismatch() {
    VectorRecord record = stored().fetch(RecordId.of(5)).orElseThrow();
    stored()
        .upsert(record.withPayload(record.payload().toBuilder().put("chunk_number", 2.0).build()));
    VerifyReport report = verify().build().run();
    assertThat(report.passed()).isFalse();
    assertThat(pages(report).payloadMismatches()).isEqualTo(1);
    assertThat(pages(report).vectorMismatches()).isZero();
    assertThat(report.toJson()).contains("\"5 has another payload in the target\"");
  }

  @Test
  void aVectorThatMovedOrIsGoneIsAMismatchWithACause() {
    VectorRecord moved = stored().fetch(RecordId.of(5)).orElseThrow();
    VectorRecord bare = stored().fetch(RecordId.of(6)).orElseThrow();
    float[] components = moved.vector().orElseThrow().toArray();
    components[0] += 0.5f;
    stored()
        .upsert(
            VectorRecord.of(moved.id(), Embedding.of(components), moved.payload()),
            bare.withoutVectors());
    VerifyReport report = verify().sample(ROWS).build().run();
    assertThat(pages(report).vectorMismatches()).isEqualTo(2);
    assertThat(pages(report).causes()).containsKeys(Parity.DIFFERS, Parity.NO_EMBEDDING);
    assertThat(report.toJson())
        .contains("\"5 has another vector in the target\",\"6 has another vector in the target\"");
  }

  /** An index that misses the best hits, unless it is asked exactly. */
  private static final class Approximate implements Watched.Events {
    @Override
    public List<SearchHit> afterSearch(SearchRequest request, List<SearchHit> hits) {
      boolean missing = !request.isExact() && request.text().isEmpty() && hits.size() > 2;
      return missing ? hits.subList(2, hits.size()) : hits;
    }
  }

  @Test
  void anApproximateIndexOfTheTargetIsNamed() {
    VerifyReport report =
        verify(route(source, new Watched(target, new Approximate()))).build().run();
    assertThat(report.passed()).isFalse();
    assertThat(pages(report).missing()).isZero();
    assertThat(pages(report).causes()).containsOnlyKeys(Parity.TARGET_INDEX);
    // Two of ten are missed by two thirds of the queries.
    assertThat(pages(report).overlap().orElseThrow()).isCloseTo(1 - 0.2 * 2 / 3, within(0.03));
    assertThat(pages(report).sourceOverlap()).hasValue(1);
  }

  @Test
  void anApproximateIndexOfTheSourceIsNamedAndDoesNotFailTheTarget() {
    VerifyReport report =
        verify(route(new Watched(source, new Approximate()), target)).build().run();
    assertThat(report.passed()).isTrue();
    assertThat(pages(report).sourceCauses()).containsOnlyKeys(Parity.SOURCE_SHORT);
    assertThat(pages(report).sourceOverlap().orElseThrow()).isLessThan(0.9);
    assertThat(report.toHtml()).contains("source index approximate");
  }

  @Test
  void recordsOfOneVectorAreTies() {
    Embedding vector = SampleStore.vector(new Random(99));
    for (VectorStore store : List.of(source, target)) {
      for (int i = 0; i < 30; i++) {
        store
            .collection(SampleStore.PAGES)
            .upsert(VectorRecord.of(RecordId.of(2000 + i), vector, Payload.empty()));
      }
    }
    // The target answers other records of the same score than the exact order has first.
    Watched.Events shifted =
        new Watched.Events() {
          @Override
          public List<SearchHit> afterSearch(SearchRequest request, List<SearchHit> hits) {
            return target.collection(SampleStore.PAGES).search(request.limit(15)).subList(5, 15);
          }
        };
    VerifyReport report =
        verify(route(source, new Watched(target, shifted)))
            .sample(0)
            .queries(List.of(ParityQuery.of("tied", vector, null, null)))
            .build()
            .run();
    assertThat(pages(report).overlap()).hasValue(1);
    assertThat(pages(report).causes()).containsOnlyKeys(Parity.TIE);
  }

  @Test
  void queriesOfAllKindsAreRead() {
    String lines =
        """
        {"vector": [1, 0, 0, 0, 0, 0, 0, 0]}
        {"vector": [1, 0, 0, 0, 0, 0, 0, 0], "filter": {"source_id": "s2"}}
        {"vector": [1, 0, 0, 0, 0, 0, 0, 0], "text": "chunk source"}

        {"text": "number17", "filter": {"metadata": {"nested": {"a": 1.5}}}}
        {"filter": {"metadata": {"big": 9007199254740994}}}
        {"vector": [1, 0]}
        """;
    List<ParityQuery> queries = ParityQuery.parse(new BufferedReader(new StringReader(lines)));
    assertThat(queries).hasSize(6);
    assertThat(queries.get(4).filter().orElseThrow().toValue())
        .isEqualTo(Value.of(Map.of("metadata", Map.of("big", 9007199254740994L))));
    VerifyReport report = verify().sample(0).queries(queries).build().run();
    assertThat(pages(report).overlap()).as(report.toJson()).hasValue(1);
    assertThat(report.toJson()).contains("\"queries\":5", "\"queries_not_asked\":1");
    assertThat(report.queriesNotAsked()).containsExactly("line 7");
  }

  @Test
  void aQueryThatIsNoneIsNamedByItsLine() {
    for (String line : List.of("{}", "[]", "x", "{\"vectr\": []}", "{\"vector\": [\"a\"]}")) {
      assertThatThrownBy(
              () ->
                  ParityQuery.parse(
                      new BufferedReader(new StringReader("{\"text\": \"a\"}\n" + line))))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("line 2");
    }
  }

  @Test
  void aCollectionWithoutVectorsIsComparedAndNotSearched() {
    for (VectorStore store : List.of(source, target)) {
      store
          .ensureCollection(CollectionSpec.builder("sources").build())
          .upsert(VectorRecord.of(RecordId.of("s1"), Payload.empty()));
    }
    VerifyReport report = verify(route(source, target).collection("sources")).build().run();
    assertThat(report.passed()).isTrue();
    assertThat(pages(report).overlap()).isEmpty();
    assertThat(report.toJson()).contains("\"overlap_at_k\":null");
  }

  @Test
  void aMappedCopyIsVerifiedByItsMapping() {
    Mapping mapping = Mapping.builder().target("flat").rename("url", "link").drop("id").build();
    Copy.of(route(source, target).mapping(SampleStore.PAGES, mapping).flatMetadata(true))
        .stateDirectory(state)
        .build()
        .run();
    VerifyReport report =
        verify(route(source, target).mapping(SampleStore.PAGES, mapping).flatMetadata(true))
            .build()
            .run();
    assertThat(report.passed()).as(report.toJson()).isTrue();
    assertThat(
            verify(route(source, target).collection("crawled_pages", "flat"))
                .build()
                .run()
                .passed())
        .isFalse();
  }

  @Test
  void thePageNeedsNothingFromElsewhere() {
    String html = verify().build().run().toHtml();
    assertThat(html).contains("<h1>Verification: <span class=\"passed\">passed</span></h1>");
    assertThat(html).doesNotContain("http://", "https://", "<script", "src=", "<link");
  }
}
