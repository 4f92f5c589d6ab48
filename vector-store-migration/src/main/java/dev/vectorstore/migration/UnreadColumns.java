package dev.vectorstore.migration;

import dev.vectorstore.CollectionSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lists the columns of a source that are lost: neither the vectors nor the payloads of its records
 * hold them. A column of {@code sparsevec} is one. A copy can't move them, and a comparison can't
 * see them. Stateless.
 */
final class UnreadColumns {
  /** The label by which a description names them: {@code name (type), name (type)}. */
  private static final String LABEL = "unread_columns";

  private UnreadColumns() {}

  /** Their names and types; not those that the mapping drops, which somebody knows of. */
  static List<String> of(CollectionSpec source, Mapping mapping) {
    String label = source.labels().getOrDefault(LABEL, "");
    return Stream.of(label.split("(?<=\\)), "))
        .filter(column -> !column.isEmpty() && !mapping.drops(name(column)))
        .collect(Collectors.toUnmodifiableList());
  }

  private static String name(String column) {
    int type = column.lastIndexOf(" (");
    return type < 0 ? column : column.substring(0, type);
  }

  /** The labels that are true of the target, too, where there are no such columns. */
  static Map<String, String> labelsOfTarget(CollectionSpec source) {
    return source.labels().entrySet().stream()
        .filter(label -> !label.getKey().equals(LABEL))
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
