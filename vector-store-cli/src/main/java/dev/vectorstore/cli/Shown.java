package dev.vectorstore.cli;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorStores;
import java.util.List;
import java.util.stream.Collectors;

/** Collections in words. Stateless. */
final class Shown {
  private Shown() {}

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
}
