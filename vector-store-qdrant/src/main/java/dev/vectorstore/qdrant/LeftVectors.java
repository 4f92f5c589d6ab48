package dev.vectorstore.qdrant;

import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Effect;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.HasIdCondition;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.PayloadIncludeSelector;
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

  /** By a change of nothing; points that aren't there are passed by. */
  void move(Collection<VectorRecord> records, Attempt attempt) {
    List<PointId> ids = PointIds.of(ids(records));
    int most = layout.limits().conditionSize(ids.size());
    for (int from = 0; from < ids.size(); from += most) {
      HasIdCondition some =
          HasIdCondition.newBuilder()
              .addAllHasId(ids.subList(from, Math.min(ids.size(), from + most)))
              .build();
      SetPayloadPoints.Builder request =
          SetPayloadPoints.newBuilder()
              .setCollectionName(layout.spec().name())
              .setWait(true)
              .setTimeout(layout.limits().seconds(attempt))
              .setPointsSelector(
                  PointsSelector.newBuilder()
                      .setFilter(
                          Filter.newBuilder().addMust(Condition.newBuilder().setHasId(some))));
      layout.requests().ordering().ifPresent(request::setOrdering);
      Writes.requireDone(
          connection
              .points(Effect.WRITE, attempt, stub -> stub.setPayload(request.build()))
              .getResult());
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
