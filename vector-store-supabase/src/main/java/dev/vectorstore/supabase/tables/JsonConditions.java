package dev.vectorstore.supabase.tables;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Value;
import dev.vectorstore.support.Bounds;
import java.util.ArrayList;
import java.util.List;

/** Says of a {@code jsonb} column that a reader's value of it contains another one. */
final class JsonConditions {
  private JsonConditions() {}

  /** The value at the path is the scalar, or a list with it. */
  static Bounds<Condition> equal(Column column, List<String> segments, Value scalar, int most) {
    Value wrapped = JsonPaths.wrap(segments, scalar);
    if (segments.size() == 1) {
      // The same at the top of a jsonb, in Postgres too.
      return any(column, segments, List.of(wrapped), most);
    }
    Value listed = JsonPaths.wrap(segments, new Value.ListValue(List.of(scalar)));
    return any(column, segments, List.of(wrapped, listed), most);
  }

  /** The value at the path contains a list or an object. */
  static Bounds<Condition> contains(
      Column column, List<String> segments, Value contained, int most) {
    return any(column, segments, List.of(JsonPaths.wrap(segments, contained)), most);
  }

  private static Bounds<Condition> any(
      Column column, List<String> segments, List<Value> contained, int most) {
    Bounds<Condition> refused =
        Advice.refused(
            "a comparison with a number that JSON writes in more ways than one, or with its text,",
            new FieldPath(segments),
            "compare with whole numbers or other texts, or read the rows and test them");
    List<Condition> conditions = new ArrayList<>();
    boolean exact = true;
    for (Value value : contained) {
      Spellings spellings = Spellings.of(value, most);
      if (spellings.json().isEmpty()) {
        return refused;
      }
      exact &= spellings.exact();
      spellings.json().forEach(json -> conditions.add(containing(column, json)));
    }
    Condition any = Condition.notNull(column, Condition.or(conditions));
    return exact
        ? Bounds.exactly(any)
        : Bounds.and(List.of(Bounds.atMost(any), refused), Condition.CONNECTIVES);
  }

  private static Condition containing(Column column, String json) {
    return new Condition.Comparison(column.name(), "cs", json);
  }
}
