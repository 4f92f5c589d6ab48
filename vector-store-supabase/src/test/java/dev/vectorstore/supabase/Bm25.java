package dev.vectorstore.supabase;

import dev.vectorstore.RecordId;
import dev.vectorstore.TextTerms;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** BM25 by its formula, over every text of a map. Not safe for threads. */
final class Bm25 {
  private static final double K1 = 1.2;
  private static final double B = 0.75;

  private final Map<RecordId, Text> texts = new TreeMap<>();

  /** How often each term is in a text, and how many terms it has. */
  private record Text(Map<String, Integer> terms, int length) {}

  /** A record and its score. */
  record Scored(RecordId id, double score) {}

  /** What a ranking knows of all texts together. */
  record Statistics(double texts, double length, Map<String, Double> having) {}

  void put(RecordId id, String text) {
    List<String> terms = TextTerms.of(text);
    if (terms.isEmpty()) {
      texts.remove(id);
    } else {
      Map<String, Integer> counts = new HashMap<>();
      terms.forEach(term -> counts.merge(term, 1, Integer::sum));
      texts.put(id, new Text(counts, terms.size()));
    }
  }

  void remove(RecordId id) {
    texts.remove(id);
  }

  void clear() {
    texts.clear();
  }

  /** The true ones. */
  Statistics statistics(Collection<String> terms) {
    Map<String, Double> having = new HashMap<>();
    for (String term : terms) {
      double count = texts.values().stream().filter(text -> text.terms().containsKey(term)).count();
      having.put(term, count);
    }
    double length = texts.values().stream().mapToInt(Text::length).average().orElse(1);
    return new Statistics(texts.size(), length, having);
  }

  /** The best by the true statistics, equal ones by id. */
  List<Scored> best(String query, int limit, Predicate<? super RecordId> filter) {
    return best(query, limit, filter, statistics(TextTerms.of(query)));
  }

  List<Scored> best(
      String query, int limit, Predicate<? super RecordId> filter, Statistics statistics) {
    List<String> terms = TextTerms.of(query).stream().distinct().toList();
    List<Scored> scored = new ArrayList<>();
    texts.forEach(
        (id, text) -> {
          double score = filter.test(id) ? score(text, terms, statistics) : 0;
          if (score > 0) {
            scored.add(new Scored(id, score));
          }
        });
    scored.sort(Comparator.comparingDouble(Scored::score).reversed().thenComparing(Scored::id));
    return scored.subList(0, Math.min(limit, scored.size()));
  }

  private static double score(Text text, List<String> terms, Statistics statistics) {
    double score = 0;
    for (String term : terms) {
      double here = text.terms().getOrDefault(term, 0);
      double having = statistics.having().getOrDefault(term, 0.0);
      double rarity = Math.log(1 + (statistics.texts() - having + 0.5) / (having + 0.5));
      score += rarity * here / (here + K1 * (1 - B + B * text.length() / statistics.length()));
    }
    return score;
  }
}
