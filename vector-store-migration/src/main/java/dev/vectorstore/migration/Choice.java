package dev.vectorstore.migration;

import dev.vectorstore.Capability;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStores;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Says which collections are copied or verified, under which names, and changed how. Not safe for
 * threads while it is filled.
 */
final class Choice {
  private final Map<String, Optional<String>> collections = new LinkedHashMap<>();
  private final Map<String, Mapping> mappings = new LinkedHashMap<>();
  private boolean flatMetadata;

  Choice() {}

  Choice(Choice other) {
    collections.putAll(other.collections);
    mappings.putAll(other.mappings);
    flatMetadata = other.flatMetadata;
  }

  void add(String source, @Nullable String target) {
    collections.put(Objects.requireNonNull(source, "source"), Optional.ofNullable(target));
  }

  void map(String source, Mapping mapping) {
    mappings.put(
        Objects.requireNonNull(source, "source"), Objects.requireNonNull(mapping, "mapping"));
  }

  void flatMetadata(boolean flat) {
    flatMetadata = flat;
  }

  /**
   * What is chosen.
   *
   * @param parts the collections
   * @param leftOut those of the source that weren't named, and that the target can't call so
   */
  record Chosen(List<CopyJob.Part> parts, List<String> leftOut) {}

  /**
   * The collections; those that the source has where none was named.
   *
   * @param sameStore whether source and target are one
   */
  Chosen parts(VectorStore from, VectorStore to, boolean sameStore) {
    Map<String, Optional<String>> wanted = new LinkedHashMap<>(collections);
    if (wanted.isEmpty()) {
      from.collections().forEach(name -> wanted.put(name, Optional.empty()));
    }
    if (wanted.isEmpty()) {
      throw new InvalidRequest(
          "the source has no collections; check its URL, and that the key may see its tables");
    }
    requireKnown(from, wanted.keySet());
    List<CopyJob.Part> parts = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    Set<String> targets = new HashSet<>();
    wanted.forEach(
        (source, target) -> {
          CopyJob.Part part = part(source, target, sameStore);
          if (collections.isEmpty() && !hasPlace(part, to)) {
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
    return new Chosen(parts, leftOut);
  }

  /** Whether the target has the collection, or makes one of that name. */
  static boolean hasPlace(CopyJob.Part part, VectorStore to) {
    return VectorStores.isPortableName(part.target()) || to.exists(part.target());
  }

  /** A mapping of a collection that isn't there would do nothing, and nobody would know. */
  private void requireKnown(VectorStore from, Set<String> wanted) {
    Set<String> unknown = new TreeSet<>(mappings.keySet());
    unknown.removeAll(wanted);
    if (unknown.isEmpty()) {
      return;
    }
    List<String> there = from.collections();
    unknown.removeAll(there);
    if (!unknown.isEmpty()) {
      throw new InvalidRequest(
          "there are mappings for " + shown(unknown) + ", and the source has only " + shown(there));
    }
  }

  private static List<String> shown(Collection<String> names) {
    return names.stream().map(VectorStores::shownName).toList();
  }

  /** Whether two stores are one: equal, or what lasts under the same name. */
  static boolean isSame(VectorStore from, String fromName, VectorStore to, String toName) {
    boolean named = !toName.isEmpty() && fromName.equals(toName);
    return from.equals(to) || (named && to.capabilities().contains(Capability.DURABLE));
  }

  private CopyJob.Part part(String source, Optional<String> target, boolean sameStore) {
    Mapping mapping = mappings.getOrDefault(source, Mapping.identity());
    if (flatMetadata) {
      mapping = mapping.toBuilder().flatMetadata(true).build();
    }
    String name = target.or(mapping::target).orElse(source);
    if (sameStore && name.equals(source)) {
      throw new InvalidRequest(
          VectorStores.shownName(source)
              + " of source and target are one; it can't be copied onto itself, nor prove itself;"
              + " name another target");
    }
    return new CopyJob.Part(source, VectorStores.requireName(name), mapping);
  }
}
