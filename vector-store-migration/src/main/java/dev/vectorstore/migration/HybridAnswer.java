package dev.vectorstore.migration;

import dev.vectorstore.Fusion;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
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
  private final Set<RecordId> byVector;
  private final double leastNear;
  private final Set<RecordId> byKeyword;
  private final ToDoubleFunction<VectorRecord> score;
  private final List<ExactOrder.Scored> best;

  /**
   * Fuses two rankings.
   *
   * @param nearest the vector ranking
   * @param keywords the keyword ranking
   * @param limit the most records of the answer
   * @param score a row's nearness; minus infinity for one without a vector
   */
  HybridAnswer(
      Fusion fusion,
      List<ExactOrder.Scored> nearest,
      List<RecordId> keywords,
      int limit,
      ToDoubleFunction<VectorRecord> score) {
    this.fusion = fusion;
    this.score = score;
    byVector = nearest.stream().map(ExactOrder.Scored::id).collect(Collectors.toSet());
    byKeyword = Set.copyOf(keywords);
    double last =
        nearest.isEmpty() ? Double.POSITIVE_INFINITY : nearest.get(nearest.size() - 1).score();
    leastNear = last - Parity.resolution(last);
    best = fused(nearest, keywords, limit);
  }

  private List<ExactOrder.Scored> fused(
      List<ExactOrder.Scored> nearest, List<RecordId> keywords, int limit) {
    List<SearchHit> vectorLeg =
        nearest.stream().map(s -> hit(s.id(), s.score(), ScoreKind.METRIC)).toList();
    List<SearchHit> keywordLeg = keywords.stream().map(id -> hit(id, 0, ScoreKind.NONE)).toList();
    return fusion.fuse(vectorLeg, keywordLeg, limit).stream()
        .map(hit -> new ExactOrder.Scored(hit.id(), hit.score()))
        .toList();
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
    int place = place(row.id(), score.applyAsDouble(row) >= leastNear);
    if (place == IN_NEITHER) {
      return false;
    }
    int lastPlace = fusion.needsCosine() ? place(last.id(), false) : place;
    return place < lastPlace || (place == lastPlace && reported >= last.score() - SCORES);
  }

  private int place(RecordId id, boolean near) {
    boolean vector = near || byVector.contains(id);
    if (byKeyword.contains(id)) {
      return vector ? IN_BOTH : BY_KEYWORD;
    }
    return vector ? BY_VECTOR : IN_NEITHER;
  }
}
