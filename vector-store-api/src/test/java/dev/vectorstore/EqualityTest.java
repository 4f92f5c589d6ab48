package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CallStart.Server;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values are equal by all of their parts: each list has one type's values that differ in one. */
class EqualityTest {
  private static final Embedding QUERY = Embedding.of(1, 0);
  private static final RecordId ID = RecordId.of(1);
  private static final Payload PAYLOAD = Payload.of(Map.of("a", 1));

  static Stream<List<Supplier<Object>>> values() {
    return Stream.of(
        List.of(() -> Embedding.of(1, 2), () -> Embedding.of(1, 3), () -> Embedding.of(1, 2, 0)),
        List.of(Fusion::boosted, Fusion::rrf, () -> Fusion.rrf(7)),
        List.of(
            Projection::all,
            Projection::payload,
            Projection::ids,
            () -> Projection.fields("a"),
            () -> Projection.fields("a", "b"),
            () -> Projection.fields("a").withVectors(),
            () -> Projection.fields("a").withVectors("v")),
        List.of(
            () -> VectorRecord.of(ID, PAYLOAD),
            () -> VectorRecord.of(RecordId.of(2), PAYLOAD),
            () -> VectorRecord.of(ID, Payload.empty()),
            () -> VectorRecord.of(ID, QUERY, PAYLOAD),
            () -> VectorRecord.of(ID, Map.of("v", QUERY), PAYLOAD)),
        List.of(
            () -> SearchHit.of(VectorRecord.of(ID, PAYLOAD), 1, ScoreKind.METRIC),
            () -> SearchHit.of(VectorRecord.of(ID, PAYLOAD), 2, ScoreKind.METRIC),
            () -> SearchHit.of(VectorRecord.of(ID, PAYLOAD), 1, ScoreKind.FUSED),
            () -> SearchHit.of(VectorRecord.of(ID, Payload.empty()), 1, ScoreKind.METRIC)),
        List.of(
            () -> VectorSpec.of(2, Metric.DOT),
            () -> VectorSpec.of(3, Metric.DOT),
            () -> VectorSpec.of(2, Metric.COSINE)),
        List.of(
            () -> Server.of("qdrant"),
            () -> Server.of("postgresql"),
            () -> Server.of("qdrant").namespace("db"),
            () -> Server.of("qdrant").at("a", 1),
            () -> Server.of("qdrant").at("b", 1),
            () -> Server.of("qdrant").at("a", 2)),
        List.of(
            () -> RecordIssue.of(RecordIssue.Kind.NO_EMBEDDING, ID, "why"),
            () -> RecordIssue.of(RecordIssue.Kind.ZERO_EMBEDDING, ID, "why"),
            () -> RecordIssue.of(RecordIssue.Kind.NO_EMBEDDING, RecordId.of(2), "why"),
            () -> RecordIssue.of(RecordIssue.Kind.NO_EMBEDDING, ID, "why not"),
            () -> RecordIssue.numberAsText(ID, "$.a", "why"),
            () -> RecordIssue.numberAsText(ID, "$.b", "why"),
            () -> RecordIssue.unreadable("1", null, "why"),
            () -> RecordIssue.unreadable("1", ID, "why"),
            () -> RecordIssue.unreadable("2", null, "why")),
        List.of(Payload::empty, () -> PAYLOAD, () -> Payload.of(Map.of("a", 2))),
        List.of(() -> Value.of(List.of()), () -> Value.of(List.of(1)), () -> Value.of(List.of(2))),
        List.of(
            () -> Value.of(Map.of()),
            () -> Value.of(Map.of("a", 1)),
            () -> Value.of(Map.of("b", 1))));
  }

  static Stream<List<Supplier<Object>>> requestsAndSpecifications() {
    SearchRequest search = SearchRequest.nearest(QUERY);
    ScanRequest scan = ScanRequest.all();
    return Stream.of(
        List.of(
            () -> SearchRequest.nearest(QUERY),
            () -> SearchRequest.nearest(0, 1),
            () -> SearchRequest.text("fox"),
            () -> SearchRequest.text("owl"),
            () -> SearchRequest.hybrid(QUERY, "fox", Fusion.rrf()),
            () -> SearchRequest.hybrid(QUERY, "fox", Fusion.boosted()),
            () -> search.using("title"),
            () -> search.filter(Filter.field("a").exists()),
            () -> search.limit(3),
            () -> search.minScore(0.5),
            () -> search.projection(Projection.ids()),
            search::exact,
            () -> search.searchEffort(200)),
        List.of(
            ScanRequest::all,
            () -> scan.filter(Filter.field("a").exists()),
            () -> scan.pageSize(7),
            () -> scan.projection(Projection.ids()),
            () -> scan.from("c")),
        List.of(
            () -> spec("a").build(),
            () -> spec("b").build(),
            () -> spec("a").vectors(2, Metric.DOT).build(),
            () -> spec("a").field("f", FieldType.NUMBER).build(),
            () -> spec("a").label("model", "m").build(),
            () -> spec("a").idKinds(IdKind.NUMBER).build()),
        List.of(
            () -> CollectionInfo.of(spec("a").build(), Set.of()),
            () -> CollectionInfo.of(spec("b").build(), Set.of()),
            () -> CollectionInfo.of(spec("a").build(), Set.of(Capability.WRITE))));
  }

  private static CollectionSpec.Builder spec(String name) {
    return CollectionSpec.builder(name);
  }

  @ParameterizedTest
  @MethodSource({"values", "requestsAndSpecifications"})
  void valuesAreEqualByTheirParts(List<Supplier<Object>> made) {
    for (int i = 0; i < made.size(); i++) {
      Object value = made.get(i).get();
      assertThat(value).isNotEqualTo(null).isNotEqualTo("another type");
      for (int j = 0; j < made.size(); j++) {
        Object other = made.get(j).get();
        if (i == j) {
          assertThat(value).isEqualTo(other).hasSameHashCodeAs(other);
        } else {
          assertThat(value).isNotEqualTo(other);
        }
      }
    }
    assertThat(made.stream().map(each -> each.get().hashCode()).distinct().count())
        .as("different values mostly have different hashes")
        .isGreaterThan(made.size() / 2);
  }
}
