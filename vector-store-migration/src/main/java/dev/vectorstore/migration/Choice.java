package dev.vectorstore.migration;

import dev.vectorstore.Capability;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStores;
import java.util.ArrayList;
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
   * The collections; those that the source has where none was named.
   *
   * @param sameStore whether source and target are one
   */
  List<CopyJob.Part> parts(VectorStore from, boolean sameStore) {
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
    Set<String> targets = new HashSet<>();
    wanted.forEach(
        (source, target) -> {
          CopyJob.Part part = part(source, target, sameStore);
          if (!targets.add(part.target())) {
            throw new InvalidRequest(
                "two collections would be copied to " + part.target() + "; rename one of them");
          }
          parts.add(part);
        });
    return parts;
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
          "there are mappings for " + unknown + ", and the source has only " + there);
    }
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
          source
              + " of source and target are one; it can't be copied onto itself, nor prove itself;"
              + " name another target");
    }
    return new CopyJob.Part(source, VectorStores.requirePortableName(name), mapping);
  }
}
