package dev.vectorstore.support;

import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStores;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Names the collection that is there where one is asked for in another case. The list of
 * collections is read for that only once a collection wasn't found.
 */
final class OtherCase {
  private OtherCase() {}

  static <T> T named(StoreEngine engine, String name, Attempt attempt, Supplier<T> request) {
    try {
      return request.get();
    } catch (NotFound absent) {
      List<String> others = others(engine, name, attempt, absent);
      if (others.isEmpty()) {
        throw absent;
      }
      throw new NotFound(
          "there is no collection of this name, but "
              + others.stream().map(VectorStores::shownName).collect(Collectors.joining(" and "))
              + ", which differs in case only; ask for it as it is called",
          absent);
    }
  }

  /** An engine that doesn't tell its collections is no reason to hide the first error. */
  private static List<String> others(
      StoreEngine engine, String name, Attempt attempt, NotFound absent) {
    try {
      return engine.collections(attempt).stream()
          .filter(other -> other.equalsIgnoreCase(name) && !other.equals(name))
          .sorted()
          .toList();
    } catch (VectorStoreException untold) {
      absent.addSuppressed(untold);
      return List.of();
    }
  }
}
