package dev.vectorstore;

import java.util.List;

/**
 * PostgreSQL's {@code jsonb @>} (the manual's section 8.14.3): objects by key, lists as sets,
 * scalars by type and numeric value. A list contains a scalar at the top level only.
 */
final class Containment {
  private Containment() {}

  static boolean containsAtTop(Value document, Value contained) {
    if (document instanceof Value.ListValue list && isScalar(contained)) {
      return contains(list, new Value.ListValue(List.of(contained)));
    }
    return contains(document, contained);
  }

  private static boolean contains(Value document, Value contained) {
    if (contained instanceof Value.ObjectValue wanted) {
      return document instanceof Value.ObjectValue object
          && wanted.entries().entrySet().stream()
              .allMatch(
                  entry -> {
                    Value value = object.entries().get(entry.getKey());
                    return value != null && contains(value, entry.getValue());
                  });
    }
    if (contained instanceof Value.ListValue wanted) {
      return document instanceof Value.ListValue list
          && wanted.elements().stream()
              .allMatch(
                  element -> list.elements().stream().anyMatch(own -> contains(own, element)));
    }
    return FilterMeaning.scalarsEqual(document, contained);
  }

  private static boolean isScalar(Value value) {
    return !(value instanceof Value.ObjectValue) && !(value instanceof Value.ListValue);
  }
}
