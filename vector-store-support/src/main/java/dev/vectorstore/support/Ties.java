package dev.vectorstore.support;

import dev.vectorstore.SearchHit;
import java.util.List;

/**
 * Finds out whether the limit of an answer cuts between equal scores. A server cuts them as they
 * come, but an exact answer has the first of them by id. So one more hit is asked for, and more
 * while the last one's score is still that of the limit. Scores are compared as the engine gives
 * them: equal vectors and texts have equal ones.
 */
final class Ties {
  private Ties() {}

  /** How many to ask for, so that it can be seen whether the limit cuts a tie. */
  static int asked(int limit) {
    return limit + 1;
  }

  /**
   * Whether more of equal score may be behind an answer.
   *
   * @param answer all that was asked for came, in any order
   * @param hits those of them that count, at least as many as the limit, in any order
   * @param limit the most hits of the final answer
   */
  static boolean mayBeCut(List<SearchHit> answer, List<SearchHit> hits, int limit) {
    double last =
        answer.stream().mapToDouble(SearchHit::score).min().orElse(Double.NEGATIVE_INFINITY);
    long above = hits.stream().filter(hit -> hit.score() > last).count();
    return above < limit;
  }
}
