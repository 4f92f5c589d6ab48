package dev.vectorstore.qdrant;

import dev.vectorstore.CollectionInfo.UnreadColumn;
import dev.vectorstore.Metric;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.VectorStores;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.Datatype;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The vectors of a collection under the names that they have in Qdrant. The plain one is Qdrant's
 * own default vector, whose name is empty there too; so other clients find it, and no other name
 * can be its. Immutable.
 */
final class CollectionVectors {
  private static final int MAX_DIMENSION = 65_535;

  /** How a default vector is called where an empty name would look like none. */
  private static final String DEFAULT = "default vector";

  private final SortedMap<String, VectorSpec> served = new TreeMap<>();
  private final SortedMap<String, String> others = new TreeMap<>();
  private final SortedMap<String, Datatype> rounded = new TreeMap<>();
  private final SortedSet<String> changed = new TreeSet<>();

  private CollectionVectors() {}

  /** Those of a collection, apart from those that its ranked texts have. */
  static CollectionVectors of(CollectionInfo info) {
    CollectionVectors vectors = new CollectionVectors();
    dense(info).forEach(vectors::add);
    Set<String> ours = new Metadata(info.getConfig().getMetadataMap()).rankedVectors();
    info.getConfig().getParams().getSparseVectorsConfig().getMapMap().keySet().stream()
        .filter(name -> !ours.contains(name))
        .forEach(name -> vectors.others.put(name, "sparse"));
    return vectors;
  }

  private void add(String name, VectorParams vector) {
    Optional<Metric> metric = metric(vector.getDistance());
    boolean known = vector.getDatatype() != Datatype.UNRECOGNIZED;
    if (metric.isPresent()
        && known
        && vector.getSize() <= MAX_DIMENSION
        && !vector.hasMultivectorConfig()) {
      served.put(name, VectorSpec.of((int) vector.getSize(), metric.get()));
      if (!isOfFloats(vector)) {
        rounded.put(name, vector.getDatatype());
      }
    } else {
      others.put(name, described(vector));
    }
  }

  private static boolean isOfFloats(VectorParams vector) {
    return !vector.hasDatatype()
        || vector.getDatatype() == Datatype.Default
        || vector.getDatatype() == Datatype.Float32;
  }

  /**
   * These as whoever opened the collection knew them: others that were added since aren't shown,
   * and one that was dropped, or made anew as another, is refused where it is used.
   */
  CollectionVectors asOpened(CollectionVectors opened) {
    CollectionVectors vectors = new CollectionVectors();
    vectors.served.putAll(opened.served);
    vectors.rounded.putAll(rounded);
    vectors.others.putAll(others);
    opened.served.forEach(
        (name, known) -> {
          VectorSpec now = served.get(name);
          boolean other = now == null ? others.containsKey(name) : !now.equals(known);
          if (other || opened.changed.contains(name)) {
            vectors.changed.add(name);
          }
        });
    return vectors;
  }

  /** Whether these are the same. */
  boolean areAs(CollectionVectors opened) {
    return served.equals(opened.served) && others.equals(opened.others);
  }

  /** Refuses vectors that aren't those any more that they were when the collection was opened. */
  void requireUnchanged(Collection<String> names) {
    for (String name : names) {
      if (changed.contains(name)) {
        throw new Conflict(
            named(name)
                + " was dropped and made anew as another one since the collection was opened; ask"
                + " the store for the collection again");
      }
    }
  }

  /** Refuses a search by vectors whose components aren't floats, to which a query is cut. */
  void requireSearchable(String name) {
    if (!isSearchable(name)) {
      throw new UnsupportedFeature(
          named(name)
              + " has components of "
              + rounded.get(name)
              + ", to which Qdrant would cut those of the query; search another vector, or use"
              + " Qdrant's own client");
    }
  }

  private boolean isSearchable(String name) {
    Datatype type = rounded.get(name);
    return type == null || type == Datatype.Float16;
  }

  /** Whether there is a vector that can be searched here. */
  boolean canBeSearched() {
    return served.keySet().stream().anyMatch(this::isSearchable);
  }

  /** Whether a write of a record would keep all of its vectors as they are given. */
  boolean canBeWritten() {
    return others.isEmpty() && rounded.isEmpty();
  }

  private static String described(VectorParams vector) {
    return (vector.hasMultivectorConfig() ? "several of " : "")
        + vector.getSize()
        + " dimensions, "
        + vector.getDistance()
        + (isOfFloats(vector) ? "" : ", " + vector.getDatatype());
  }

  /** Those that records have here. */
  Map<String, VectorSpec> served() {
    return Collections.unmodifiableMap(served);
  }

  /** Those that can't be read or written here, each with what it is. */
  Map<String, String> others() {
    return Collections.unmodifiableMap(others);
  }

  /** What of the records isn't read, for the description. */
  List<UnreadColumn> unread() {
    return others.entrySet().stream()
        .map(
            vector ->
                new UnreadColumn(
                    vector.getKey().equals(VectorSpec.PLAIN) ? DEFAULT : vector.getKey(),
                    vector.getValue()))
        .toList();
  }

  /** What keeps the collection from being written, for a message. */
  String unwritable() {
    List<String> reasons = new ArrayList<>();
    if (!others.isEmpty()) {
      reasons.add(
          "it has vectors that can't be read here, "
              + others.entrySet().stream()
                  .map(vector -> named(vector.getKey()) + " (" + vector.getValue() + ")")
                  .collect(Collectors.joining(", "))
              + ", which a write would lose");
    }
    if (!rounded.isEmpty()) {
      reasons.add(
          "it has vectors whose components a write would round, "
              + rounded.entrySet().stream()
                  .map(vector -> named(vector.getKey()) + " (" + vector.getValue() + ")")
                  .collect(Collectors.joining(", ")));
    }
    return String.join("; ", reasons);
  }

  /** One for a message. */
  static String named(String name) {
    return name.equals(VectorSpec.PLAIN)
        ? "a default vector"
        : "the vector " + VectorStores.shownName(name);
  }

  /** The settings of all vectors that aren't sparse. */
  static Map<String, VectorParams> dense(CollectionInfo info) {
    VectorsConfig config = info.getConfig().getParams().getVectorsConfig();
    return switch (config.getConfigCase()) {
      case PARAMS -> Map.of(VectorSpec.PLAIN, config.getParams());
      case PARAMS_MAP -> config.getParamsMap().getMapMap();
      case CONFIG_NOT_SET -> Map.of();
    };
  }

  private static Optional<Metric> metric(Distance distance) {
    return switch (distance) {
      case Cosine -> Optional.of(Metric.COSINE);
      case Dot -> Optional.of(Metric.DOT);
      case Euclid -> Optional.of(Metric.EUCLIDEAN);
      default -> Optional.empty();
    };
  }

  static Distance distance(Metric metric) {
    return switch (metric) {
      case COSINE -> Distance.Cosine;
      case DOT -> Distance.Dot;
      case EUCLIDEAN -> Distance.Euclid;
    };
  }
}
