package dev.vectorstore.migration;

import dev.vectorstore.FieldPath;
import dev.vectorstore.TextTerms;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The terms of the text fields of a row, found once for all queries: most rows have none of a
 * query's terms. Not safe for threads.
 */
final class RowTerms {
  private final VectorRecord row;
  private final Map<FieldPath, Set<String>> terms = new HashMap<>();

  RowTerms(VectorRecord row) {
    this.row = row;
  }

  /** Whether one of the fields has at least one of the terms. */
  boolean hasAny(Collection<FieldPath> fields, Collection<String> wanted) {
    for (FieldPath field : fields) {
      if (!Collections.disjoint(of(field), wanted)) {
        return true;
      }
    }
    return false;
  }

  /** Whether one of the fields has all of the terms; of a list, maybe not in one element. */
  boolean hasAll(Collection<FieldPath> fields, Collection<String> wanted) {
    for (FieldPath field : fields) {
      if (of(field).containsAll(wanted)) {
        return true;
      }
    }
    return false;
  }

  private Set<String> of(FieldPath field) {
    return terms.computeIfAbsent(field, this::find);
  }

  private Set<String> find(FieldPath field) {
    Value value = row.payload().toValue();
    for (String segment : field.segments()) {
      Value next = value instanceof Value.ObjectValue o ? o.entries().get(segment) : null;
      if (next == null) {
        return Set.of();
      }
      value = next;
    }
    Set<String> found = new HashSet<>();
    add(value, found);
    if (value instanceof Value.ListValue list) {
      list.elements().forEach(element -> add(element, found));
    }
    return found;
  }

  private static void add(Value value, Set<String> found) {
    if (value instanceof Value.StringValue text) {
      found.addAll(TextTerms.of(text.value()));
    }
  }
}
