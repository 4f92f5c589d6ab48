package dev.vectorstore.qdrant;

import dev.vectorstore.SearchHit;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.qdrant.Queries.Search;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Effect;
import dev.vectorstore.support.Legs;
import dev.vectorstore.support.NearestQuery;
import dev.vectorstore.support.RankedLegs;
import dev.vectorstore.support.RankedQuery;
import dev.vectorstore.support.ScanQuery;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.HasIdCondition;
import io.qdrant.client.grpc.Common.HasVectorCondition;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.BatchResult;
import io.qdrant.client.grpc.Points.QueryBatchPoints;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import io.qdrant.client.grpc.Points.WithVectorsSelector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Searches of one collection, several in one round trip where the server lets us. Hits that are
 * larger than a message may be are asked for again in parts. Safe for threads.
 */
final class SearchReads {
  /** How many points a fetch of large hits asks for at first. */
  private static final int FETCH = 1_000;

  private final Connection connection;
  private final Layout layout;
  private final Queries queries;
  private final PointReads points;
  private final Reads reads;

  SearchReads(Connection connection, Layout layout, Reads reads) {
    this.connection = connection;
    this.layout = layout;
    this.queries = new Queries(layout);
    this.points = new PointReads(connection, layout);
    this.reads = reads;
  }

  List<SearchHit> nearest(NearestQuery<Filter> query, Attempt attempt) {
    return answer(queries.nearest(query), attempt);
  }

  List<List<SearchHit>> nearestBatch(List<NearestQuery<Filter>> wanted, Attempt attempt) {
    return answers(wanted.stream().map(queries::nearest).toList(), attempt);
  }

  List<List<SearchHit>> ranked(List<RankedQuery<Filter>> wanted, Attempt attempt) {
    return answers(wanted.stream().map(queries::ranked).toList(), attempt);
  }

  RankedLegs rankedLegs(
      NearestQuery<Filter> nearest, List<RankedQuery<Filter>> fields, Attempt attempt) {
    List<Search> searches = new ArrayList<>();
    searches.add(queries.nearest(nearest));
    fields.forEach(field -> searches.add(queries.ranked(field)));
    List<List<SearchHit>> answers = answers(searches, attempt);
    return new RankedLegs(answers.get(0), answers.subList(1, answers.size()));
  }

  /** A scan of those of its records that have no vector of a name. */
  static ScanQuery<Filter> lacking(String name, ScanQuery<Filter> query) {
    Condition there =
        Condition.newBuilder()
            .setHasVector(HasVectorCondition.newBuilder().setHasVector(name))
            .build();
    Filter.Builder filter =
        query.filter() == null ? Filter.newBuilder() : query.filter().toBuilder();
    return new ScanQuery<>(
        filter.addMustNot(there).build(), query.cursor(), query.pageSize(), query.projection());
  }

  /** Whether these pages and this scan are within the server's limits, also in one request. */
  boolean canAskTogether(int nearest, int matching, ScanQuery<Filter> lacking) {
    ServerLimits limits = layout.limits();
    return limits.allowTogether(3)
        && limits.page(nearest) == nearest
        && limits.page(matching) == matching
        && limits.page(lacking.pageSize()) == lacking.pageSize()
        && limits.allow(Objects.requireNonNull(lacking.filter()));
  }

  Legs legs(
      NearestQuery<Filter> nearest,
      NearestQuery<Filter> matching,
      ScanQuery<Filter> lacking,
      Attempt attempt) {
    Search all = queries.nearest(nearest);
    Search some = queries.nearest(matching);
    Search others = queries.scan(lacking);
    Optional<List<BatchResult>> answer = batch(List.of(all, some, others), attempt);
    if (answer.isEmpty()) {
      return new Legs(
          answer(all, attempt),
          answer(some, attempt),
          firstById(reads.wholePage(lacking, attempt), lacking.pageSize()));
    }
    List<BatchResult> results = answer.get();
    List<ScoredPoint> without = results.get(2).getResultList();
    return new Legs(
        hits(all, results.get(0).getResultList(), attempt),
        hits(some, results.get(1).getResultList(), attempt),
        without.size() < lacking.pageSize()
            ? firstById(
                without.stream()
                    .filter(point -> PointIds.isReadable(point.getId()))
                    .map(others.decoder()::record)
                    .toList(),
                lacking.pageSize())
            : null);
  }

  /** The server's order isn't that of ids, so that before those of a full page others may be. */
  private static @Nullable List<VectorRecord> firstById(List<VectorRecord> page, int size) {
    return page.size() < size
        ? page.stream().sorted(Comparator.comparing(VectorRecord::id)).toList()
        : null;
  }

  private List<List<SearchHit>> answers(List<Search> searches, Attempt attempt) {
    boolean together =
        searches.size() > 1
            && layout.limits().allowTogether(searches.size())
            && searches.stream().allMatch(search -> search.fits(layout.limits()));
    Optional<List<BatchResult>> answer = together ? batch(searches, attempt) : Optional.empty();
    List<List<SearchHit>> answers = new ArrayList<>(searches.size());
    for (Search search : searches) {
      int at = answers.size();
      answers.add(
          answer
              .map(results -> hits(search, results.get(at).getResultList(), attempt))
              .orElseGet(() -> answer(search, attempt)));
    }
    return answers;
  }

