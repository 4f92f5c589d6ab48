package dev.vectorstore.supabase.tables;

import dev.vectorstore.SearchHit;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What a search of rows that others wrote answers. Rows that can't be records are left out, and
 * more is asked for in their place.
 *
 * @param hits those of its rows that are records, and have a score
 * @param rows how many there are
 * @param leftOut how many can't be records
 */
public record Found(List<SearchHit> hits, int rows, int leftOut) {
  /**
   * Whether there may be more hits than these, behind the rows that were left out.
   *
   * @param wanted how many hits are wanted
   * @param asked how many rows were asked for
   */
  public boolean lacks(int wanted, int asked) {
    return hits.size() < wanted && rows >= asked && leftOut > 0;
  }

  /**
   * As many hits as are wanted, or all that there are.
   *
   * @param wanted how many hits are wanted
   * @param search asks for a number of rows
   * @return the hits of the last answer, which can be more than are wanted
   */
  public static List<SearchHit> enough(int wanted, IntFunction<Found> search) {
    int asked = wanted;
    Found found = search.apply(asked);
    while (found.lacks(wanted, asked)) {
      asked += 2 * found.leftOut;
      found = search.apply(asked);
    }
    return found.hits;
  }
}
