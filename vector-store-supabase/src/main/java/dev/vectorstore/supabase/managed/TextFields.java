package dev.vectorstore.supabase.managed;

import dev.vectorstore.FieldPath;
import dev.vectorstore.TextTerms;
import dev.vectorstore.Value;
import dev.vectorstore.support.PayloadPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text fields of a collection, each with its position among all its fields, and the terms of
 * their texts as our tables keep them: {@code 3: red fox } is a text of field 3. Immutable.
 */
final class TextFields {
  private final Map<FieldPath, Integer> positions;

  TextFields(Map<FieldPath, Integer> positions) {
    this.positions = new LinkedHashMap<>(positions);
  }

  /** The position of a declared text field. */
  int position(FieldPath path) {
    Integer position = positions.get(path);
    if (position == null) {
      throw new IllegalStateException("the core refuses text on a field that isn't declared");
    }
    return position;
  }

  boolean isEmpty() {
    return positions.isEmpty();
  }

  /** The terms of all texts of a payload. */
  List<String> terms(Value.ObjectValue payload) {
    List<String> terms = new ArrayList<>();
    positions.forEach((path, position) -> addTerms(payload, path, position, terms));
    return terms;
  }

  /** The positions of the fields whose texts a change of these top-level keys changes. */
  List<Integer> under(Collection<String> keys) {
    List<Integer> under = new ArrayList<>();
    positions.forEach(
        (path, position) -> {
          if (keys.contains(path.segments().get(0))) {
            under.add(position);
          }
        });
    return under;
  }

  private static void addTerms(
      Value.ObjectValue payload, FieldPath path, int position, List<String> terms) {
    Value value = PayloadPath.at(payload, path);
    if (value instanceof Value.ListValue list) {
      list.elements().forEach(element -> addTerms(element, position, terms));
    } else {
      addTerms(value, position, terms);
    }
  }

  private static void addTerms(@Nullable Value text, int position, List<String> terms) {
    if (text instanceof Value.StringValue string) {
      List<String> made = TextTerms.phrase(string.value());
      if (!made.isEmpty()) {
        terms.add(position + ": " + String.join(" ", made) + " ");
      }
    }
  }
}
