package dev.vectorstore;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which vector of a collection is meant by a name, or by none. */
final class VectorNames {
  private VectorNames() {}

  /** Refuses names that some engine can't give a vector. */
  static void requirePortable(Set<String> names) {
    for (String name : names) {
      if (!name.equals(VectorSpec.PLAIN) && !Names.isPortable(name)) {
        throw new VectorStoreException.InvalidRequest(
            "the vector name "
                + Names.shown(name)
                + " isn't a letter followed by up to 62 letters, digits, _ or -");
      }
    }
  }

  /** The plain vector, or the only one, where none is named; empty if the collection has none. */
  static Optional<String> byDefault(Map<String, VectorSpec> vectors) {
    if (vectors.containsKey(VectorSpec.PLAIN)) {
      return Optional.of(VectorSpec.PLAIN);
    }
    return vectors.size() == 1 ? vectors.keySet().stream().findFirst() : Optional.empty();
  }

  /** The name that a vector has in the collection. */
  static String resolve(Map<String, VectorSpec> vectors, String name, String what) {
    if (vectors.containsKey(name)) {
      return name;
    }
    if (vectors.isEmpty()) {
      throw new VectorStoreException.InvalidRequest(
          what + " has no place: the collection was made without vectors");
    }
    if (!name.equals(VectorSpec.PLAIN)) {
      throw new VectorStoreException.InvalidRequest(
          what + " is named " + Names.shown(name) + "; the collection has " + list(vectors));
    }
    return byDefault(vectors)
        .orElseThrow(
            () ->
                new VectorStoreException.InvalidRequest(
                    what
                        + " isn't named, and the collection has "
                        + list(vectors)
                        + "; say which one is meant, by using(name) in a search and by"
                        + " withVector(name, vector) in a record"));
  }

  static VectorSpec get(Map<String, VectorSpec> vectors, String name, String what) {
    return Objects.requireNonNull(vectors.get(resolve(vectors, name, what)));
  }

  /** All names with their dimensions and metrics. */
  static String list(Map<String, VectorSpec> vectors) {
    return vectors.entrySet().stream()
        .map(
            vector ->
                (vector.getKey().equals(VectorSpec.PLAIN)
                        ? "a plain vector"
                        : "the vector " + Names.shown(vector.getKey()))
                    + " ("
                    + vector.getValue()
                    + ")")
        .collect(Collectors.joining(", "));
  }
}