  /** Empty if the answer is too large. */
  private Optional<List<BatchResult>> batch(List<Search> searches, Attempt attempt) {
    QueryBatchPoints.Builder request =
        QueryBatchPoints.newBuilder()
            .setCollectionName(layout.spec().name())
            .setTimeout(layout.limits().seconds(attempt));
    layout.requests().consistency().ifPresent(request::setReadConsistency);
    searches.forEach(search -> request.addQueryPoints(search.request()));
    QueryBatchPoints built = request.build();
    return connection.bounded(true, attempt, stub -> stub.queryBatch(built).getResultList());
  }

  /** Hits of a first answer, unless some of its points can't be read: others take their places. */
  private List<SearchHit> hits(Search search, List<ScoredPoint> points, Attempt attempt) {
    Part first = part(search, points);
    return first.hits().size() == first.points().size() ? first.hits() : answer(search, attempt);
  }

  /**
   * Points of an answer.
   *
   * @param points the ids of all
   * @param hits those that can be read
   */
  private record Part(List<PointId> points, List<SearchHit> hits) {}

  /**
   * One search, in pages as large as the server allows. In place of points that can't be read
   * others are asked for.
   */
  private List<SearchHit> answer(Search search, Attempt attempt) {
    int limit = (int) search.request().getLimit();
    int most = layout.limits().page(limit);
    List<SearchHit> hits = new ArrayList<>(limit);
    List<PointId> seen = new ArrayList<>(limit);
    int page = most;
    while (page > 0) {
      Part part = part(search, behind(search, seen, page), attempt);
      hits.addAll(part.hits());
      seen.addAll(part.points());
      page = part.points().size() < page ? 0 : Math.min(most, limit - hits.size());
    }
    return hits;
  }

  /**
   * The page behind these points. They are excluded one by one, where the server allows it: of
   * equal scores, it may take others each time that it is asked to pass over a number of hits.
   */
  private QueryPoints behind(Search search, List<PointId> seen, int page) {
    if (seen.isEmpty() && page == search.request().getLimit()) {
      return search.request();
    }
    QueryPoints.Builder request = search.request().toBuilder().setLimit(page);
    Filter.Builder others = request.getFilter().toBuilder();
    int most = layout.limits().conditionSize(seen.size());
    for (int from = 0; from < seen.size(); from += most) {
      List<PointId> some = seen.subList(from, Math.min(seen.size(), from + most));
      others.addMustNot(
          Condition.newBuilder().setHasId(HasIdCondition.newBuilder().addAllHasId(some)));
    }
    if (seen.isEmpty()) {
      return request.build();
    }
    Filter without = others.build();
    return layout.limits().allow(without)
        ? request.setFilter(without).build()
        : request.setOffset(seen.size()).build();
  }

  private Part part(Search search, QueryPoints page, Attempt attempt) {
    QueryPoints request = page.toBuilder().setTimeout(layout.limits().seconds(attempt)).build();
    Optional<List<ScoredPoint>> answer =
        connection.bounded(true, attempt, stub -> stub.query(request).getResultList());
    return answer
        .map(scored -> part(search, scored))
        .orElseGet(() -> fetched(request, search.decoder(), attempt));
  }

  private static Part part(Search search, List<ScoredPoint> points) {
    List<PointId> ids = new ArrayList<>(points.size());
    List<SearchHit> hits = new ArrayList<>(points.size());
    for (ScoredPoint point : points) {
      ids.add(point.getId());
      if (PointIds.isReadable(point.getId())) {
        hits.add(search.decoder().hit(point));
      }
    }
    return new Part(ids, hits);
  }

  /** Ids and scores first, then the records in parts that fit. */
  private Part fetched(QueryPoints request, Decoder decoder, Attempt attempt) {
    QueryPoints bare =
        request.toBuilder()
            .setWithPayload(WithPayloadSelector.newBuilder().setEnable(false))
            .setWithVectors(WithVectorsSelector.newBuilder().setEnable(false))
            .build();
    List<ScoredPoint> best =
        connection.points(Effect.READ, attempt, stub -> stub.query(bare)).getResultList();
    Map<PointId, Float> scores = new HashMap<>();
    best.forEach(point -> scores.put(point.getId(), point.getScore()));
    List<PointId> ids = scores.keySet().stream().filter(PointIds::isReadable).toList();
    List<SearchHit> hits = new ArrayList<>(ids.size());
    for (int from = 0; from < ids.size(); from += FETCH) {
      List<PointId> part = ids.subList(from, Math.min(ids.size(), from + FETCH));
      for (RetrievedPoint point : points.get(part, decoder.payload(), decoder.vectors(), attempt)) {
        hits.add(decoder.hit(decoder.record(point), scores.getOrDefault(point.getId(), 0f)));
      }
    }
    return new Part(List.copyOf(scores.keySet()), hits);
  }

  String explain(NearestQuery<Filter> query) {
    return FilterText.query(queries.nearest(query).request());
  }

  String explain(RankedQuery<Filter> query) {
    return FilterText.query(queries.ranked(query).request());
  }
}
