package dev.vectorstore.migration;

import dev.vectorstore.Capability;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStores;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Says which collections go from which store to which, what they are called there, and what changes
 * on the way. A copy and its verification share one, so that what is proven is what was copied.
 * Nothing is read, and no store is closed. Immutable, with value equality: each method gives
 * another route. As safe for threads as its stores.
 *
 * <pre>{@code
 * Route route = Route.from(source, "postgrest:http://127.0.0.1:3000")
 *     .to(target, "qdrant:http://127.0.0.1:6334");
 * CopyReport copied = Copy.of(route).build().run();
 * VerifyReport verified = Verify.of(route).build().run();
 * }</pre>
 */
@CheckReturnValue
public final class Route {
  private final NamedStore from;
  private final NamedStore to;
  private final Map<String, Optional<String>> collections;
  private final Map<String, Mapping> mappings;
  private final boolean flatMetadata;

  /** A store and what tells it from others. */
  private record NamedStore(VectorStore store, String name) {
    NamedStore {
      Objects.requireNonNull(store, "store");
      Objects.requireNonNull(name, "name");
    }
  }

  private Route(
      NamedStore from,
      NamedStore to,
      Map<String, Optional<String>> collections,
      Map<String, Mapping> mappings,
      boolean flatMetadata) {
    this.from = from;
    this.to = to;
    this.collections = collections;
    this.mappings = mappings;
    this.flatMetadata = flatMetadata;
  }

  /**
   * Begins a route at its source.
   *
   * @param store the store that is read
   * @param name what tells it from other stores, such as its URL; part of the checkpoint, and what
   *     reports call it
   * @return the begin of a route
   */
  public static Start from(VectorStore store, String name) {
    return new Start(new NamedStore(store, name));
  }

  /** A route without a target. Immutable. */
  @CheckReturnValue
  public static final class Start {
    private final NamedStore from;

    private Start(NamedStore from) {
      this.from = from;
    }

    /**
     * The route of all collections of the source to this target, where they have their names and
     * are what they are.
     *
     * @param store the store that a copy writes to
     * @param name what tells it from other stores, such as its URL; part of the checkpoint, and
     *     what reports call it
     * @return a route
     */
    public Route to(VectorStore store, String name) {
      return new Route(from, new NamedStore(store, name), Map.of(), Map.of(), false);
    }
  }

  /**
   * Adds a collection. Without any, the route is that of all collections of the source but those
   * that the target has not and makes none of, since their names aren't portable: the reports name
   * them.
   *
   * @param source the source's collection; the target's is called as its mapping says, or likewise
   * @return another route
   * @throws InvalidRequest as {@link VectorStores#requireName}, or if it was added already
   */
  public Route collection(String source) {
    return withCollection(source, Optional.empty());
  }

  /**
   * Adds a collection that has another name in the target.
   *
   * @param source the source's collection
   * @param target the target's collection: of any name if it is there, else of a portable one
   *     ({@link VectorStores#isPortableName})
   * @return another route
   * @throws InvalidRequest as {@link VectorStores#requireName}, or if it was added already
   */
  public Route collection(String source, String target) {
    return withCollection(source, Optional.of(VectorStores.requireName(target)));
  }

  private Route withCollection(String source, Optional<String> target) {
    if (collections.containsKey(VectorStores.requireName(source))) {
      throw new InvalidRequest(
          "the route names "
              + VectorStores.shownName(source)
              + " twice; a collection goes to one other, so name it once");
    }
    Map<String, Optional<String>> more = new LinkedHashMap<>(collections);
    more.put(source, target);
    return new Route(from, to, Collections.unmodifiableMap(more), mappings, flatMetadata);
  }

  /**
   * Changes a collection on the way, in place of what was said before; it adds none.
   *
   * @param source the source's collection
   * @param mapping what changes
   * @return another route
   * @throws InvalidRequest as {@link VectorStores#requireName}
   */
  public Route mapping(String source, Mapping mapping) {
    return mappings(Map.of(source, mapping));
  }

  /**
   * Changes collections on the way, in place of what was said before of the same ones.
   *
   * @param more what changes, by the source's collection, as {@link Mapping#parse} reads it
   * @return another route
   * @throws InvalidRequest as {@link VectorStores#requireName}
   */
  public Route mappings(Map<String, Mapping> more) {
    Map<String, Mapping> all = new LinkedHashMap<>(mappings);
    more.forEach(
        (source, mapping) ->
            all.put(VectorStores.requireName(source), Objects.requireNonNull(mapping, "mapping")));
    return new Route(from, to, collections, Collections.unmodifiableMap(all), flatMetadata);
  }

  /**
   * Puts the keys of {@code metadata} beside the columns, in every collection.
   *
   * @param flat true for the flat layout
   * @return another route
   */
  public Route flatMetadata(boolean flat) {
    return new Route(from, to, collections, mappings, flat);
  }

  VectorStore from() {
    return from.store();
  }

  String fromName() {
    return from.name();
  }

  VectorStore to() {
    return to.store();
  }

  String toName() {
    return to.name();
  }

  /** The named collections, each with its name in the target where that was given. */
  Map<String, Optional<String>> collections() {
    return collections;
  }

  /** Which collections have a mapping of their own. */
  Set<String> mapped() {
    return mappings.keySet();
  }

  /** What changes a collection on the way. */
  Mapping mapping(String source) {
    Mapping mapping = mappings.getOrDefault(source, Mapping.identity());
    return flatMetadata ? mapping.toBuilder().flatMetadata(true).build() : mapping;
  }

  /** Whether source and target are one store: equal, or what lasts under the same name. */
  boolean isWithinOneStore() {
    boolean named = !to.name().isEmpty() && from.name().equals(to.name());
    return from.store().equals(to.store())
        || (named && to.store().capabilities().contains(Capability.DURABLE));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Route route
        && from.equals(route.from)
        && to.equals(route.to)
        && collections.equals(route.collections)
        && mappings.equals(route.mappings)
        && flatMetadata == route.flatMetadata;
  }

  @Override
  public int hashCode() {
    return Objects.hash(from, to, collections, mappings, flatMetadata);
  }

  /** The names of the stores and of the collections, for people. */
  @Override
  public String toString() {
    return "Route[" + from.name() + " to " + to.name() + ", collections=" + collections + "]";
  }
}
