package dev.vectorstore.qdrant;

import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Effect;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.PayloadIncludeSelector;
import io.qdrant.client.grpc.Points.PointsIdsList;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.UpdateBatchPoints;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes top-level keys of records, each atomically. Qdrant's own merge does that in one step, but
 * what we keep beside the keys (terms, doubles) follows from the whole record. So a record is read,
 * and changed on the condition that its token is still the one that was read; every write of ours
 * changes the token. Who loses a race reads again.
 */
final class PatchWriter {
  private static final Logger LOG = LoggerFactory.getLogger(PatchWriter.class);

  /** Each round some writer succeeds, so this many lost races mean something else. */
  private static final int ROUNDS = 100;

  private final Connection connection;
  private final Layout layout;
  private final PointReads points;
  private final Patch patch;
  private boolean sent;

  PatchWriter(Connection connection, Layout layout, Payload set, Set<String> remove) {
    this.connection = connection;
    this.layout = layout;
    this.points = new PointReads(connection, layout);
    this.patch = new Patch(layout, set, remove);
  }

  /** How many of the ids were there. Once, since it remembers whether something was sent. */
  long patch(List<RecordId> ids, Attempt attempt) {
    try {
      return patched(ids, attempt);
    } catch (OutcomeUnknown unknown) {
      throw unknown;
    } catch (VectorStoreException failure) {
      if (!sent) {
        throw failure;
      }
      throw new OutcomeUnknown(
          "the patch was sent, and then its effect couldn't be read ("
              + failure.getMessage()
              + "); repeating it settles it",
          failure);
    }
  }

  /** Answer by answer: whole points, where these are read, don't pile up. */
  private long patched(List<RecordId> ids, Attempt attempt) {
    long[] patched = {0};
    read(
        ids,
        attempt,
        present -> {
          patched[0] += present.size();
          settle(present, attempt);
        });
    return patched[0];
  }

  private void settle(Map<RecordId, RetrievedPoint> found, Attempt attempt) {
    Map<RecordId, RetrievedPoint> present = found;
    for (int round = 0; !present.isEmpty(); round++) {
      if (round == ROUNDS) {
        throw new Unavailable(
            present.size() + " records were changed by others again and again; try later");
      }
      long token = Writes.newToken();
      send(present, token, attempt);
      Map<RecordId, RetrievedPoint> left = new LinkedHashMap<>();
      read(present.keySet(), attempt, left::putAll);
      left.values().removeIf(point -> Patch.token(point).equals(Optional.of(token)));
      present = left;
    }
  }

  private void read(
      Collection<RecordId> ids, Attempt attempt, Consumer<Map<RecordId, RetrievedPoint>> answers) {
    WithPayloadSelector.Builder payload = WithPayloadSelector.newBuilder();
    if (patch.replaces()) {
      payload.setEnable(true);
    } else {
      payload.setInclude(PayloadIncludeSelector.newBuilder().addFields(Reserved.KEY));
    }
    Set<RecordId> wanted = Set.copyOf(ids);
    points.forEachAnswer(
        PointIds.of(ids),
        payload.build(),
        patch.vectors(),
        attempt,
        answer -> answers.accept(byId(answer, wanted)));
  }

  private static Map<RecordId, RetrievedPoint> byId(
      List<RetrievedPoint> points, Set<RecordId> wanted) {
    Map<RecordId, RetrievedPoint> present = new LinkedHashMap<>();
    for (RetrievedPoint point : points) {
      RecordId id = PointIds.read(point.getId(), PayloadReader.textId(point.getPayloadMap()));
      if (wanted.contains(id)) {
        present.put(id, point);
      }
    }
    return present;
  }

  /** One operation for all records that are in the same state and get the same one. */
  private void send(Map<RecordId, RetrievedPoint> present, long token, Attempt attempt) {
    Map<Patch.Change, List<PointId>> changes = new LinkedHashMap<>();
    for (RetrievedPoint point : present.values()) {
      changes
          .computeIfAbsent(patch.change(point, token), change -> new ArrayList<>())
          .add(point.getId());
    }
    UpdateBatchPoints.Builder request =
        UpdateBatchPoints.newBuilder()
            .setCollectionName(layout.spec().name())
            .setWait(true)
            .setTimeout(layout.limits().seconds(attempt));
    layout.requests().ordering().ifPresent(request::setOrdering);
    request.addOperations(unchanged(present.values()));
    changes.forEach(
        (change, ids) -> {
          int most = Math.min(layout.limits().conditionSize(ids.size()), layout.limits().batch());
          for (int from = 0; from < ids.size(); from += most) {
            request.addOperations(
                change.operation(ids.subList(from, Math.min(ids.size(), from + most))));
          }
        });
    try {
      connection
          .points(Effect.WRITE, attempt, stub -> stub.updateBatch(request.build()))
          .getResultList()
          .forEach(Writes::requireDone);
      sent = true;
    } catch (NotFound deleted) {
      // The first operation failed, so none was done; those that are left are read again.
      LOG.debug("a point of {} was deleted meanwhile", layout.spec().name(), deleted);
    }
  }

  /**
   * A change of nothing, by ids: Qdrant deletes older copies of the points then. Where an
   * optimization was cancelled, 1.18 can have them, and takes a point that a filter finds in two
   * segments for two. The second would be stored with the patch and without what it had.
   */
  private static PointsUpdateOperation unchanged(Collection<RetrievedPoint> points) {
    PointsIdsList.Builder ids = PointsIdsList.newBuilder();
    points.forEach(point -> ids.addIds(point.getId()));
    return PointsUpdateOperation.newBuilder()
        .setSetPayload(
            PointsUpdateOperation.SetPayload.newBuilder()
                .setPointsSelector(PointsSelector.newBuilder().setPoints(ids)))
        .build();
  }
}
