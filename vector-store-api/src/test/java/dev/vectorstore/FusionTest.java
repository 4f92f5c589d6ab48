package dev.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FusionTest {
  @Test
  void boostedPutsBothFirstThenVectorThenKeyword() {
    List<SearchHit> fused =
        Fusion.boosted()
            .fuse(List.of(hit(1, 0.9), hit(2, 0.8), hit(3, 0.5)), keyword(3, 9, 2, 7), 10);
    assertThat(ids(fused)).containsExactly(2L, 3L, 1L, 9L, 7L);
    assertThat(fused).extracting(SearchHit::score).containsExactly(0.96, 0.6, 0.9, 0.5, 0.5);
    assertThat(fused).extracting(SearchHit::scoreKind).containsOnly(ScoreKind.FUSED);
  }

  @Test
  void aBoostIsCappedAtOne() {
    assertThat(scores(Fusion.boosted().fuse(List.of(hit(1, 0.99)), keyword(1), 5)))
        .containsExactly(1.0);
  }

  @Test
  void negativeScoresAreBoostedAndKept() {
    List<SearchHit> fused =
        Fusion.boosted().fuse(List.of(hit(1, 0.5), hit(2, -0.5)), keyword(2, 3), 10);
    assertThat(ids(fused)).containsExactly(2L, 1L, 3L);
    assertThat(scores(fused)).containsExactly(-0.6, 0.5, 0.5);
  }

  @Test
  void theIdZeroIsAnIdLikeOthers() {
    List<SearchHit> fused = Fusion.boosted().fuse(List.of(hit(0, 0.5)), keyword(0), 10);
    assertThat(ids(fused)).containsExactly(0L);
    assertThat(scores(fused)).containsExactly(0.6);
    assertThat(Fusion.rrf().fuse(List.of(hit(0, 0.5)), keyword(0), 10)).hasSize(1);
  }

  @Test
  void moreFoundByBothThanTheLimitAreCut() {
    List<SearchHit> vector = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      vector.add(hit(i, 0.9 - i * 0.01));
    }
    long[] reversed = {19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
    List<SearchHit> fused = Fusion.boosted().fuse(vector, keyword(reversed), 10);
    assertThat(ids(fused)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void eitherRankingCanBeEmpty() {
    for (Fusion fusion : List.of(Fusion.boosted(), Fusion.rrf())) {
      assertThat(ids(fusion.fuse(List.of(), keyword(4, 3), 10))).containsExactly(4L, 3L);
      assertThat(ids(fusion.fuse(List.of(hit(4, 0.2), hit(3, 0.1)), List.of(), 10)))
          .containsExactly(4L, 3L);
      assertThat(fusion.fuse(List.of(), List.of(), 10)).isEmpty();
    }
  }

  @Test
  void reciprocalRanksAreSummed() {
    List<SearchHit> fused =
        Fusion.rrf().fuse(List.of(hit(1, 0.9), hit(2, 0.8), hit(3, 0.7)), keyword(3, 4), 10);
    assertThat(ids(fused)).containsExactly(3L, 1L, 2L, 4L);
    assertThat(fused.get(0).score()).isCloseTo(1 / 63.0 + 1 / 61.0, within(1e-15));
    assertThat(fused.get(1).score()).isCloseTo(1 / 61.0, within(1e-15));
    assertThat(ids(Fusion.rrf(1).fuse(List.of(hit(5, 1), hit(2, 1)), keyword(2, 5), 1)))
        .as("equal scores by id")
        .containsExactly(2L);
  }

  @Test
  void theVectorRankingsRecordIsKept() {
    VectorRecord whole = VectorRecord.of(RecordId.of(1), Json.payload("{\"from\": \"vector\"}"));
    SearchHit byVector = SearchHit.of(whole, 0.5, ScoreKind.METRIC);
    for (Fusion fusion : List.of(Fusion.boosted(), Fusion.rrf())) {
      assertThat(fusion.fuse(List.of(byVector), keyword(1), 1).get(0).record()).isEqualTo(whole);
    }
  }

  @Test
  void kIsOneOrMore() {
    assertThatThrownBy(() -> Fusion.rrf(0)).isInstanceOf(VectorStoreException.InvalidRequest.class);
    assertThat(Fusion.rrf()).isEqualTo(Fusion.rrf(60)).isNotEqualTo(Fusion.rrf(61));
    assertThat(Fusion.boosted().needsCosine()).isTrue();
    assertThat(Fusion.rrf().needsCosine()).isFalse();
  }

  private static SearchHit hit(long id, double score) {
    return SearchHit.of(VectorRecord.of(RecordId.of(id), Payload.empty()), score, ScoreKind.METRIC);
  }

  private static List<SearchHit> keyword(long... ids) {
    return java.util.Arrays.stream(ids)
        .mapToObj(
            id ->
                SearchHit.of(VectorRecord.of(RecordId.of(id), Payload.empty()), 0, ScoreKind.NONE))
        .collect(Collectors.toList());
  }

  private static List<Long> ids(List<SearchHit> hits) {
    return hits.stream()
        .map(hit -> ((RecordId.NumberId) hit.id()).value())
        .collect(Collectors.toList());
  }

  private static List<Double> scores(List<SearchHit> hits) {
    return hits.stream().map(SearchHit::score).collect(Collectors.toList());
  }
}
