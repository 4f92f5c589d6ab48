package dev.vectorstore.supabase.managed;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.vectorstore.Value;
import dev.vectorstore.supabase.tables.JsonText;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A filter as our functions take it: a list of its kind, the filters in it, and its arguments.
 *
 * @param kind what the functions call it
 * @param members the filters of a connective; of a predicate none
 * @param arguments what a predicate compares with; of a connective none
 */
record FilterJson(String kind, List<FilterJson> members, List<Value> arguments) {
  private static final Set<String> WITHOUT_PATH = Set.of("ids", "text", "phrase");

  static FilterJson connective(String kind, List<FilterJson> members) {
    return new FilterJson(kind, members, List.of());
  }

  static FilterJson predicate(String kind, Value... arguments) {
    return new FilterJson(kind, List.of(), List.of(arguments));
  }

  void write(JsonGenerator out) throws IOException {
    out.writeStartArray();
    out.writeString(kind);
    for (FilterJson member : members) {
      member.write(out);
    }
    for (Value argument : arguments) {
      JsonText.write(out, argument);
    }
    out.writeEndArray();
  }

  /** A filter's shape for people to read, without the values that it compares with. */
  static String outline(@Nullable FilterJson filter) {
    return filter == null ? "" : " where " + filter.shape();
  }

  private String shape() {
    if (!members.isEmpty()) {
      return members.stream()
          .map(FilterJson::shape)
          .collect(Collectors.joining(", ", kind + "(", ")"));
    }
    return kind + (WITHOUT_PATH.contains(kind) ? "(?)" : "(" + arguments.get(0) + ", ?)");
  }
}
