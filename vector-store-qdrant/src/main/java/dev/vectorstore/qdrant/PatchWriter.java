package dev.vectorstore.qdrant;

import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.VectorStoreException.Unavailable;
import dev.vectorstore.support.Attempt;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.HasIdCondition;
import io.qdrant.client.grpc.Common.IsEmptyCondition;
import io.qdrant.client.grpc.Common.Match;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.JsonWithInt;
import io.qdrant.client.grpc.JsonWithInt.ListValue;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import io.qdrant.client.grpc.Points.GetPoints;
import io.qdrant.client.grpc.Points.PayloadIncludeSelector;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.UpdateBatchPoints;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
  private final Payload set;
  private final Set<String> remove;

  PatchWriter(Connection connection, Layout layout, Payload set, Set<String> remove) {
    this.connection = connection;
    this.layout = layout;
    this.set = set;
    this.remove = remove;
  }

  /** How many of the ids were there. */
  long patch(List<RecordId> ids, Attempt attempt) {
    Set<RecordId> left = new HashSet<>(ids);
    long patched = 0;
    boolean first = true;
    for (int round = 0; round < ROUNDS && !left.isEmpty(); round++) {
      Map<RecordId, RetrievedPoint> present = read(left, attempt);
      if (first) {
        patched = present.size();
        first = false;
      }
      left.retainAll(present.keySet());
      if (!left.isEmpty()) {
        long token = Writes.newToken();
        send(present, token, attempt);
        left.removeAll(done(left, token, attempt));
      }
    }
    if (!left.isEmpty()) {
      throw new Unavailable(
          left.size() + " records were changed by others again and again; try later", null);
    }
    return patched;
  }

  private Map<RecordId, RetrievedPoint> read(Set<RecordId> ids, Attempt attempt) {
    WithPayloadSelector.Builder payload = WithPayloadSelector.newBuilder();
    if (setsNull()) {
      payload.setEnable(true);
    } else {
      payload.setInclude(PayloadIncludeSelector.newBuilder().addFields(Reserved.KEY));
    }
    GetPoints request =
        GetPoints.newBuilder()
            .setCollectionName(layout.spec().name())
            .addAllIds(PointIds.of(ids))
            .setWithPayload(payload)
            .setTimeout(Connection.serverSeconds(attempt))
            .build();
    Map<RecordId, RetrievedPoint> present = new LinkedHashMap<>();
    for (RetrievedPoint point :
        connection
            .points(GrpcErrors.Kind.READ, attempt, stub -> stub.get(request))
            .getResultList()) {
      RecordId id = PointIds.read(point.getId(), PayloadReader.textId(point.getPayloadMap()));
      if (ids.contains(id)) {
        present.put(id, point);
      }
    }
    return present;
  }

  /** One operation for all records that are in the same state and get the same one. */
  private void send(Map<RecordId, RetrievedPoint> present, long token, Attempt attempt) {
    Map<Change, List<PointId>> changes = new LinkedHashMap<>();
    for (RetrievedPoint point : present.values()) {
      changes.computeIfAbsent(change(point, token), change -> new ArrayList<>()).add(point.getId());
    }
    UpdateBatchPoints.Builder request =
        UpdateBatchPoints.newBuilder()
            .setCollectionName(layout.spec().name())
            .setWait(true)
            .setTimeout(Connection.serverSeconds(attempt));
    changes.forEach((change, points) -> request.addOperations(change.operation(points)));
    connection
        .points(GrpcErrors.Kind.WRITE, attempt, stub -> stub.updateBatch(request.build()))
        .getResultList()
        .forEach(Writes::requireDone);
  }

  /** Those that have our token. One that has another was changed since, before or after us. */
  private Set<RecordId> done(Set<RecordId> ids, long token, Attempt attempt) {
    Set<RecordId> done = new HashSet<>();
    read(ids, attempt)
        .forEach(
            (id, point) -> {
              if (token(reserved(point)).equals(Optional.of(token))) {
                done.add(id);
              }
            });
    return done;
  }

  /**
   * A change of records that are in one state.
   *
   * @param before the token that was read, or empty for none
   * @param payload the keys to put
   * @param whole whether they replace the payload, in place of being merged into it
   */
  private record Change(
      Optional<Long> before, Map<String, JsonWithInt.Value> payload, boolean whole) {

    PointsUpdateOperation operation(List<PointId> points) {
      PointsSelector selector = PointsSelector.newBuilder().setFilter(filter(points)).build();
      PointsUpdateOperation.Builder operation = PointsUpdateOperation.newBuilder();
      if (whole) {
        operation.setOverwritePayload(
            PointsUpdateOperation.OverwritePayload.newBuilder()
                .putAllPayload(payload)
                .setPointsSelector(selector));
      } else {
        operation.setSetPayload(
            PointsUpdateOperation.SetPayload.newBuilder()
                .putAllPayload(payload)
                .setPointsSelector(selector));
      }
      return operation.build();
    }

    private Filter filter(List<PointId> points) {
      Condition.Builder guard = Condition.newBuilder();
      if (before.isPresent()) {
        guard.setField(
            FieldCondition.newBuilder()
                .setKey(Reserved.TOKEN_PATH)
                .setMatch(Match.newBuilder().setInteger(before.get())));
      } else {
        guard.setIsEmpty(IsEmptyCondition.newBuilder().setKey(Reserved.TOKEN_PATH));
      }
      return Filter.newBuilder()
          .addMust(Condition.newBuilder().setHasId(HasIdCondition.newBuilder().addAllHasId(points)))
          .addMust(guard)
          .build();
    }
  }

  private Change change(RetrievedPoint point, long token) {
    Map<String, JsonWithInt.Value> before = reserved(point);
    Optional<Long> known = token(before);
    Struct after = Writes.withToken(patched(before), token);
    Map<String, JsonWithInt.Value> payload = new HashMap<>();
    if (!setsNull()) {
      remove.forEach(key -> payload.put(key, PayloadWriter.none()));
      put(payload, after);
      return new Change(known, payload, false);
    }
    // Merging a null removes the key, so the payload is replaced; without a token nobody would
    // notice a write in between, so the record gets one first.
    if (known.isEmpty()) {
      payload.put(Reserved.KEY, PayloadWriter.struct(Writes.withToken(struct(before), -1 - token)));
      return new Change(known, payload, false);
    }
    payload.putAll(point.getPayloadMap());
    remove.forEach(payload::remove);
    put(payload, after);
    return new Change(known, payload, true);
  }

  private void put(Map<String, JsonWithInt.Value> payload, Struct reserved) {
    set.toValue().entries().forEach((key, value) -> payload.put(key, PayloadWriter.value(value)));
    payload.put(Reserved.KEY, PayloadWriter.struct(reserved));
  }

  private boolean setsNull() {
    return set.toValue().entries().containsValue(Value.NullValue.NULL);
  }

  /** What we keep beside the keys, once they are patched. */
  private Struct patched(Map<String, JsonWithInt.Value> before) {
    Map<String, JsonWithInt.Value> after = new HashMap<>(before);
    ListValue.Builder doubles = ListValue.newBuilder();
    for (JsonWithInt.Value entry : list(before.get(Reserved.DOUBLES))) {
      if (!touches(entry.getListValue().getValues(0).getStringValue())) {
        doubles.addValues(entry);
      }
    }
    set.toValue().entries().forEach((key, value) -> PayloadWriter.addDoubles(key, value, doubles));
    replace(after, Reserved.DOUBLES, doubles.build());
    for (TextSlot slot : layout.slots()) {
      if (touches(slot.field().segments().get(0))) {
        replace(after, slot.key(), PayloadWriter.terms(set.toValue(), slot));
      }
    }
    return struct(after);
  }

  private boolean touches(String key) {
    return remove.contains(key) || set.keys().contains(key);
  }

  private static void replace(Map<String, JsonWithInt.Value> fields, String key, ListValue list) {
    if (list.getValuesCount() == 0) {
      fields.remove(key);
    } else {
      fields.put(key, JsonWithInt.Value.newBuilder().setListValue(list).build());
    }
  }

  private static Struct struct(Map<String, JsonWithInt.Value> fields) {
    return Struct.newBuilder().putAllFields(fields).build();
  }

  private static List<JsonWithInt.Value> list(JsonWithInt.@Nullable Value value) {
    return value == null ? List.of() : value.getListValue().getValuesList();
  }

  private static Map<String, JsonWithInt.Value> reserved(RetrievedPoint point) {
    JsonWithInt.Value reserved = point.getPayloadMap().get(Reserved.KEY);
    return reserved == null ? Map.of() : reserved.getStructValue().getFieldsMap();
  }

  private static Optional<Long> token(Map<String, JsonWithInt.Value> reserved) {
    JsonWithInt.Value token = reserved.get(Reserved.TOKEN);
    return token == null || !token.hasIntegerValue()
        ? Optional.empty()
        : Optional.of(token.getIntegerValue());
  }
}
