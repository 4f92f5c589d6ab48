package dev.vectorstore.migration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorSpec;

/** The named vectors of a collection in reports. Stateless. */
final class NamedVectors {
  private NamedVectors() {}

  /** Adds {@code "vectors": {"name": {"dimension", "metric"}}}, where there are any. */
  static void write(ObjectNode node, CollectionSpec spec) {
    if (spec.vectors().keySet().stream().allMatch(VectorSpec.PLAIN::equals)) {
      return;
    }
    ObjectNode vectors = node.putObject("vectors");
    spec.vectors()
        .forEach(
            (name, vector) ->
                vectors
                    .putObject(name)
                    .put("dimension", vector.dimension())
                    .put("metric", vector.metric().name()));
  }
}
