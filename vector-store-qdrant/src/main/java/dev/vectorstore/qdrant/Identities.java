package dev.vectorstore.qdrant;

import dev.vectorstore.RecordId;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.support.Attempt;
import io.qdrant.client.grpc.Points.PayloadIncludeSelector;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds out which records lie at points. A text id has the point of a version 5 UUID, so in a
 * collection that takes both, one could be taken for the other. It reads points by their ids alone,
 * which no strict mode refuses.
 */
final class Identities {
  private final Layout layout;
  private final PointReads points;

  Identities(Connection connection, Layout layout) {
    this.layout = layout;
    this.points = new PointReads(connection, layout);
  }

  /** Whether another record could have this one's point. */
  boolean areAmbiguous(Collection<RecordId> ids) {
    return layout.mixesIds() && ids.stream().anyMatch(PointIds::isAmbiguous);
  }

  /** Refuses to replace a record of another identity whose point is the same. */
  void requireOwnPoints(Collection<RecordId> ids, Attempt attempt) {
    if (!areAmbiguous(ids)) {
      return;
    }
    List<RecordId> doubtful = ids.stream().filter(PointIds::isAmbiguous).toList();
    if (PointIds.of(doubtful).stream().distinct().count() < doubtful.size()
        || !doubtful.containsAll(at(doubtful, attempt))) {
      throw new Conflict(
          "a text id and a UUID of these records, or of what is stored, have the same point in"
              + " Qdrant; change one of the two ids");
    }
  }

  /** The records that lie at the points of these ids. */
  Set<RecordId> at(Collection<RecordId> ids, Attempt attempt) {
    WithPayloadSelector textId =
        WithPayloadSelector.newBuilder()
            .setInclude(PayloadIncludeSelector.newBuilder().addFields(Reserved.TEXT_ID_PATH))
            .build();
    Set<RecordId> found = new HashSet<>();
    points
        .get(PointIds.of(ids), textId, attempt)
        .forEach(
            point ->
                found.add(
                    PointIds.read(point.getId(), PayloadReader.textId(point.getPayloadMap()))));
    return found;
  }
}
