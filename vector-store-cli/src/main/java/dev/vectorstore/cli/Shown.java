package dev.vectorstore.cli;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorStores;
import java.util.List;

/** Collections in words. Stateless. */
final class Shown {
  private Shown() {}

  /** What vectors a collection has. */
  static String vectors(CollectionSpec spec) {
    return spec.metric()
        .map(metric -> spec.dimension().orElse(0) + " dimensions, " + metric)
        .orElse("no vectors");
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
