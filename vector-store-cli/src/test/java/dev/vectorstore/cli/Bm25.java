package dev.vectorstore.cli;

import dev.vectorstore.RecordId;
import dev.vectorstore.TextTerms;
import dev.vectorstore.VectorRecord;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * BM25 by its formula, over the contents of all pages: what each engine should answer, given how it
 * measures lengths. Immutable.
 */
final class Bm25 {
  private static final double K1 = 1.2;
  private static final double B = 0.75;

  private final Map<Long, Map<String, Integer>> pages = new HashMap<>();
  private final Map<Long, Integer> lengths = new HashMap<>();
  private final Map<String, Integer> having = new HashMap<>();
  private final IntUnaryOperator rounding;
  private final double average;

  private Bm25(List<VectorRecord> records, IntUnaryOperator rounding, double usual) {
    this.rounding = rounding;
    for (VectorRecord record : records) {
      Map<String, Integer> counts = new HashMap<>();
      List<String> terms = TextTerms.of(record.payload().text("content").orElse(""));
      terms.forEach(term -> counts.merge(term, 1, Integer::sum));
      counts.keySet().forEach(term -> having.merge(term, 1, Integer::sum));
      long id = ((RecordId.NumberId) record.id()).value();
      pages.put(id, counts);
      lengths.put(id, terms.size());
    }
    average =
        usual > 0
            ? usual
            : lengths.values().stream().mapToInt(Integer::intValue).average().orElse(1);
  }

  /** Lengths as they are, beside their average. */
  static Bm25 of(List<VectorRecord> records) {
    return new Bm25(records, length -> length, 0);
  }

  /** Lengths as an engine rounds them, beside their average. */
  static Bm25 rounded(List<VectorRecord> records, IntUnaryOperator rounding) {
    return new Bm25(records, rounding, 0);
  }

  /** Lengths as they are, beside one that is called usual. */
  static Bm25 beside(List<VectorRecord> records, double usual) {
    return new Bm25(records, length -> length, usual);
  }

  /** The mean number of terms of a page, or the usual one. */
  double average() {
    return average;
  }

  double score(long page, List<String> query) {
    Map<String, Integer> counts = pages.getOrDefault(page, Map.of());
    double length = rounding.applyAsInt(lengths.getOrDefault(page, 0));
    double score = 0;
    for (String term : query) {
      double count = counts.getOrDefault(term, 0);
      double others = having.getOrDefault(term, 0);
      double rarity = Math.log(1 + (pages.size() - others + 0.5) / (others + 0.5));
      score += rarity * count / (count + K1 * (1 - B + B * length / average));
    }
    return score;
  }

  /** The scores of the best pages, best first. */
  List<Double> best(List<String> query, int limit) {
    return pages.keySet().stream()
        .map(page -> score(page, query))
        .filter(score -> score > 0)
        .sorted(Comparator.reverseOrder())
        .limit(limit)
        .toList();
  }
}
