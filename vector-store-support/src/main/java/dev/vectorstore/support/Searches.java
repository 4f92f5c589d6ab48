package dev.vectorstore.support;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Projection;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers searches of one collection: over-fetches where a filter isn't native, asks a short answer
 * of an approximate index again exactly, orders, cuts and fuses.
 */
final class Searches<N> {
  /** Best first, equal scores by id. */
  static final Comparator<SearchHit> ORDER =
      Comparator.comparingDouble(SearchHit::score).reversed().thenComparing(SearchHit::id);

  private static final int PAGE = 500;

  /** Beyond this many candidates, reading the collection in pages needs less memory. */
  static final int MOST_CANDIDATES = 1_000;

  private final CollectionEngine<N> engine;
  private final RankedSearches<N> ranked;
  private final HybridSearches<N> hybrid;

  Searches(CollectionEngine<N> engine) {
    this.engine = engine;
    this.ranked = new RankedSearches<>(engine);
    this.hybrid = new HybridSearches<>(engine, this, ranked);
  }

  /**
   * Refuses what doesn't fit the collection, before any I/O; returns the request by the
   * collection's names of vectors.
   */
  SearchRequest checked(SearchRequest request) {
    Set<Capability> needs = EnumSet.noneOf(Capability.class);
    request.vector().ifPresent(vector -> needs.add(Capability.VECTOR_SEARCH));
    request
        .text()
        .ifPresent(
            text ->
                needs.add(
                    request.vector().isPresent() ? Capability.TERMS : Capability.RANKED_TEXT));
    if (request.isExact()) {
      needs.add(Capability.EXACT);
    }
    Selection.require(engine, needs);
    CollectionSpec spec = engine.info().spec();
    spec.check(request);
    Projection named = spec.named(request.projection());
    return named.equals(request.projection()) ? request : request.projection(named);
  }

  List<SearchHit> search(Call call, SearchRequest request) {
    if (request.fusion().isPresent()) {
      return hybrid.search(call, request, request.fusion().get());
    }
    return request.vector().isPresent()
        ? nearest(call, request, Selection.of(engine, request.filter()), request.limit())
        : ranked.search(call, request, Selection.of(engine, request.filter()), request.limit());
  }

