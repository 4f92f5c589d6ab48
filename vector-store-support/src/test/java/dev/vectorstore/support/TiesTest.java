package dev.vectorstore.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class TiesTest {
  private static List<SearchHit> hits(double... scores) {
    return DoubleStream.of(scores)
        .mapToObj(
            score ->
                SearchHit.of(
                    VectorRecord.of(RecordId.of(1), Payload.empty()), score, ScoreKind.METRIC))
        .toList();
  }

  private static boolean mayBeCut(List<SearchHit> answer, int limit) {
    return Ties.mayBeCut(answer, answer, limit);
  }

  @Test
  void oneMoreThanTheLimitIsAskedFor() {
    assertThat(Ties.asked(10)).isEqualTo(11);
  }

  @Test
  void aLowerScoreBehindTheLimitEndsTheTies() {
    assertThat(mayBeCut(hits(3, 2, 1), 2)).isFalse();
    assertThat(mayBeCut(hits(1, 3, 2), 2)).isFalse();
    assertThat(mayBeCut(hits(2, 2, 1), 2)).isFalse();
  }

  @Test
  void theScoreOfTheLimitAtTheEndMayGoOnBehindIt() {
    assertThat(mayBeCut(hits(3, 2, 2), 2)).isTrue();
    assertThat(mayBeCut(hits(2, 2, 2), 2)).isTrue();
  }

  @Test
  void theLastOfAllThatCameCountsAlsoWhereItDoesNotMatch() {
    assertThat(Ties.mayBeCut(hits(3, 2, 1), hits(3, 2), 2)).isFalse();
    assertThat(Ties.mayBeCut(hits(3, 2, 2), hits(3, 2), 2)).isTrue();
  }
}
