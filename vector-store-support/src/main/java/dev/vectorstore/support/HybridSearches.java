package dev.vectorstore.support;

import dev.vectorstore.Capability;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Answers searches by vector and text: fuses two rankings, each of twice the limit. Where text is
 * ranked, the text's ranking is by relevance. Elsewhere it is made of the records with all terms:
 * those with a vector come first, nearest first by the vector that is searched for, then those
 * without one, by id.
 */
final class HybridSearches<N> {
  private static final int PAGE = 1_000;

  private final CollectionEngine<N> engine;
  private final Searches<N> searches;
  private final RankedSearches<N> ranked;

  HybridSearches(CollectionEngine<N> engine, Searches<N> searches, RankedSearches<N> ranked) {
    this.engine = engine;
    this.searches = searches;
    this.ranked = ranked;
  }

  /** The two rankings, best first. */
  private record Rankings(List<SearchHit> byVector, List<SearchHit> byText) {}

  List<SearchHit> search(Call call, SearchRequest request, Fusion fusion) {
    Selection<N> all = Selection.of(engine, request.filter());
    if (all.isNone()) {
      return List.of();
    }
    int size = 2 * request.limit();
    Rankings rankings = rankings(call, request, all, size);
    return fusion.fuse(rankings.byVector(), rankings.byText(), request.limit());
  }

  private Rankings rankings(Call call, SearchRequest request, Selection<N> all, int size) {
    if (request.terms().isEmpty()) {
      return new Rankings(searches.nearest(call, request, all, size), List.of());
    }
    return ranks() ? byRelevance(call, request, all, size) : byNearness(call, request, all, size);
  }

  /** Whether the text's ranking is that of relevance. */
  private boolean ranks() {
    return engine.info().capabilities().contains(Capability.RANKED_TEXT);
  }

  private Rankings byRelevance(Call call, SearchRequest request, Selection<N> all, int size) {
    if (!all.bounds().exact()) {
      return new Rankings(
          searches.nearest(call, request, all, size), ranked.search(call, request, all, size));
    }
    NearestQuery<N> nearest = searches.query(request, all, size);
    List<RankedQuery<N>> fields = ranked.queries(request, all, ranked.asked(size));
    RankedLegs legs = call.attempt(attempt -> engine.rankedLegs(nearest, fields, attempt));
    return new Rankings(
        searches.completed(call, request, all, size, legs.nearest()),
        ranked.completed(call, request, all, size, legs.fields()));
  }

  private Rankings byNearness(Call call, SearchRequest request, Selection<N> all, int size) {
    Selection<N> matches = Selection.of(engine, request.textFilter(engine.info().spec()));
    SearchRequest byText = withoutBound(request);
    Legs legs = together(request, all, byText, matches, size).map(call::attempt).orElse(Legs.NONE);
    List<SearchHit> nearest = searches.completed(call, request, all, size, legs.nearest());
    List<SearchHit> near = searches.completed(call, byText, matches, size, legs.matching());
    int room = matches.isNone() ? 0 : size - near.size();
    if (room <= 0) {
      return new Rankings(nearest, near);
    }
    List<SearchHit> ranking = new ArrayList<>(near);
    ranking.addAll(
        legs.lacking() == null || !matches.isMatchedBy(legs.lacking())
            ? fetched(call, byText, others(call, matches, near, room))
            : legs.lacking().stream()
                .limit(room)
                .map(record -> unscored(request.projection().apply(record)))
                .toList());
    return new Rankings(nearest, ranking);
  }

  /** Its terms bound the text's ranking; a least score is for the vector's alone. */
  private static SearchRequest withoutBound(SearchRequest request) {
    SearchRequest byText =
        SearchRequest.nearest(request.vector().orElseThrow()).projection(request.projection());
    if (request.searchEffort().isPresent()) {
      byText = byText.searchEffort(request.searchEffort().getAsInt());
    }
    if (request.using().isPresent()) {
      byText = byText.using(request.using().get());
    }
    return request.isExact() ? byText.exact() : byText;
  }

  /** All in one round trip, where the engine can and all of it is native. */
  private Optional<Function<Attempt, Legs>> together(
      SearchRequest request,
      Selection<N> all,
      SearchRequest byText,
      Selection<N> matches,
      int size) {
    if (matches.isNone() || !all.bounds().exact() || !matches.bounds().exact()) {
      return Optional.empty();
    }
    return engine.legs(
        searches.query(request, all, size),
        searches.query(byText, matches, size),
        new ScanQuery<>(
            matches.bounds().upper(), null, size, matches.toRead(request.projection())));
  }

  /**
   * Of the matches, the first by id that aren't among the near ones. Where these leave room, they
   * are all that have a vector, so that what else matches has none.
   */
  private List<RecordId> others(Call call, Selection<N> matches, List<SearchHit> near, int room) {
    Set<RecordId> seen = near.stream().map(SearchHit::id).collect(Collectors.toSet());
    PriorityQueue<RecordId> others = new PriorityQueue<>(Comparator.reverseOrder());
    matches.forEach(call, Projection.ids(), PAGE, record -> offer(others, record.id(), seen, room));
    return others.stream().sorted().toList();
  }

  private static void offer(
      PriorityQueue<RecordId> smallest, RecordId id, Set<RecordId> seen, int room) {
    if (!seen.contains(id)) {
      smallest.add(id);
      if (smallest.size() > room) {
        smallest.remove();
      }
    }
  }

  private List<SearchHit> fetched(Call call, SearchRequest request, List<RecordId> ids) {
    Map<RecordId, VectorRecord> found = new HashMap<>();
    for (List<RecordId> chunk : Reads.chunks(ids)) {
      call.attempt(attempt -> engine.fetch(chunk, request.projection(), attempt))
          .forEach(record -> found.put(record.id(), record));
    }
    return ids.stream()
        .map(found::get)
        .filter(Objects::nonNull)
        .map(HybridSearches::unscored)
        .toList();
  }

  private static SearchHit unscored(VectorRecord record) {
    return SearchHit.of(record, 0, ScoreKind.NONE);
  }

  /** Both native requests, and by what the text's ranking is made. */
  List<String> explain(SearchRequest request) {
    int size = 2 * request.limit();
    Selection<N> all = Selection.of(engine, request.filter());
    List<String> parts = new ArrayList<>();
    parts.add("by vector: " + engine.explain(searches.query(request, all, size)));
    if (request.terms().isEmpty()) {
      parts.add("by text: nothing, the question has no term");
    } else if (ranks()) {
      ranked.explain(request, size).forEach(field -> parts.add("by text, ranked: " + field));
    } else {
      Filter text = request.textFilter(engine.info().spec());
      SearchRequest byText = withoutBound(request);
      NearestQuery<N> query = searches.query(byText, Selection.of(engine, text), size);
      parts.add("by text, the nearest with all terms: " + engine.explain(query));
    }
    return parts;
  }
}