  /** Plain searches with native filters go in one request; the rest one by one. */
  List<List<SearchHit>> searchBatch(Call call, List<SearchRequest> requests) {
    List<Selection<N>> selections = new ArrayList<>();
    Map<Integer, Integer> together = new HashMap<>();
    List<NearestQuery<N>> queries = new ArrayList<>();
    for (SearchRequest request : requests) {
      Selection<N> selection = Selection.of(engine, request.filter());
      if (request.text().isEmpty() && selection.bounds().exact() && !selection.isNone()) {
        together.put(selections.size(), queries.size());
        queries.add(query(request, selection, request.limit()));
      }
      selections.add(selection);
    }
    List<List<SearchHit>> first =
        queries.isEmpty()
            ? List.of()
            : call.attempt(attempt -> engine.nearestBatch(queries, attempt));
    List<List<SearchHit>> answers = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      SearchRequest request = requests.get(i);
      Integer at = together.get(i);
      answers.add(
          at == null
              ? search(call, request)
              : completed(call, request, selections.get(i), request.limit(), first.get(at)));
    }
    return answers;
  }

  private boolean isFull(List<SearchHit> hits, SearchRequest request, int limit) {
    return hits.size() < asked(request, limit)
        ? isFinal(request.isExact())
        : !mayCutTies(request) || !Ties.mayBeCut(hits, hits, limit);
  }

  private int asked(SearchRequest request, int limit) {
    return mayCutTies(request) ? Ties.asked(limit) : limit;
  }

  /** An exact answer is cut by score and id, an approximate one as it comes. */
  private boolean mayCutTies(SearchRequest request) {
    return request.isExact() && !engine.cutsTiesById();
  }

  /** Whether a short answer means that no more records match, or is the best there is. */
  private boolean isFinal(boolean exact) {
    return exact || engine.fillsLimit() || !engine.info().capabilities().contains(Capability.EXACT);
  }

  /** Completes a first answer of the engine, if there is one, where it is short. */
  List<SearchHit> completed(
      Call call,
      SearchRequest request,
      Selection<N> selection,
      int limit,
      @Nullable List<SearchHit> first) {
    if (first != null) {
      List<SearchHit> hits = selection.matching(first, request.projection());
      if (hits.size() == first.size() && isFull(first, request, limit)) {
        return finish(hits, request, limit);
      }
    }
    return nearest(call, request, selection, limit);
  }

  List<SearchHit> nearest(Call call, SearchRequest request, Selection<N> selection, int limit) {
    if (selection.isNone()) {
      return List.of();
    }
    boolean exact = request.isExact();
    int asked = asked(request, limit);
    int candidates = selection.bounds().exact() ? asked : Math.max(2 * asked, 64);
    while (true) {
      NearestQuery<N> query = query(request, selection, candidates, exact);
      List<SearchHit> answer = call.attempt(attempt -> engine.nearest(query, attempt));
      List<SearchHit> hits = selection.matching(answer, request.projection());
      boolean full = hits.size() >= limit;
      if (full && !(mayCutTies(request) && Ties.mayBeCut(answer, hits, limit))) {
        return finish(hits, request, limit);
      }
      if (answer.size() < candidates) {
        if (full || isFinal(exact)) {
          return finish(hits, request, limit);
        }
        exact = true;
      } else if (fallsBelow(answer, request)) {
        return finish(hits, request, limit);
      } else if (candidates >= Math.max(2 * limit, MOST_CANDIDATES)) {
        return finish(readAll(call, request, selection, limit), request, limit);
      } else {
        candidates = Math.min(4 * candidates, Math.max(2 * limit, MOST_CANDIDATES));
      }
    }
  }

  /** Candidates come best first: behind one that is too low, none is high enough. */
  private static boolean fallsBelow(List<SearchHit> answer, SearchRequest request) {
    return answer.stream().anyMatch(hit -> !reaches(request, hit.score()));
  }

  /** The exact answer by reading every record of the upper bound, in bounded memory. */
  private List<SearchHit> readAll(
      Call call, SearchRequest request, Selection<N> selection, int limit) {
    String using = using(request);
    Metric metric = engine.info().spec().vector(using).metric();
    Embedding wanted = request.vector().orElseThrow();
    PriorityQueue<SearchHit> best = new PriorityQueue<>(ORDER.reversed());
    selection.forEach(
        call,
        Projection.all(),
        PAGE,
        record -> {
          Optional<Embedding> vector = record.vector(using);
          if (vector.isPresent()) {
            VectorRecord part = request.projection().apply(record);
            best.add(SearchHit.of(part, metric.score(wanted, vector.get()), ScoreKind.METRIC));
            if (best.size() > limit) {
              best.poll();
            }
          }
        });
    return new ArrayList<>(best);
  }

  private List<SearchHit> finish(List<SearchHit> hits, SearchRequest request, int limit) {
    List<SearchHit> best = new ArrayList<>(hits);
    if (request.minScore().isPresent()) {
      best.removeIf(hit -> !reaches(request, hit.score()));
    }
    best.sort(ORDER);
    return List.copyOf(best.size() > limit ? best.subList(0, limit) : best);
  }

  /** Inclusive, to the resolution of an engine's float32 scores. */
  private static boolean reaches(SearchRequest request, double score) {
    if (request.minScore().isEmpty()) {
      return true;
    }
    double bound = request.minScore().getAsDouble();
    return score >= bound - 1e-6 * Math.max(1, Math.abs(bound));
  }

  /** The engine's first search for so many hits, where it is asked as one of several. */
  NearestQuery<N> query(SearchRequest request, Selection<N> selection, int limit) {
    return query(request, selection, asked(request, limit), request.isExact());
  }

  /** The name of the searched vectors in the collection. */
  private String using(SearchRequest request) {
    String name = request.using().orElse(VectorSpec.PLAIN);
    CollectionSpec spec = engine.info().spec();
    return spec.vectors().containsKey(name) ? name : spec.defaultVector().orElseThrow();
  }

  private NearestQuery<N> query(
      SearchRequest request, Selection<N> selection, int limit, boolean exact) {
    return new NearestQuery<>(
        using(request),
        request.vector().orElseThrow(),
        selection.bounds().upper(),
        limit,
        exact,
        request.searchEffort(),
        selection.toRead(request.projection()));
  }

  String explain(SearchRequest request) {
    if (request.fusion().isPresent()) {
      return String.join("\n", hybrid.explain(request));
    }
    if (request.vector().isPresent()) {
      Selection<N> selection = Selection.of(engine, request.filter());
      return engine.explain(query(request, selection, request.limit()));
    }
    return String.join("\n", ranked.explain(request, request.limit()));
  }
}
