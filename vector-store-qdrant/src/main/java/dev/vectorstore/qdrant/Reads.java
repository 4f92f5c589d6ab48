package dev.vectorstore.qdrant;

import dev.vectorstore.Metric;
import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.Vector;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Legs;
import dev.vectorstore.support.NearestQuery;
import dev.vectorstore.support.ScanQuery;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.BatchResult;
import io.qdrant.client.grpc.Points.CountPoints;
import io.qdrant.client.grpc.Points.Query;
import io.qdrant.client.grpc.Points.QueryBatchPoints;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.qdrant.client.grpc.Points.SearchParams;
import io.qdrant.client.grpc.Points.VectorInput;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import io.qdrant.client.grpc.Points.WithVectorsSelector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fetches, searches, scans and counts of one collection. An answer that is larger than a message
 * may be is asked for again in halves. Safe for threads.
 */
final class Reads {
  /** How many points a fetch of large hits asks for at first. */
  private static final int FETCH = 1_000;

  private final Connection connection;
  private final Layout layout;
  private final PointReads points;
  private final boolean normalises;

  Reads(Connection connection, Layout layout) {
    this.connection = connection;
    this.layout = layout;
    this.points = new PointReads(connection, layout);
    this.normalises = layout.spec().metric().filter(Metric.COSINE::equals).isPresent();
  }

  List<VectorRecord> fetch(List<RecordId> ids, Projection projection, Attempt attempt) {
    Set<RecordId> wanted = new HashSet<>(ids);
    List<VectorRecord> records = new ArrayList<>();
    Decoder decoder = new Decoder(layout, projection);
    for (RetrievedPoint point : points(PointIds.of(ids), decoder, attempt)) {
      VectorRecord record = decoder.record(point);
      // A UUID that is the point of a text id isn't that record's identity.
      if (wanted.contains(record.id())) {
        records.add(record);
      }
    }
    return records;
  }

  private List<RetrievedPoint> points(List<PointId> ids, Decoder decoder, Attempt attempt) {
    return points.get(ids, decoder.payload(), decoder.vectors(), attempt);
  }

  List<SearchHit> nearest(NearestQuery<Filter> query, Attempt attempt) {
    int most = layout.limits().page(query.limit());
    List<SearchHit> hits = new ArrayList<>(part(query, 0, most, attempt));
    int asked = most;
    while (asked < query.limit() && hits.size() == asked) {
      int next = Math.min(most, query.limit() - asked);
      hits.addAll(part(query, asked, next, attempt));
      asked += next;
    }
    return hits;
  }

  private List<SearchHit> part(NearestQuery<Filter> query, int offset, int limit, Attempt attempt) {
    Decoder decoder = new Decoder(layout, query.projection());
    QueryPoints request = cut(request(query, decoder, attempt), offset, limit);
    Optional<List<ScoredPoint>> answer =
        connection.bounded(true, attempt, stub -> stub.query(request).getResultList());
    if (answer.isEmpty()) {
      return fetched(request, decoder, attempt);
    }
    List<SearchHit> hits = new ArrayList<>(answer.get().size());
    answer.get().forEach(point -> hits.add(decoder.hit(point)));
    return hits;
  }

  private static QueryPoints cut(QueryPoints request, int offset, int limit) {
    return offset == 0 && limit == request.getLimit()
        ? request
        : request.toBuilder().setOffset(offset).setLimit(limit).build();
  }

