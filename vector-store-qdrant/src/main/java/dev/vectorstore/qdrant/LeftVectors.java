package dev.vectorstore.qdrant;

import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Effect;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.PayloadIncludeSelector;
import io.qdrant.client.grpc.Points.PointsIdsList;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.SetPayloadPoints;
import io.qdrant.client.grpc.Points.VectorsOutput;
import io.qdrant.client.grpc.Points.VectorsSelector;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import io.qdrant.client.grpc.Points.WithVectorsSelector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vectors that Qdrant leaves with a record that is replaced by one without them. It does so where
 * it moves the point out of a segment that it has indexed. So the point is moved first, as it is,
 * and then replaced. If the server begins to index the segment just between the two, the vectors
 * are left all the same, so what is stored is looked at. Safe for threads.
 */
final class LeftVectors {
  private static final Logger LOG = LoggerFactory.getLogger(LeftVectors.class);

  private static final WithPayloadSelector TOKEN =
      WithPayloadSelector.newBuilder()
          .setInclude(PayloadIncludeSelector.newBuilder().addFields(Reserved.TOKEN_PATH))
          .build();

  private static final WithPayloadSelector NOTHING =
      WithPayloadSelector.newBuilder().setEnable(false).build();

  private final Connection connection;
  private final Layout layout;
  private final PointReads points;

  LeftVectors(Connection connection, Layout layout) {
    this.connection = connection;
    this.layout = layout;
    this.points = new PointReads(connection, layout);
  }

  /** Those that have fewer vectors than the collection. */
  List<VectorRecord> possibleWith(List<VectorRecord> records) {
    int all = layout.spec().vectors().size();
    return records.stream().filter(record -> record.vectors().size() < all).toList();
  }

  /**
   * By a change of nothing; points that aren't there are passed by. They are named by their ids and
   * never by a filter: where an optimization was cancelled, Qdrant 1.18 can have an older copy of a
   * point in a second segment, and takes a point that a filter finds in both for two. The first
   * moves it, and the second stores in its place what is left, a point without vectors and payload.
   */
  void move(Collection<VectorRecord> records, Attempt attempt) {
    List<PointId> present =
        points.get(PointIds.of(ids(records)), NOTHING, attempt).stream()
            .map(RetrievedPoint::getId)
            .toList();
    if (present.isEmpty()) {
      return;
    }
    SetPayloadPoints.Builder request =
        SetPayloadPoints.newBuilder()
            .setCollectionName(layout.spec().name())
            .setWait(true)
            .setTimeout(layout.limits().seconds(attempt))
            .setPointsSelector(
                PointsSelector.newBuilder()
                    .setPoints(PointsIdsList.newBuilder().addAllIds(present)));
    layout.requests().ordering().ifPresent(request::setOrdering);
    try {
      Writes.requireDone(
          connection
              .points(Effect.WRITE, attempt, stub -> stub.setPayload(request.build()))
              .getResult());
    } catch (NotFound deleted) {
      // Others may be left where they are, which is looked at once the records are written.
      LOG.debug("a point of {} was deleted meanwhile", layout.spec().name(), deleted);
    }
  }

  /** Those that are stored with this token, and have a vector that they shouldn't have. */
  List<VectorRecord> among(List<VectorRecord> records, long token, Attempt attempt) {
    Map<Set<String>, List<VectorRecord>> byLacking = new HashMap<>();
    records.forEach(
        record -> byLacking.computeIfAbsent(lacking(record), any -> new ArrayList<>()).add(record));
    List<VectorRecord> found = new ArrayList<>();
    byLacking.forEach((names, some) -> found.addAll(withAny(names, some, token, attempt)));
    return found;
  }

  private Set<String> lacking(VectorRecord record) {
    Set<String> names = new HashSet<>(layout.spec().vectors().keySet());
    names.removeAll(record.vectors().keySet());
    return names;
  }

  private List<VectorRecord> withAny(
      Set<String> names, List<VectorRecord> records, long token, Attempt attempt) {
    Set<PointId> found = new HashSet<>();
    for (RetrievedPoint point : read(names, PointIds.of(ids(records)), attempt)) {
      boolean left = names(point.getVectors()).stream().anyMatch(names::contains);
      if (left && Patch.token(point).equals(Optional.of(token))) {
        found.add(point.getId());
      }
    }
    return records.stream().filter(record -> found.contains(PointIds.of(record.id()))).toList();
  }

  /** With the vectors of these names, or with all if one of the names isn't there any more. */
  private List<RetrievedPoint> read(Set<String> names, List<PointId> ids, Attempt attempt) {
    WithVectorsSelector.Builder vectors = WithVectorsSelector.newBuilder();
    try {
      return points.get(
          ids,
          TOKEN,
          vectors.setInclude(VectorsSelector.newBuilder().addAllNames(names)).build(),
          attempt);
    } catch (Conflict dropped) {
      LOG.debug("a vector of {} was dropped meanwhile", layout.spec().name(), dropped);
      return points.get(ids, TOKEN, vectors.setEnable(true).build(), attempt);
    }
  }

  private static Set<String> names(VectorsOutput vectors) {
    return vectors.hasVector()
        ? Set.of(VectorSpec.PLAIN)
        : vectors.getVectors().getVectorsMap().keySet();
  }

  private static List<RecordId> ids(Collection<VectorRecord> records) {
    return records.stream().map(VectorRecord::id).toList();
  }
}
