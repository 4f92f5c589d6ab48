package dev.vectorstore.migration;

import dev.vectorstore.FieldPath;
import dev.vectorstore.TextTerms;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The terms of all text fields of a row, found once for all queries: a row that lacks one of a
 * query's terms can't match it, and most rows do. Not safe for threads.
 */
final class RowTerms {
  private final VectorRecord row;
  private final List<FieldPath> fields;
  private @Nullable Set<String> terms;

  RowTerms(VectorRecord row, List<FieldPath> fields) {
    this.row = row;
    this.fields = fields;
  }

  /** Whether a match is possible. */
  boolean containAll(Set<String> wanted) {
    if (terms == null) {
      terms = new HashSet<>();
      for (FieldPath field : fields) {
        add(field, terms);
      }
    }
    return terms.containsAll(wanted);
  }

  private void add(FieldPath field, Set<String> found) {
    Value value = row.payload().toValue();
    for (String segment : field.segments()) {
      Value next = value instanceof Value.ObjectValue o ? o.entries().get(segment) : null;
      if (next == null) {
        return;
      }
      value = next;
    }
    add(value, found);
    if (value instanceof Value.ListValue list) {
      list.elements().forEach(element -> add(element, found));
    }
  }

  private static void add(Value value, Set<String> found) {
    if (value instanceof Value.StringValue text) {
      found.addAll(TextTerms.of(text.value()));
    }
  }
}
