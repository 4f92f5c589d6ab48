package dev.vectorstore.migration;

import dev.vectorstore.Fusion;
import dev.vectorstore.Payload;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import java.util.List;

/**
 * What a hybrid search should answer: the fusion of two rankings, computed here as it is computed
 * for every engine. Immutable.
 */
final class HybridAnswer implements RightAnswer.Substitute {
  /** Sums of the same parts. */
  private static final double SUMS = 1e-12;

  /** That of {@link Fusion#rrf()}. */
  private static final int RANK_CONSTANT = 60;

  private final Fusion fusion;
  private final Leg byVector;
  private final Leg byText;
  private final List<ExactOrder.Scored> best;

  /**
   * How a record stands in the fused ranking.
   *
   * @param group boosting puts what both rankings have before what one has, whatever the scores
   * @param score within the group; higher is better
   */
  private record Standing(int group, double score) {
    static final Standing NONE = new Standing(-1, 0);
  }

  private HybridAnswer(Fusion fusion, Leg byVector, Leg byText, List<SearchHit> fused) {
    this.fusion = fusion;
    this.byVector = byVector;
    this.byText = byText;
    this.best = fused.stream().map(hit -> new ExactOrder.Scored(hit.id(), hit.score())).toList();
  }

  /** The answer where the text's ranking is by nearness, too. */
  static RightAnswer of(Probe probe, TextLeg leg) {
    List<ExactOrder.Scored> nearest = probe.nearest();
    List<ExactOrder.Scored> matches = leg.nearest();
    List<SearchHit> fused = probe.fusion().fuse(hits(nearest), hits(matches), probe.k());
    return answer(
        new HybridAnswer(
            probe.fusion(),
            Leg.byNearness(nearest, probe::nearness),
            Leg.byNearness(matches, row -> leg.matches(row) ? probe.nearness(row) : Double.NaN),
            fused));
  }

  /** The answer where the store ranks texts: of its own ranking, which was looked at. */
  static RightAnswer of(Probe probe, List<SearchHit> ranking) {
    List<ExactOrder.Scored> nearest = probe.nearest();
    List<SearchHit> fused = probe.fusion().fuse(hits(nearest), ranking, probe.k());
    return answer(
        new HybridAnswer(
            probe.fusion(),
            Leg.byNearness(nearest, probe::nearness),
            Leg.asItIs(ranking.stream().map(SearchHit::id).toList()),
            fused));
  }

  private static RightAnswer answer(HybridAnswer answer) {
    return new RightAnswer(answer.best, answer);
  }

  private static List<SearchHit> hits(List<ExactOrder.Scored> ranking) {
    return ranking.stream()
        .map(
            scored ->
                SearchHit.of(
                    VectorRecord.of(scored.id(), Payload.empty()),
                    scored.score(),
                    ScoreKind.METRIC))
        .toList();
  }

  /** Whether ties could have put the record where the last of the right ones is. */
  @Override
  public boolean equallyGood(VectorRecord row) {
    ExactOrder.Scored last = best.get(best.size() - 1);
    Standing wanted = standing(byVector.place(last.id()), byText.place(last.id()));
    Standing standing = standing(byVector.place(row), byText.place(row));
    return standing.group() > wanted.group()
        || (standing.group() == wanted.group()
            && standing.score() >= wanted.score() - resolution(wanted.score()));
  }

  private double resolution(double score) {
    return fusion.needsCosine() ? Parity.resolution(score) : SUMS;
  }

  private Standing standing(Leg.Place inVector, Leg.Place inText) {
    if (!inVector.there() && !inText.there()) {
      return Standing.NONE;
    }
    if (!fusion.needsCosine()) {
      return new Standing(0, reciprocal(inVector) + reciprocal(inText));
    }
    if (!inVector.there()) {
      return new Standing(0, -inText.rank());
    }
    return new Standing(inText.there() ? 2 : 1, inVector.nearness());
  }

  private static double reciprocal(Leg.Place place) {
    return place.there() ? 1.0 / (RANK_CONSTANT + place.rank()) : 0;
  }
}
