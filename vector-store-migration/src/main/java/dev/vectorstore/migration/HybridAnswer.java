package dev.vectorstore.migration;

import dev.vectorstore.Fusion;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a hybrid search should answer, from the two rankings that it fuses. Immutable. */
final class HybridAnswer implements RightAnswer.Substitute {
  /** Engines give scores to this. */
  private static final double SCORES = 1e-5;

  private static final int IN_BOTH = 0;
  private static final int BY_VECTOR = 1;
  private static final int BY_KEYWORD = 2;
  private static final int IN_NEITHER = 3;

  private final Fusion fusion;
  private final Probe probe;
  private final Leg byVector;
  private final Leg byKeyword;
  private final List<ExactOrder.Scored> best;

  /**
   * One of the rankings.
   *
   * @param ids what is in it
   * @param least the nearness of its last record, or as good as that
   */
  private record Leg(Set<RecordId> ids, double least) {
    static Leg of(List<ExactOrder.Scored> ranking) {
      double last =
          ranking.isEmpty() ? Double.POSITIVE_INFINITY : ranking.get(ranking.size() - 1).score();
      return new Leg(
          ranking.stream().map(ExactOrder.Scored::id).collect(Collectors.toSet()),
          last - Parity.resolution(last));
    }
  }

  /**
   * Fuses two rankings.
   *
   * @param nearest the vector ranking
   * @param keywords the ranking of what matches the text, nearest first too
   * @param limit the most records of the answer
   * @param probe knows a row's nearness and whether it matches
   */
  HybridAnswer(
      Fusion fusion,
      List<ExactOrder.Scored> nearest,
      List<ExactOrder.Scored> keywords,
      int limit,
      Probe probe) {
    this.fusion = fusion;
    this.probe = probe;
    byVector = Leg.of(nearest);
    byKeyword = Leg.of(keywords);
    best = fused(nearest, keywords, limit);
  }

  private List<ExactOrder.Scored> fused(
      List<ExactOrder.Scored> nearest, List<ExactOrder.Scored> keywords, int limit) {
    return fusion.fuse(hits(nearest), hits(keywords), limit).stream()
        .map(hit -> new ExactOrder.Scored(hit.id(), hit.score()))
        .toList();
  }

  private static List<SearchHit> hits(List<ExactOrder.Scored> ranking) {
    return ranking.stream().map(s -> hit(s.id(), s.score(), ScoreKind.METRIC)).toList();
  }

  private static SearchHit hit(RecordId id, double score, ScoreKind kind) {
    return SearchHit.of(VectorRecord.of(id, Payload.empty()), score, kind);
  }

  RightAnswer answer() {
    return new RightAnswer(best, this);
  }

  /**
   * The fused score says where a record stood, among those of its place: boosting puts what both
   * rankings have before what one has, whatever the scores.
   */
  @Override
  public boolean equallyGood(VectorRecord row, double reported) {
    ExactOrder.Scored last = best.get(best.size() - 1);
    double nearness = probe.nearness(row);
    int place =
        place(
            byVector.ids().contains(row.id()) || nearness >= byVector.least(),
            byKeyword.ids().contains(row.id())
                || (probe.isKeywordMatch(row) && nearness >= byKeyword.least()));
    if (place == IN_NEITHER) {
      return false;
    }
    int lastPlace =
        fusion.needsCosine()
            ? place(byVector.ids().contains(last.id()), byKeyword.ids().contains(last.id()))
            : place;
    return place < lastPlace || (place == lastPlace && reported >= last.score() - SCORES);
  }

  private static int place(boolean byVector, boolean byKeyword) {
    if (byKeyword) {
      return byVector ? IN_BOTH : BY_KEYWORD;
    }
    return byVector ? BY_VECTOR : IN_NEITHER;
  }
}
