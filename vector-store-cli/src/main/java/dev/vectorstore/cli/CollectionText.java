package dev.vectorstore.cli;

import dev.vectorstore.CollectionInfo.UnreadColumn;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorStores;
import java.util.List;
import java.util.stream.Collectors;

/** What the program says of a collection. Stateless. */
final class CollectionText {
  private CollectionText() {}

  /** What vectors a collection has. */
  static String vectors(CollectionSpec spec) {
    return spec.vectors().isEmpty()
        ? "no vectors"
        : spec.vectors().entrySet().stream()
            .map(
                vector ->
                    (vector.getKey().isEmpty() ? "" : vector.getKey() + ": ")
                        + vector.getValue().dimension()
                        + " dimensions, "
                        + vector.getValue().metric())
            .collect(Collectors.joining("; "));
  }

  /** A collection with its vectors and declared fields. */
  static String whole(CollectionSpec spec) {
    List<String> fields =
        spec.fields().entrySet().stream()
            .map(field -> String.join("/", field.getKey().segments()) + " " + field.getValue())
            .toList();
    return VectorStores.shownName(spec.name())
        + " ("
        + vectors(spec)
        + (fields.isEmpty() ? "" : "; " + String.join(", ", fields))
        + ")";
  }

  /** The columns and vectors that no record shows; empty without any. */
  static String unread(List<UnreadColumn> columns) {
    return columns.isEmpty()
        ? ""
        : columns.stream()
            .map(UnreadColumn::toString)
            .collect(Collectors.joining(", ", "not read: ", ""));
  }

  /** That a collection has no place in the target, and what to do. */
  static String leftOut(String name) {
    return VectorStores.shownName(name)
        + ": left out, since the target has no collection of this name and makes none; copy it by"
        + " --collection NAME=TARGET";
  }

  /** That a column, or a vector, isn't in the target, and what to do. */
  static String unmovable(UnreadColumn column) {
    return "the column or vector "
        + column
        + " can't be moved; if that is meant, drop it by a --mapping, and this is silent";
  }
}
