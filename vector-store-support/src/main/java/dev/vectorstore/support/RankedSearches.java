package dev.vectorstore.support;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers searches by relevance. The engine ranks each field, and a record has the score of its
 * best one. So each field is asked for as many hits as are wanted: the best of all are among them.
 * Where a filter isn't native, what comes back is tested.
 */
final class RankedSearches<N> {
  private static final int PAGE = 500;

  private final CollectionEngine<N> engine;

  RankedSearches(CollectionEngine<N> engine) {
    this.engine = engine;
  }

  List<SearchHit> search(Call call, SearchRequest request, Selection<N> selection, int limit) {
    if (selection.isNone() || request.terms().isEmpty()) {
      return List.of();
    }
    int asked = asked(limit);
    int candidates = selection.bounds().exact() ? asked : Math.max(2 * asked, 64);
    return search(call, request, selection, limit, candidates);
  }

  /** How many to ask the engine for, so that no tie at the limit is cut unseen. */
  int asked(int limit) {
    return engine.cutsTiesById() ? limit : Ties.asked(limit);
  }

  private boolean mayBeCut(List<SearchHit> answer, List<SearchHit> hits, int limit) {
    return !engine.cutsTiesById() && Ties.mayBeCut(answer, hits, limit);
  }

  /** Completes first answers of the engine where they may cut equal scores. */
  List<SearchHit> completed(
      Call call,
      SearchRequest request,
      Selection<N> selection,
      int limit,
      List<List<SearchHit>> fields) {
    boolean cut =
        fields.stream().anyMatch(hits -> hits.size() > limit && mayBeCut(hits, hits, limit));
    RankedHits<N> test = new RankedHits<>(engine, request, selection);
    List<FieldPath> ranked = RankedFields.of(engine.info().spec());
    List<List<SearchHit>> matching =
        IntStream.range(0, fields.size())
            .mapToObj(i -> test.matching(ranked.get(i), fields.get(i)))
            .toList();
    boolean all =
        IntStream.range(0, fields.size())
            .allMatch(i -> matching.get(i).size() == fields.get(i).size());
    return cut || !all
        ? search(call, request, selection, limit, Math.max(4 * limit, 64))
        : best(matching, limit);
  }

  /** One query a field. */
  List<RankedQuery<N>> queries(SearchRequest request, Selection<N> selection, int limit) {
    return queries(
        request, selection.bounds().upper(), limit, new RankedHits<>(engine, request, selection));
  }

  private List<RankedQuery<N>> queries(
      SearchRequest request, @Nullable N filter, int limit, RankedHits<N> test) {
    List<String> terms = request.terms();
    return RankedFields.of(engine.info().spec()).stream()
        .map(field -> new RankedQuery<>(field, terms, filter, limit, test.toRead(field)))
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

  private List<SearchHit> search(
      Call call, SearchRequest request, Selection<N> selection, int limit, int first) {
    int most = Math.max(2 * limit, Searches.MOST_CANDIDATES);
    int candidates = first;
    Optional<List<SearchHit>> answer = among(candidates, call, request, selection, limit);
    while (answer.isEmpty() && candidates < most) {
      candidates = Math.min(most, 4 * candidates);
      answer = among(candidates, call, request, selection, limit);
    }
    if (answer.isEmpty()) {
      answer = byPages(call, request, selection, limit);
    }
    // Only where the engine can't be asked for the records of a page.
    while (answer.isEmpty()) {
      candidates = (int) Math.min(Integer.MAX_VALUE, 4L * candidates);
      answer = among(candidates, call, request, selection, limit);
    }
    return answer.get();
  }

  /** The best of so many candidates in each field; empty if better ones may be behind them. */
  private Optional<List<SearchHit>> among(
      int candidates, Call call, SearchRequest request, Selection<N> selection, int limit) {
    List<RankedQuery<N>> queries = queries(request, selection, candidates);
    RankedHits<N> test = new RankedHits<>(engine, request, selection);
    List<List<SearchHit>> matching = new ArrayList<>();
    for (List<SearchHit> hits : call.attempt(attempt -> engine.ranked(queries, attempt))) {
      List<SearchHit> left = test.matching(queries.get(matching.size()).field(), hits);
      boolean moreBehind = hits.size() >= candidates;
      if (moreBehind && (left.size() < limit || mayBeCut(hits, left, limit))) {
        return Optional.empty();
      }
      matching.add(left);
    }
    return Optional.of(best(matching, limit));
  }

  /**
   * Ranks what the filter selects page by page, in bounded memory; empty if the engine takes no
   * filter by ids, not even by one.
   */
  private Optional<List<SearchHit>> byPages(
      Call call, SearchRequest request, Selection<N> selection, int limit) {
    List<SearchHit> best = List.of();
    String cursor = null;
    do {
      Page page = selection.page(call, cursor, PAGE, Projection.ids());
      Optional<List<SearchHit>> ranked = ranked(call, request, ids(page.records()));
      if (ranked.isEmpty()) {
        return Optional.empty();
      }
      best = best(List.of(best, ranked.get()), limit);
      cursor = page.next().orElse(null);
    } while (cursor != null);
    return Optional.of(best);
  }

  private static List<RecordId> ids(List<VectorRecord> records) {
    return records.stream().map(VectorRecord::id).distinct().toList();
  }

  /** Those of these records that have a term, in halves where they are too many for one filter. */
  private Optional<List<SearchHit>> ranked(Call call, SearchRequest request, List<RecordId> ids) {
    if (ids.isEmpty()) {
      return Optional.of(List.of());
    }
    Selection<N> selection = Selection.of(engine, Filter.ids(ids));
    N those = selection.bounds().upper();
    if (those != null) {
      RankedHits<N> test = new RankedHits<>(engine, request, selection);
      List<RankedQuery<N>> queries = queries(request, those, ids.size(), test);
      List<List<SearchHit>> fields = call.attempt(attempt -> engine.ranked(queries, attempt));
      return Optional.of(
          IntStream.range(0, fields.size())
              .mapToObj(i -> test.matching(queries.get(i).field(), fields.get(i)))
              .flatMap(List::stream)
              .toList());
    }
    if (ids.size() == 1) {
      return Optional.empty();
    }
    int half = ids.size() / 2;
    Optional<List<SearchHit>> first = ranked(call, request, ids.subList(0, half));
    return first.flatMap(
        hits ->
            ranked(call, request, ids.subList(half, ids.size()))
                .map(more -> Stream.concat(hits.stream(), more.stream()).toList()));
  }

  /** The native requests, a line each. */
  List<String> explain(SearchRequest request, int limit) {
    Selection<N> selection = Selection.of(engine, request.filter());
    return queries(request, selection, limit).stream().map(engine::explain).toList();
  }
}
