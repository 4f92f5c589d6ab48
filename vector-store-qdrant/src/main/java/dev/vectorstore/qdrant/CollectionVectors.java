package dev.vectorstore.qdrant;

import dev.vectorstore.Metric;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStores;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.Datatype;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The vectors of a collection under the names that they have in Qdrant. The plain one is Qdrant's
 * own default vector, whose name is empty there too; so other clients find it, and no other name
 * can be its. Immutable.
 */
final class CollectionVectors {
  private static final int MAX_DIMENSION = 65_535;

  private final SortedMap<String, VectorSpec> served = new TreeMap<>();
  private final SortedMap<String, String> others = new TreeMap<>();

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
    if (metric.isPresent() && isOfFloats(vector) && !vector.hasMultivectorConfig()) {
      served.put(name, VectorSpec.of((int) vector.getSize(), metric.get()));
    } else {
      others.put(name, described(vector));
    }
  }

  private static boolean isOfFloats(VectorParams vector) {
    return vector.getSize() <= MAX_DIMENSION
        && (!vector.hasDatatype()
            || vector.getDatatype() == Datatype.Default
            || vector.getDatatype() == Datatype.Float32);
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

  /** The others for a message. */
  String othersListed() {
    return others.entrySet().stream()
        .map(vector -> named(vector.getKey()) + " (" + vector.getValue() + ")")
        .collect(Collectors.joining(", "));
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
