package dev.vectorstore.qdrant;

import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.TextTerms;
import dev.vectorstore.Value;
import dev.vectorstore.support.PayloadPath;
import io.qdrant.client.grpc.JsonWithInt;
import io.qdrant.client.grpc.JsonWithInt.ListValue;
import io.qdrant.client.grpc.JsonWithInt.Struct;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** What we keep of a record beside the user's keys. Stateless. */
final class ReservedWriter {
  /** In place of terms where a text has none, and no term itself. */
  static final String NO_TERMS = "-";

  private ReservedWriter() {}

  /** Our part of a record: its text id, its terms and its doubles; without a token. */
  static Struct reserved(RecordId id, Payload payload, Collection<TextSlot> slots) {
    Struct.Builder reserved = Struct.newBuilder();
    if (id instanceof RecordId.TextId text) {
      reserved.putFields(Reserved.TEXT_ID, JsonValues.string(text.value()));
    }
    ListValue.Builder doubles = ListValue.newBuilder();
    payload.toValue().entries().forEach((key, value) -> addDoubles(key, value, doubles));
    if (doubles.getValuesCount() > 0) {
      reserved.putFields(Reserved.DOUBLES, JsonValues.list(doubles));
    }
    for (TextSlot slot : slots) {
      ListValue terms = terms(payload.toValue(), slot);
      if (terms.getValuesCount() > 0) {
        reserved.putFields(slot.key(), JsonWithInt.Value.newBuilder().setListValue(terms).build());
      }
    }
    if (reserved.getFieldsCount() > 0) {
      slots.forEach(slot -> reserved.putFields(slot.printKey(), print(payload.toValue(), slot)));
    }
    return reserved.build();
  }

  /** What tells the text from another that somebody puts in its place. */
  static JsonWithInt.Value print(Value.ObjectValue payload, TextSlot slot) {
    return JsonValues.integer(TextPrints.of(PayloadPath.at(payload, slot.field())));
  }

  /** The terms of a TEXT field, each element's in one string, so that phrases stay inside. */
  static ListValue terms(Value.ObjectValue payload, TextSlot slot) {
    ListValue.Builder terms = ListValue.newBuilder();
    Value value = PayloadPath.at(payload, slot.field());
    if (value instanceof Value.ListValue list) {
      list.elements().forEach(element -> addTerms(element, terms));
    } else if (value != null) {
      addTerms(value, terms);
    }
    if (slot.late() && terms.getValuesCount() == 0) {
      terms.addValues(JsonValues.string(NO_TERMS));
    }
    return terms.build();
  }

  /** The hard doubles below a top-level key, each as its path and, last, its bits. */
  static void addDoubles(String key, Value value, ListValue.Builder doubles) {
    if (hasDoubles(value)) {
      Deque<JsonWithInt.Value> path = new ArrayDeque<>();
      path.addLast(JsonValues.string(key));
      collect(value, path, doubles);
    }
  }

  /** Most values have none, and need no path. */
  private static boolean hasDoubles(Value value) {
    return value instanceof Value.DoubleValue
        || (value instanceof Value.ListValue list
            && list.elements().stream().anyMatch(ReservedWriter::hasDoubles))
        || (value instanceof Value.ObjectValue object
            && object.entries().values().stream().anyMatch(ReservedWriter::hasDoubles));
  }

  private static void collect(
      Value value, Deque<JsonWithInt.Value> path, ListValue.Builder doubles) {
    if (value instanceof Value.DoubleValue number) {
      if (SerdeDoubles.isHard(number.value())) {
        ListValue.Builder entry = ListValue.newBuilder().addAllValues(path);
        entry.addValues(JsonValues.integer(Double.doubleToRawLongBits(number.value())));
        doubles.addValues(JsonValues.list(entry));
      }
    } else if (value instanceof Value.ListValue list) {
      int position = 0;
      for (Value element : list.elements()) {
        path.addLast(JsonValues.integer(position++));
        collect(element, path, doubles);
        path.removeLast();
      }
    } else if (value instanceof Value.ObjectValue object) {
      for (Map.Entry<String, Value> entry : object.entries().entrySet()) {
        path.addLast(JsonValues.string(entry.getKey()));
        collect(entry.getValue(), path, doubles);
        path.removeLast();
      }
    }
  }

  private static void addTerms(Value value, ListValue.Builder terms) {
    if (value instanceof Value.StringValue text) {
      List<String> found = TextTerms.phrase(text.value());
      if (!found.isEmpty()) {
        terms.addValues(JsonValues.string(String.join(" ", found)));
      }
    }
  }
}