  /** Ids and scores first, then the records in parts that fit. */
  private List<SearchHit> fetched(QueryPoints request, Decoder decoder, Attempt attempt) {
    QueryPoints bare =
        request.toBuilder()
            .setWithPayload(WithPayloadSelector.newBuilder().setEnable(false))
            .setWithVectors(WithVectorsSelector.newBuilder().setEnable(false))
            .build();
    List<ScoredPoint> best =
        connection.points(GrpcErrors.Kind.READ, attempt, stub -> stub.query(bare)).getResultList();
    Map<PointId, Float> scores = new HashMap<>();
    best.forEach(point -> scores.put(point.getId(), point.getScore()));
    List<PointId> ids = List.copyOf(scores.keySet());
    List<SearchHit> hits = new ArrayList<>(ids.size());
    for (int from = 0; from < ids.size(); from += FETCH) {
      List<PointId> part = ids.subList(from, Math.min(ids.size(), from + FETCH));
      for (RetrievedPoint point : points(part, decoder, attempt)) {
        hits.add(decoder.hit(decoder.record(point), scores.getOrDefault(point.getId(), 0f)));
      }
    }
    return hits;
  }

  List<List<SearchHit>> nearestBatch(List<NearestQuery<Filter>> queries, Attempt attempt) {
    if (queries.stream().anyMatch(query -> layout.limits().page(query.limit()) < query.limit())
        || !layout.limits().allowTogether(queries.size())) {
      return queries.stream().map(query -> nearest(query, attempt)).toList();
    }
    QueryBatchPoints.Builder request =
        QueryBatchPoints.newBuilder()
            .setCollectionName(name())
            .setTimeout(layout.limits().seconds(attempt));
    layout.requests().consistency().ifPresent(request::setReadConsistency);
    List<Decoder> decoders = new ArrayList<>();
    for (NearestQuery<Filter> query : queries) {
      Decoder decoder = new Decoder(layout, query.projection());
      decoders.add(decoder);
      request.addQueryPoints(request(query, decoder, attempt));
    }
    Optional<List<BatchResult>> answer =
        connection.bounded(true, attempt, stub -> stub.queryBatch(request.build()).getResultList());
    List<List<SearchHit>> answers = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      if (answer.isEmpty()) {
        answers.add(nearest(queries.get(i), attempt));
      } else {
        Decoder decoder = decoders.get(i);
        List<SearchHit> hits = new ArrayList<>();
        answer.get().get(i).getResultList().forEach(point -> hits.add(decoder.hit(point)));
        answers.add(hits);
      }
    }
    return answers;
  }

  /** Whether these pages are within the server's limits, and two of them in one request too. */
  boolean canAskTogether(int... pages) {
    return layout.limits().allowTogether(pages.length)
        && Arrays.stream(pages).allMatch(page -> layout.limits().page(page) == page);
  }

  /** A query without a vector is a scan from the start, on several shards too. */
  Legs legs(NearestQuery<Filter> nearest, ScanQuery<Filter> text, Attempt attempt) {
    Decoder byVector = new Decoder(layout, nearest.projection());
    Decoder byText = new Decoder(layout, text.projection());
    QueryPoints.Builder scan =
        QueryPoints.newBuilder()
            .setCollectionName(name())
            .setLimit(text.pageSize())
            .setWithPayload(byText.payload())
            .setWithVectors(byText.vectors());
    if (text.filter() != null) {
      scan.setFilter(text.filter());
    }
    QueryBatchPoints.Builder request =
        QueryBatchPoints.newBuilder()
            .setCollectionName(name())
            .setTimeout(layout.limits().seconds(attempt))
            .addQueryPoints(request(nearest, byVector, attempt))
            .addQueryPoints(scan);
    layout.requests().consistency().ifPresent(request::setReadConsistency);
    Optional<List<BatchResult>> answer =
        connection.bounded(true, attempt, stub -> stub.queryBatch(request.build()).getResultList());
    if (answer.isEmpty()) {
      return new Legs(nearest(nearest, attempt), wholePage(text, attempt));
    }
    return new Legs(
        answer.get().get(0).getResultList().stream().map(byVector::hit).toList(),
        answer.get().get(1).getResultList().stream().map(byText::record).toList());
  }

  /** A page that is too large for one answer comes in parts. */
  private List<VectorRecord> wholePage(ScanQuery<Filter> query, Attempt attempt) {
    List<VectorRecord> records = new ArrayList<>();
    String cursor = query.cursor();
    do {
      int left = query.pageSize() - records.size();
      Page page = scan(new ScanQuery<>(query.filter(), cursor, left, query.projection()), attempt);
      records.addAll(page.records());
      cursor = page.next().orElse(null);
    } while (cursor != null && records.size() < query.pageSize());
    return records;
  }

  QueryPoints request(NearestQuery<Filter> query, Decoder decoder, @Nullable Attempt attempt) {
    Vector vector = normalises ? query.vector().normalized() : query.vector();
    QueryPoints.Builder request =
        QueryPoints.newBuilder()
            .setCollectionName(name())
            .setQuery(
                Query.newBuilder()
                    .setNearest(VectorInput.newBuilder().setDense(DenseVectors.of(vector))))
            .setLimit(query.limit())
            .setWithPayload(decoder.payload())
            .setWithVectors(decoder.vectors());
    if (!layout.vectorName().isEmpty()) {
      request.setUsing(layout.vectorName());
    }
    if (query.filter() != null) {
      request.setFilter(query.filter());
    }
    layout.requests().consistency().ifPresent(request::setReadConsistency);
    SearchParams.Builder params = SearchParams.newBuilder();
    layout.requests().quantization().ifPresent(params::setQuantization);
    query.effort().ifPresent(effort -> params.setHnswEf(layout.limits().effort(effort)));
    if (query.exact()) {
      params.setExact(true);
    }
    if (attempt != null) {
      request.setTimeout(layout.limits().seconds(attempt));
    }
    return request.setParams(params).build();
  }

  Page scan(ScanQuery<Filter> query, Attempt attempt) {
    Decoder decoder = new Decoder(layout, query.projection());
    int limit = layout.limits().page(query.pageSize());
    while (true) {
      ScrollPoints request = request(query, decoder, limit, attempt);
      Optional<ScrollResponse> answer =
          connection.bounded(limit > 1, attempt, stub -> stub.scroll(request));
      if (answer.isPresent()) {
        return page(answer.get(), decoder);
      }
      limit = Math.max(1, limit / 2);
    }
  }

  ScrollPoints request(
      ScanQuery<Filter> query, Decoder decoder, int limit, @Nullable Attempt attempt) {
    ScrollPoints.Builder request =
        ScrollPoints.newBuilder()
            .setCollectionName(name())
            .setLimit(limit)
            .setWithPayload(decoder.payload())
            .setWithVectors(decoder.vectors());
    if (query.filter() != null) {
      request.setFilter(query.filter());
    }
    layout.requests().consistency().ifPresent(request::setReadConsistency);
    if (query.cursor() != null) {
      request.setOffset(PointIds.fromCursor(query.cursor()));
    }
    if (attempt != null) {
      request.setTimeout(layout.limits().seconds(attempt));
    }
    return request.build();
  }

  private static Page page(ScrollResponse answer, Decoder decoder) {
    List<VectorRecord> records = new ArrayList<>(answer.getResultCount());
    answer.getResultList().forEach(point -> records.add(decoder.record(point)));
    return new Page(
        records,
        answer.hasNextPageOffset()
            ? Optional.of(PointIds.toCursor(answer.getNextPageOffset()))
            : Optional.empty());
  }

  long count(@Nullable Filter filter, Attempt attempt) {
    CountPoints.Builder request =
        CountPoints.newBuilder()
            .setCollectionName(name())
            .setExact(true)
            .setTimeout(layout.limits().seconds(attempt));
    layout.requests().consistency().ifPresent(request::setReadConsistency);
    if (filter != null) {
      request.setFilter(filter);
    }
    return connection
        .points(GrpcErrors.Kind.READ, attempt, stub -> stub.count(request.build()))
        .getResult()
        .getCount();
  }

  private String name() {
    return layout.spec().name();
  }
}
