package dev.vectorstore.qdrant;

import dev.vectorstore.Value;
import io.qdrant.client.grpc.JsonWithInt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the doubles of a payload back that stand-ins were stored for. It holds them by where they
 * are, in a tree of keys and positions, so that every list and object is copied once. Used by one
 * thread.
 */
final class Originals {
  /** Beyond what repeated storage moves a double by, and far below what a user would write. */
  private static final double SAME = 1e-12;

  private final Map<String, Originals> byKey = new HashMap<>();
  private final Map<Long, Originals> byPosition = new HashMap<>();
  private @Nullable Double original;

  private Originals() {}

  /** From what is stored: for each double its path and, last, its bits. */
  static Originals of(JsonWithInt.@Nullable Value stored) {
    Originals root = new Originals();
    if (stored != null) {
      for (JsonWithInt.Value entry : stored.getListValue().getValuesList()) {
        root.add(entry.getListValue().getValuesList());
      }
    }
    return root;
  }

  private void add(List<JsonWithInt.Value> entry) {
    if (entry.size() < 2) {
      return;
    }
    Originals at = this;
    for (JsonWithInt.Value step : entry.subList(0, entry.size() - 1)) {
      at =
          step.hasIntegerValue()
              ? at.byPosition.computeIfAbsent(step.getIntegerValue(), key -> new Originals())
              : at.byKey.computeIfAbsent(step.getStringValue(), key -> new Originals());
    }
    at.original = Double.longBitsToDouble(entry.get(entry.size() - 1).getIntegerValue());
  }

  /** Puts the values right; what somebody else changed since stays. */
  void restore(Map<String, Value> entries) {
    byKey.forEach((key, inner) -> entries.computeIfPresent(key, (k, value) -> inner.of(value)));
  }

  private Value of(Value value) {
    if (original != null && value instanceof Value.DoubleValue stored) {
      return isSame(stored.value(), original) ? new Value.DoubleValue(original) : value;
    }
    if (!byPosition.isEmpty() && value instanceof Value.ListValue list) {
      List<Value> elements = new ArrayList<>(list.elements());
      byPosition.forEach(
          (position, inner) -> {
            if (position >= 0 && position < elements.size()) {
              int at = position.intValue();
              elements.set(at, inner.of(elements.get(at)));
            }
          });
      return new Value.ListValue(elements);
    }
    if (!byKey.isEmpty() && value instanceof Value.ObjectValue object) {
      Map<String, Value> entries = new LinkedHashMap<>(object.entries());
      restore(entries);
      return new Value.ObjectValue(entries);
    }
    return value;
  }

  private static boolean isSame(double stored, double original) {
    return stored == original
        || Math.abs(stored - original) <= SAME * Math.abs(original)
        || Math.abs(stored - original) <= 64 * Double.MIN_VALUE;
  }
}
