package dev.vectorstore.migration;

import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStores;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A route whose collections were looked up in its stores. Immutable.
 *
 * @param route the route
 * @param parts the collections that take it
 * @param leftOut the source's collections that weren't named and have no place in the target
 */
record ResolvedRoute(Route route, List<Part> parts, List<String> leftOut) {
  /**
   * One collection.
   *
   * @param source the source's collection
   * @param target the target's collection
   * @param mapping what changes on the way
   */
  record Part(String source, String target, Mapping mapping) {
    /** Whether the target has the collection, or makes one of that name. */
    boolean hasPlace(VectorStore to) {
      return VectorStores.isPortableName(target) || to.exists(target);
    }

    @Override
    public String toString() {
      String name = VectorStores.shownName(source);
      return source.equals(target) ? name : name + " to " + VectorStores.shownName(target);
    }
  }

  ResolvedRoute {
    parts = List.copyOf(parts);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * Looks up the collections: those that the source has, where the route names none.
   *
   * @throws InvalidRequest if there are none, one would be copied onto itself or two to one, or a
   *     mapping is that of none
   */
  static ResolvedRoute of(Route route) {
    boolean all = route.collections().isEmpty();
    Map<String, Optional<String>> wanted = all ? everyCollection(route) : route.collections();
    requireKnown(route, wanted.keySet());
    boolean oneStore = route.isWithinOneStore();
    List<Part> parts = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    Set<String> targets = new HashSet<>();
    wanted.forEach(
        (source, target) -> {
          Part part = part(route, source, target);
          requireOther(part, oneStore);
          if (all && !part.hasPlace(route.to())) {
            leftOut.add(source);
            return;
          }
          if (!targets.add(part.target())) {
            throw new InvalidRequest(
                "two collections would be copied to "
                    + VectorStores.shownName(part.target())
                    + "; rename one of them");
          }
          parts.add(part);
        });
    return new ResolvedRoute(route, parts, leftOut);
  }

  VectorStore from() {
    return route.from();
  }

  VectorStore to() {
    return route.to();
  }

  private static Map<String, Optional<String>> everyCollection(Route route) {
    Map<String, Optional<String>> all = new LinkedHashMap<>();
    route.from().collections().forEach(name -> all.put(name, Optional.empty()));
    if (all.isEmpty()) {
      throw new InvalidRequest(
          "the source has no collections; check its URL, and that the key may see its tables");
    }
    return all;
  }

  private static Part part(Route route, String source, Optional<String> target) {
    Mapping mapping = route.mapping(source);
    return new Part(source, target.or(mapping::target).orElse(source), mapping);
  }

  private static void requireOther(Part part, boolean oneStore) {
    if (oneStore && part.target().equals(part.source())) {
      throw new InvalidRequest(
          VectorStores.shownName(part.source())
              + " of source and target are one; it can't be copied onto itself, nor prove itself;"
              + " name another target");
    }
  }

  /** A mapping of a collection that isn't there would do nothing, and nobody would know. */
  private static void requireKnown(Route route, Set<String> wanted) {
    Set<String> unknown = new TreeSet<>(route.mapped());
    unknown.removeAll(wanted);
    if (unknown.isEmpty()) {
      return;
    }
    List<String> there = route.from().collections();
    unknown.removeAll(there);
    if (!unknown.isEmpty()) {
      throw new InvalidRequest(
          "there are mappings for " + shown(unknown) + ", and the source has only " + shown(there));
    }
  }

  private static List<String> shown(Collection<String> names) {
    return names.stream().map(VectorStores::shownName).toList();
  }
}
