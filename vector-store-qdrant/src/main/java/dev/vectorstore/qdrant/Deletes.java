package dev.vectorstore.qdrant;

import dev.vectorstore.RecordId;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Effect;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.DeletePoints;
import io.qdrant.client.grpc.Points.PointsIdsList;
import io.qdrant.client.grpc.Points.PointsSelector;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Deletes of one collection. Each waits, and is done only when the server says so. */
final class Deletes {
  private final Connection connection;
  private final Layout layout;
  private final Identities identities;

  Deletes(Connection connection, Layout layout) {
    this.connection = connection;
    this.layout = layout;
    this.identities = new Identities(connection, layout);
  }

  void delete(List<RecordId> ids, Attempt attempt) {
    if (identities.areAmbiguous(ids)) {
      deleteThose(ids, null, attempt);
    } else {
      deletePoints(ids, attempt);
    }
  }

  /** Those of these records that a filter still selects, as far as the server lets us ask. */
  void deleteThose(List<RecordId> ids, @Nullable Filter filter, Attempt attempt) {
    Filter those = Conditions.filter(PointIds.identity(ids, layout.mixesIds()));
    if (filter != null) {
      those = those.toBuilder().mergeFrom(filter).build();
    }
    if (layout.limits().allow(those)) {
      deleteWhere(those, attempt);
      return;
    }
    Set<RecordId> present = identities.at(ids, attempt);
    List<RecordId> left = ids.stream().filter(present::contains).collect(Collectors.toList());
    if (!left.isEmpty()) {
      deletePoints(left, attempt);
    }
  }

  void deleteWhere(@Nullable Filter filter, Attempt attempt) {
    delete(PointsSelector.newBuilder().setFilter(DeleteGuard.requireNarrow(filter)), attempt);
  }

  /** By the verb of its own; here an empty filter means what it says. */
  void deleteAll(Attempt attempt) {
    delete(PointsSelector.newBuilder().setFilter(Filter.getDefaultInstance()), attempt);
  }

  private void deletePoints(Collection<RecordId> ids, Attempt attempt) {
    PointsIdsList list = PointsIdsList.newBuilder().addAllIds(PointIds.of(ids)).build();
    delete(PointsSelector.newBuilder().setPoints(list), attempt);
  }

  private void delete(PointsSelector.Builder points, Attempt attempt) {
    DeletePoints.Builder request =
        DeletePoints.newBuilder()
            .setCollectionName(layout.spec().name())
            .setWait(true)
            .setTimeout(layout.limits().seconds(attempt))
            .setPoints(points);
    layout.requests().ordering().ifPresent(request::setOrdering);
    Writes.requireDone(
        connection.points(Effect.WRITE, attempt, stub -> stub.delete(request.build())).getResult());
  }
}
