package dev.vectorstore.migration;

import dev.vectorstore.VectorRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The vectors of a row, made ready once for all queries. Not safe for threads. */
final class RowVectors {
  private final VectorRecord row;
  private final Map<String, Optional<PreparedVector>> ready = new HashMap<>();

  RowVectors(VectorRecord row) {
    this.row = row;
  }

  Optional<PreparedVector> get(String name) {
    return ready.computeIfAbsent(name, n -> row.vector(n).map(PreparedVector::new));
  }
}
