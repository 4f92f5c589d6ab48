package dev.vectorstore.qdrant;

import dev.vectorstore.Payload;
import dev.vectorstore.Value;
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
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.UpdateMode;
import io.qdrant.client.grpc.Points.Vectors;
import io.qdrant.client.grpc.Points.WithVectorsSelector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a patch does to a record, and to what we keep beside it. Immutable. */
final class Patch {
  private final Layout layout;
  private final Payload set;
  private final Set<String> remove;

  Patch(Layout layout, Payload set, Set<String> remove) {
    this.layout = layout;
    this.set = set;
    this.remove = remove;
  }

  /**
   * A change of records that are in one state.
   *
   * @param before the token that was read, or empty for none
   * @param payload the keys to put
   * @param whole whether they replace the payload, in place of being merged into it
   * @param vectors what replaces the vectors, in the same step as the payload
   */
  record Change(
      Optional<Long> before,
      Map<String, JsonWithInt.Value> payload,
      boolean whole,
      Optional<Vectors> vectors) {

    PointsUpdateOperation operation(List<PointId> points) {
      PointsSelector selector = PointsSelector.newBuilder().setFilter(filter(points)).build();
      PointsUpdateOperation.Builder operation = PointsUpdateOperation.newBuilder();
      if (vectors.isPresent()) {
        operation.setUpsert(replacements(points, vectors.get()));
      } else if (whole) {
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

    /** Of points that are there: one that was deleted meanwhile must not come back. */
    private PointsUpdateOperation.PointStructList replacements(
        List<PointId> points, Vectors vectors) {
      PointsUpdateOperation.PointStructList.Builder replaced =
          PointsUpdateOperation.PointStructList.newBuilder()
              .setUpdateMode(UpdateMode.UpdateOnly)
              .setUpdateFilter(filter(points));
      points.forEach(
          point ->
              replaced.addPoints(
                  PointStruct.newBuilder()
                      .setId(point)
                      .putAllPayload(payload)
                      .setVectors(vectors)));
      return replaced.build();
    }

    private Filter filter(List<PointId> points) {
      Condition guard =
          before
              .map(Patch::hasToken)
              .orElseGet(
                  () ->
                      Condition.newBuilder()
                          .setIsEmpty(IsEmptyCondition.newBuilder().setKey(Reserved.TOKEN_PATH))
                          .build());
      return Filter.newBuilder()
          .addMust(Condition.newBuilder().setHasId(HasIdCondition.newBuilder().addAllHasId(points)))
          .addMust(guard)
          .build();
    }
  }

  Change change(RetrievedPoint point, long token) {
    Map<String, JsonWithInt.Value> before = reserved(point);
    Optional<Long> known = token(before);
    Struct after = Writes.withToken(patched(before), token);
    Map<String, JsonWithInt.Value> payload = new HashMap<>();
    if (!replaces()) {
      remove.forEach(key -> payload.put(key, JsonValues.none()));
      put(payload, after);
      return merge(known, payload);
    }
    // Merging a null removes the key, and vectors change in one step with the whole point only, so
    // the payload is replaced; without a token nobody would notice a write in between, so the
    // record gets one first.
    if (known.isEmpty()) {
      payload.put(Reserved.KEY, JsonValues.struct(Writes.withToken(struct(before), -1 - token)));
      return merge(known, payload);
    }
    payload.putAll(point.getPayloadMap());
    remove.forEach(payload::remove);
    put(payload, after);
    return new Change(known, payload, true, weighs() ? Optional.of(vectors(point, after)) : none());
  }

  private static Change merge(Optional<Long> known, Map<String, JsonWithInt.Value> payload) {
    return new Change(known, payload, false, none());
  }

  private static Optional<Vectors> none() {
    return Optional.empty();
  }

  private Vectors vectors(RetrievedPoint point, Struct reserved) {
    return new PointVectors(layout).stored(point.getVectors(), reserved);
  }

  private void put(Map<String, JsonWithInt.Value> payload, Struct reserved) {
    set.toValue().entries().forEach((key, value) -> payload.put(key, PayloadWriter.value(value)));
    payload.put(Reserved.KEY, JsonValues.struct(reserved));
  }

  /** Whether the payload is replaced as a whole, and so has to be read. */
  boolean replaces() {
    return setsNull() || weighs();
  }

  /** What has to be read of the vectors: those of a ranked text change in one step with it. */
  WithVectorsSelector vectors() {
    return WithVectorsSelector.newBuilder().setEnable(weighs()).build();
  }

  private boolean weighs() {
    return layout.rankedSlots().stream().anyMatch(slot -> touches(slot.field().segments().get(0)));
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
    set.toValue().entries().forEach((key, value) -> ReservedWriter.addDoubles(key, value, doubles));
    replace(after, Reserved.DOUBLES, doubles.build());
    // Those of fields that were declared since this handle was opened: without them the text is
    // looked at itself.
    touched().forEach(key -> after.keySet().removeIf(k -> k.startsWith(Reserved.slotsBelow(key))));
    for (TextSlot slot : layout.slots()) {
      if (touches(slot.field().segments().get(0))) {
        replace(after, slot.key(), ReservedWriter.terms(set.toValue(), slot));
        after.put(slot.printKey(), ReservedWriter.print(set.toValue(), slot));
      } else if (!before.containsKey(Reserved.TOKEN)) {
        // Another client's record: its text has no terms, which a token alone would hide.
        after.put(slot.printKey(), JsonValues.integer(TextPrints.of(null)));
      }
    }
    return struct(after);
  }

  private Stream<String> touched() {
    return Stream.concat(remove.stream(), set.keys().stream());
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

  /** Selects what was written with a token, and hasn't been written since. */
  static Condition hasToken(long token) {
    return Condition.newBuilder()
        .setField(
            FieldCondition.newBuilder()
                .setKey(Reserved.TOKEN_PATH)
                .setMatch(Match.newBuilder().setInteger(token)))
        .build();
  }

  static Optional<Long> token(RetrievedPoint point) {
    return token(reserved(point));
  }

  private static Optional<Long> token(Map<String, JsonWithInt.Value> reserved) {
    JsonWithInt.Value token = reserved.get(Reserved.TOKEN);
    return token == null || !token.hasIntegerValue()
        ? Optional.empty()
        : Optional.of(token.getIntegerValue());
  }
}
