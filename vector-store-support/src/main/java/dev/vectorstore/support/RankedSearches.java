package dev.vectorstore.support;

import dev.vectorstore.Filter;
import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.TextTerms;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers searches by relevance: the engine ranks each field, and a record has the score of its
 * best one. The best of each field, as many as are asked for, have the best of all among them.
 * Where a filter isn't native, what comes back is tested.
 */
final class RankedSearches<N> {
  private static final int PAGE = 500;

  private final CollectionEngine<N> engine;

  RankedSearches(CollectionEngine<N> engine) {
    this.engine = engine;
  }

  List<SearchHit> search(Call call, SearchRequest request, int limit) {
    Selection<N> selection = Selection.of(engine, request.filter());
    if (selection.isNone()) {
      return List.of();
    }
    if (!selection.bounds().exact()) {
      return tested(call, request, selection, limit);
    }
    List<RankedQuery<N>> queries = queries(request, selection, limit);
    return best(call.attempt(attempt -> engine.ranked(queries, attempt)), limit);
  }

  /** One query a field. */
  List<RankedQuery<N>> queries(SearchRequest request, Selection<N> selection, int limit) {
    return queries(
        request, selection.bounds().upper(), limit, selection.toRead(request.projection()));
  }

  private List<RankedQuery<N>> queries(
      SearchRequest request, @Nullable N filter, int limit, Projection projection) {
    List<String> terms = TextTerms.of(request.text().orElseThrow()).stream().distinct().toList();
    return RankedFields.of(engine.info().spec()).stream()
        .map(field -> new RankedQuery<>(field, terms, filter, limit, projection))
        .toList();
  }

  /** The best of what was found in each field, each record once. */
  static List<SearchHit> best(List<List<SearchHit>> fields, int limit) {
    Map<RecordId, SearchHit> best = new HashMap<>();
    for (List<SearchHit> hits : fields) {
      hits.forEach(hit -> best.merge(hit.id(), hit, (a, b) -> a.score() >= b.score() ? a : b));
    }
    return best.values().stream().sorted(Searches.ORDER).limit(limit).toList();
  }

  private List<SearchHit> tested(
      Call call, SearchRequest request, Selection<N> selection, int limit) {
    int most = Math.max(2 * limit, Searches.MOST_CANDIDATES);
    for (int candidates = Math.max(2 * limit, 64); ; candidates = Math.min(most, 4 * candidates)) {
      List<RankedQuery<N>> queries = queries(request, selection, candidates);
      List<List<SearchHit>> matching = new ArrayList<>();
      boolean enough = true;
      for (List<SearchHit> hits : call.attempt(attempt -> engine.ranked(queries, attempt))) {
        List<SearchHit> left = hits.stream().filter(hit -> selection.test(hit.record())).toList();
        enough &= left.size() >= limit || hits.size() < candidates;
        matching.add(left.stream().map(hit -> projected(hit, request)).toList());
      }
      if (enough) {
        return best(matching, limit);
      }
      if (candidates == most) {
        return byPages(call, request, selection, limit);
      }
    }
  }

  private static SearchHit projected(SearchHit hit, SearchRequest request) {
    return SearchHit.of(request.projection().apply(hit.record()), hit.score(), hit.scoreKind());
  }

  /** Ranks what the filter selects page by page, in bounded memory. */
  private List<SearchHit> byPages(
      Call call, SearchRequest request, Selection<N> selection, int limit) {
    List<SearchHit> best = List.of();
    String cursor = null;
    do {
      Page page = selection.page(call, cursor, PAGE, Projection.ids());
      if (!page.records().isEmpty()) {
        List<List<SearchHit>> ranked = ranked(call, request, page.records());
        ranked.add(best);
        best = best(ranked, limit);
      }
      cursor = page.next().orElse(null);
    } while (cursor != null);
    return best;
  }

  private List<List<SearchHit>> ranked(
      Call call, SearchRequest request, List<VectorRecord> records) {
    Set<RecordId> ids = new HashSet<>();
    records.forEach(record -> ids.add(record.id()));
    Selection<N> those = Selection.of(engine, Optional.of(Filter.ids(ids)));
    List<RankedQuery<N>> queries =
        queries(request, those.bounds().upper(), ids.size(), request.projection());
    List<List<SearchHit>> ranked = new ArrayList<>();
    for (List<SearchHit> hits : call.attempt(attempt -> engine.ranked(queries, attempt))) {
      ranked.add(hits.stream().filter(hit -> ids.contains(hit.id())).toList());
    }
    return ranked;
  }

  /** The native requests, a line each. */
  List<String> explain(SearchRequest request, int limit) {
    Selection<N> selection = Selection.of(engine, request.filter());
    return queries(request, selection, limit).stream().map(engine::explain).toList();
  }
}
