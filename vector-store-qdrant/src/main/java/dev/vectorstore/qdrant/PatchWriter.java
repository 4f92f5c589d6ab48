package dev.vectorstore.qdrant;

import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.OutcomeUnknown;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.support.Attempt;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.PayloadIncludeSelector;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.UpdateBatchPoints;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Changes top-level keys of records, each atomically. Qdrant's own merge does that in one step, but
 * what we keep beside the keys (terms, doubles) follows from the whole record. So a record is read,
 * and changed on the condition that its token is still the one that was read; every write of ours
 * changes the token. Who loses a race reads again.
 */
final class PatchWriter {
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

  private long patched(List<RecordId> ids, Attempt attempt) {
    Map<RecordId, RetrievedPoint> present = read(ids, attempt);
    long patched = present.size();
    Set<RecordId> left = new HashSet<>(present.keySet());
    for (int round = 0; !left.isEmpty(); round++) {
      if (round == ROUNDS) {
        throw new Unavailable(
            left.size() + " records were changed by others again and again; try later", null);
      }
      long token = Writes.newToken();
      send(present, token, attempt);
      present = read(left, attempt);
      present.values().removeIf(point -> Patch.token(point).equals(Optional.of(token)));
      left.retainAll(present.keySet());
    }
    return patched;
  }

  private Map<RecordId, RetrievedPoint> read(Collection<RecordId> ids, Attempt attempt) {
    WithPayloadSelector.Builder payload = WithPayloadSelector.newBuilder();
    if (patch.replaces()) {
      payload.setEnable(true);
    } else {
      payload.setInclude(PayloadIncludeSelector.newBuilder().addFields(Reserved.KEY));
    }
    Map<RecordId, RetrievedPoint> present = new LinkedHashMap<>();
    for (RetrievedPoint point :
        points.get(PointIds.of(ids), payload.build(), patch.vectors(), attempt)) {
      RecordId id = PointIds.read(point.getId(), PayloadReader.textId(point.getPayloadMap()));
      if (ids.contains(id)) {
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
    changes.forEach(
        (change, ids) -> {
          int most = Math.min(layout.limits().conditionSize(ids.size()), layout.limits().batch());
          for (int from = 0; from < ids.size(); from += most) {
            request.addOperations(
                change.operation(ids.subList(from, Math.min(ids.size(), from + most))));
          }
        });
    connection
        .points(GrpcErrors.Kind.WRITE, attempt, stub -> stub.updateBatch(request.build()))
        .getResultList()
        .forEach(Writes::requireDone);
    sent = true;
  }
}
