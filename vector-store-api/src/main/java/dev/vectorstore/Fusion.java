package dev.vectorstore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How a vector ranking and a keyword ranking become one. Computed here, so equal on every engine
 * given equal rankings. Immutable.
 */
public final class Fusion {
  private static final double BOOST = 1.2;
  private static final double KEYWORD_ONLY = 0.5;
  private static final Fusion BOOSTED = new Fusion(0);

  /** The constant of reciprocal rank fusion; 0 stands for the boosted fusion. */
  private final int k;

  private Fusion(int k) {
    this.k = k;
  }

  /**
   * The practice of RAG stores on Supabase: first the records found by both, in the vector
   * ranking's order, their similarity multiplied by 1.2 and capped at 1; then those found by vector
   * only; then those found by keyword only, at 0.5. For {@link Metric#COSINE} only.
   *
   * @return the fusion
   */
  public static Fusion boosted() {
    return BOOSTED;
  }

  /**
   * Reciprocal rank fusion with k = 60.
   *
   * @return the fusion
   */
  public static Fusion rrf() {
    return rrf(60);
  }

  /**
   * Reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009): the score of a record is
   * the sum of 1 / (k + rank) over the rankings that have it, ranks from 1. Equal scores are
   * ordered by id.
   *
   * @param k 1 or more; 60 in the paper
   * @return the fusion
   * @throws VectorStoreException.InvalidRequest if k is less than 1
   */
  public static Fusion rrf(int k) {
    if (k < 1) {
      throw new VectorStoreException.InvalidRequest("reciprocal rank fusion needs k >= 1");
    }
    return new Fusion(k);
  }

  /**
   * Whether the vector ranking must have cosine scores.
   *
   * @return true for {@link #boosted()}
   */
  public boolean needsCosine() {
    return k == 0;
  }

  /**
   * Fuses two rankings.
   *
   * @param vectorHits the vector ranking, best first, without repeats
   * @param keywordHits the keyword ranking, best first, without repeats
   * @param limit the most hits to return
   * @return the fused ranking, each record once, with {@link ScoreKind#FUSED}
   */
  public List<SearchHit> fuse(List<SearchHit> vectorHits, List<SearchHit> keywordHits, int limit) {
    Objects.requireNonNull(vectorHits, "vectorHits");
    Objects.requireNonNull(keywordHits, "keywordHits");
    List<SearchHit> fused =
        k == 0 ? boost(vectorHits, keywordHits) : reciprocal(vectorHits, keywordHits);
    return List.copyOf(fused.subList(0, Math.min(limit, fused.size())));
  }

  private static List<SearchHit> boost(List<SearchHit> vectorHits, List<SearchHit> keywordHits) {
    Map<RecordId, SearchHit> byKeyword = byId(keywordHits);
    List<SearchHit> both = new ArrayList<>();
    List<SearchHit> vectorOnly = new ArrayList<>();
    for (SearchHit hit : vectorHits) {
      if (byKeyword.remove(hit.id()) != null) {
        both.add(fused(hit, Math.min(1, hit.score() * BOOST)));
      } else {
        vectorOnly.add(fused(hit, hit.score()));
      }
    }
    both.addAll(vectorOnly);
    byKeyword.values().forEach(hit -> both.add(fused(hit, KEYWORD_ONLY)));
    return both;
  }

  private List<SearchHit> reciprocal(List<SearchHit> vectorHits, List<SearchHit> keywordHits) {
    Map<RecordId, SearchHit> fused = new LinkedHashMap<>();
    for (List<SearchHit> ranking : List.of(vectorHits, keywordHits)) {
      for (int i = 0; i < ranking.size(); i++) {
        SearchHit hit = fused(ranking.get(i), 1.0 / (k + i + 1));
        fused.merge(hit.id(), hit, (a, b) -> fused(a, a.score() + b.score()));
      }
    }
    return fused.values().stream()
        .sorted(
            Comparator.comparingDouble(SearchHit::score).reversed().thenComparing(SearchHit::id))
        .collect(Collectors.toList());
  }

  private static Map<RecordId, SearchHit> byId(List<SearchHit> hits) {
    return hits.stream()
        .collect(
            Collectors.toMap(SearchHit::id, Function.identity(), (a, b) -> a, LinkedHashMap::new));
  }

  private static SearchHit fused(SearchHit hit, double score) {
    return SearchHit.of(hit.record(), score, ScoreKind.FUSED);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Fusion fusion && k == fusion.k;
  }

  @Override
  public int hashCode() {
    return Integer.hashCode(k);
  }

  @Override
  public String toString() {
    return k == 0 ? "boosted" : "rrf(" + k + ")";
  }
}
