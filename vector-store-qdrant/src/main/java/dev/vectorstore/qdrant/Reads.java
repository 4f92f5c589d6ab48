package dev.vectorstore.qdrant;

import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Effect;
import dev.vectorstore.support.ScanQuery;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.CountPoints;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fetches, scans and counts of one collection. An answer that is larger than a message may be is
 * asked for again in halves. Safe for threads.
 */
final class Reads {
  private final Connection connection;
  private final Layout layout;
  private final PointReads points;

  Reads(Connection connection, Layout layout) {
    this.connection = connection;
    this.layout = layout;
    this.points = new PointReads(connection, layout);
  }

  List<VectorRecord> fetch(List<RecordId> ids, Projection projection, Attempt attempt) {
    Set<RecordId> wanted = new HashSet<>(ids);
    List<VectorRecord> records = new ArrayList<>();
    Decoder decoder = new Decoder(layout, projection);
    for (RetrievedPoint point :
        points.get(PointIds.of(ids), decoder.payload(), decoder.vectors(), attempt)) {
      VectorRecord record = decoder.record(point);
      // A UUID that is the point of a text id isn't that record's identity.
      if (wanted.contains(record.id())) {
        records.add(record);
      }
    }
    return records;
  }

  /** A page that is too large for one answer comes in parts. */
  List<VectorRecord> wholePage(ScanQuery<Filter> query, Attempt attempt) {
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
    List<RecordIssue> issues = new ArrayList<>();
    for (RetrievedPoint point : answer.getResultList()) {
      if (PointIds.isReadable(point.getId())) {
        VectorRecord record = decoder.record(point);
        records.add(record);
        issues.addAll(decoder.issues(record, point.getPayloadMap()));
      } else {
        issues.add(PointIds.unreadable(point.getId()));
      }
    }
    return new Page(
        records,
        answer.hasNextPageOffset()
            ? Optional.of(PointIds.toCursor(answer.getNextPageOffset()))
            : Optional.empty(),
        issues);
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
        .points(Effect.READ, attempt, stub -> stub.count(request.build()))
        .getResult()
        .getCount();
  }

  private String name() {
    return layout.spec().name();
  }
}
