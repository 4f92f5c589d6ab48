package dev.vectorstore.supabase.managed;

import dev.vectorstore.Value;
import dev.vectorstore.Value.ListValue;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A filter's shape for people to read, without the values that it compares with. */
final class FilterOutline {
  private static final Set<String> GROUPS = Set.of("and", "or", "not");
  private static final Set<String> WITHOUT_PATH = Set.of("ids", "text", "phrase");

  private FilterOutline() {}

  static String of(@Nullable Value filter) {
    return filter == null ? "" : " where " + outline(((ListValue) filter).elements());
  }

  private static String outline(List<Value> parts) {
    String kind = ((Value.StringValue) parts.get(0)).value();
    if (GROUPS.contains(kind)) {
      return parts.stream()
          .skip(1)
          .map(part -> outline(((ListValue) part).elements()))
          .collect(Collectors.joining(", ", kind + "(", ")"));
    }
    return kind + (WITHOUT_PATH.contains(kind) ? "(?)" : "(" + parts.get(1) + ", ?)");
  }
}
