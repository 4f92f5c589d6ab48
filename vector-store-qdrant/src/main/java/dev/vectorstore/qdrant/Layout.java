package dev.vectorstore.qdrant;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.IdKind;
import dev.vectorstore.Metric;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.support.RankedFields;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.Datatype;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.Modifier;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Collections.SparseVectorParams;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.Points.PayloadExcludeSelector;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Describes how a collection is laid out in Qdrant. The metadata say it of a collection of ours; of
 * another's it is derived as far as it goes. Immutable.
 */
final class Layout {
  /** The name of the vector in collections of ours. */
  static final String VECTOR = "v";

  static final Set<Capability> CAPABILITIES =
      Set.of(
          Capability.MANAGE,
          Capability.WRITE,
          Capability.VECTOR_SEARCH,
          Capability.FULL_FILTER,
          Capability.EXACT,
          Capability.TERMS,
          Capability.PHRASE,
          Capability.RANKED_TEXT,
          Capability.INSERT_ONLY,
          Capability.DURABLE,
          Capability.REMOTE);

  /** What rests on terms. */
  private static final Set<Capability> TEXTS =
      Set.of(Capability.TERMS, Capability.PHRASE, Capability.RANKED_TEXT);

  private final CollectionSpec spec;
  private final Set<Capability> capabilities;
  private final String vectorName;
  private final Map<FieldPath, TextSlot> slots;
  private final List<TextSlot> rankedSlots;
  private final boolean outdated;
  private final WithPayloadSelector wholePayload;
  private final Map<List<String>, PayloadSchemaType> indexes;
  private final ServerLimits limits;
  private final String vectorNames;
  private final RequestOptions requests;

  private Layout(
      CollectionSpec spec,
      Set<Capability> capabilities,
      String vectorName,
      CollectionInfo info,
      QdrantCollectionOptions options) {
    Metadata metadata = new Metadata(info.getConfig().getMetadataMap());
    this.spec = spec;
    this.capabilities = capabilities;
    this.vectorName = vectorName;
    this.slots = Indexes.slots(metadata, info.getPayloadSchemaMap());
    this.rankedSlots = slots.values().stream().filter(TextSlot::ranked).toList();
    this.indexes = Indexes.types(info.getPayloadSchemaMap());
    this.wholePayload = wholePayload(metadata);
    this.outdated = metadata.isOutdated();
    this.limits = ServerLimits.of(info);
    this.vectorNames = hasSeveral(info) ? vectorNames(info) : "";
    this.requests = RequestOptions.of(options, info, limits);
  }

  static Layout of(String name, CollectionInfo info, QdrantCollectionOptions options) {
    Metadata metadata = new Metadata(info.getConfig().getMetadataMap());
    metadata.requireKnownFormat(name);
    Optional<Map.Entry<String, VectorParams>> vector = usable(info, options.vector());
    CollectionSpec.Builder spec = CollectionSpec.builder(name);
    vector.ifPresent(
        found ->
            spec.vectors((int) found.getValue().getSize(), metric(found.getValue()).orElseThrow()));
    metadata.fields().forEach(field -> spec.field(field.path(), field.type()));
    metadata.labels().forEach(spec::label);
    List<IdKind> kinds = metadata.idKinds();
    spec.idKinds(kinds.get(0), kinds.toArray(new IdKind[0]));
    if (!metadata.isOurs()) {
      Indexes.derived(info.getPayloadSchemaMap()).forEach((path, type) -> spec.field(path, type));
    }
    return new Layout(
        spec.build(),
        capabilities(vector.isPresent(), info, metadata),
        vector.map(Map.Entry::getKey).orElse(VECTOR),
        info,
        options);
  }

  /**
   * A collection of several vectors, or of one that we can't read, must not be written: they would
   * be lost. Another's texts have no terms of ours, and those of an older version have others.
   */
  private static Set<Capability> capabilities(
      boolean usable, CollectionInfo info, Metadata metadata) {
    Set<Capability> capabilities = EnumSet.copyOf(CAPABILITIES);
    boolean unreadable = !usable && hasVectors(info);
    if (unreadable) {
      capabilities.removeAll(Set.of(Capability.VECTOR_SEARCH, Capability.EXACT));
    }
    if (unreadable || hasSeveral(info)) {
      capabilities.removeAll(Set.of(Capability.WRITE, Capability.INSERT_ONLY));
    }
    if (!ServerLimits.of(info).allowExact()) {
      capabilities.remove(Capability.EXACT);
    }
    if (!metadata.isOurs() || metadata.isOutdated()) {
      capabilities.removeAll(TEXTS);
    } else if (!isRanked(info, metadata)) {
      capabilities.remove(Capability.RANKED_TEXT);
    }
    return capabilities;
  }

  /** Whether each ranked field has its vector, and the index of its terms. */
  private static boolean isRanked(CollectionInfo info, Metadata metadata) {
    Map<String, SparseVectorParams> sparse = sparse(info);
    boolean weighed =
        metadata.fields().stream()
            .filter(field -> field.type() == FieldType.TEXT)
            .allMatch(Metadata.Field::isRanked);
    return weighed
        && Indexes.slots(metadata, info.getPayloadSchemaMap()).values().stream()
            .filter(TextSlot::ranked)
            .allMatch(
                slot ->
                    slot.indexed()
                        && sparse.containsKey(slot.key())
                        && sparse.get(slot.key()).getModifier() == Modifier.Idf);
  }

  private static Map<String, SparseVectorParams> sparse(CollectionInfo info) {
    return info.getConfig().getParams().getSparseVectorsConfig().getMapMap();
  }

  /** How many sparse vectors aren't those of our ranked fields. */
  private static long othersSparse(CollectionInfo info) {
    Set<String> ours = new Metadata(info.getConfig().getMetadataMap()).rankedVectors();
    return sparse(info).keySet().stream().filter(name -> !ours.contains(name)).count();
  }

  CollectionSpec spec() {
    return spec;
  }

  dev.vectorstore.CollectionInfo info() {
    return dev.vectorstore.CollectionInfo.of(spec, capabilities);
  }

  /** The vector's name, empty for the unnamed one. */
  String vectorName() {
    return vectorName;
  }

  List<TextSlot> slots() {
    return List.copyOf(slots.values());
  }

  /** Those of ranked fields. */
  List<TextSlot> rankedSlots() {
    return rankedSlots;
  }

  /** Selects the user's keys and what restores them, without our terms. */
  WithPayloadSelector wholePayload() {
    return wholePayload;
  }

  private static WithPayloadSelector wholePayload(Metadata metadata) {
    PayloadExcludeSelector.Builder terms = PayloadExcludeSelector.newBuilder();
    metadata.fields().stream()
        .filter(field -> field.type().isText())
        .flatMap(Metadata.Field::slots)
        .forEach(slot -> terms.addFields(Reserved.path(slot)));
    return terms.getFieldsCount() == 0
        ? WithPayloadSelector.newBuilder().setEnable(true).build()
        : WithPayloadSelector.newBuilder().setExclude(terms).build();
  }

  @Nullable TextSlot slot(FieldPath field) {
    return slots.get(field);
  }

  /**
   * Whether Qdrant compares the numbers of a field as they are stored. An integer index drops
   * decimals, and an index of instants is asked for numbers too, and has none.
   */
  boolean comparesNumbers(FieldPath field) {
    PayloadSchemaType index = indexes.get(field.segments());
    return index != PayloadSchemaType.Integer && index != PayloadSchemaType.Datetime;
  }

  /** Whether Qdrant compares texts as they are; an index of UUIDs compares what they mean. */
  boolean comparesTexts(FieldPath field) {
    return indexes.get(field.segments()) != PayloadSchemaType.Uuid;
  }

  /** Whether Qdrant compares the instants of a field; it asks an index of numbers for them too. */
  boolean comparesInstants(FieldPath field) {
    PayloadSchemaType index = indexes.get(field.segments());
    return index != PayloadSchemaType.Integer && index != PayloadSchemaType.Float;
  }

  /** What to say where the collection can't be searched or written for its vectors or texts. */
  Optional<String> advice(Capability lacking) {
    if (outdated && TEXTS.contains(lacking)) {
      return Optional.of(
          "the terms of its texts were made by an older version of this library; ensureCollection"
              + " makes them anew, ranking needs the collection to be copied to a new one");
    }
    if (lacking == Capability.RANKED_TEXT) {
      return Optional.of(
          RankedFields.of(spec).isEmpty()
              ? RankedFields.ADVICE
              : "an index or a vector of a ranked field was removed, or its terms are of an older"
                  + " version; ensureCollection makes the index again, the others need the"
                  + " collection to be copied to a new one");
    }
    boolean vectors = Set.of(Capability.VECTOR_SEARCH, Capability.EXACT).contains(lacking);
    if (vectorNames.isEmpty() || !(vectors || lacking == Capability.WRITE)) {
      return Optional.empty();
    }
    return Optional.of(
        "it has the vectors "
            + vectorNames
            + (vectors
                ? "; choose one by QdrantCollectionOptions.builder().vector(name)"
                : ", of which a write would keep one only"));
  }

  /** What goes with each request. */
  RequestOptions requests() {
    return requests;
  }

  /** What the server refuses, by the collection's strict mode. */
  ServerLimits limits() {
    return limits;
  }

  /** Whether a text and a UUID could have the same point, which they can't without each other. */
  boolean mixesIds() {
    return spec.idKinds().containsAll(Set.of(IdKind.TEXT, IdKind.UUID));
  }

  /** Whether there is an index of any type on a field. */
  boolean isIndexed(FieldPath field) {
    return hasIndex(field.segments());
  }

  boolean hasIndex(List<String> segments) {
    return indexes.containsKey(segments);
  }

  static Map<String, VectorParams> vectors(CollectionInfo info) {
    VectorsConfig config = info.getConfig().getParams().getVectorsConfig();
    return switch (config.getConfigCase()) {
      case PARAMS -> Map.of("", config.getParams());
      case PARAMS_MAP -> config.getParamsMap().getMapMap();
      case CONFIG_NOT_SET -> Map.of();
    };
  }

  private static boolean hasVectors(CollectionInfo info) {
    return !vectors(info).isEmpty() || othersSparse(info) > 0;
  }

  /** The chosen one, or the only one if it is an ordinary vector of floats. */
  private static Optional<Map.Entry<String, VectorParams>> usable(
      CollectionInfo info, Optional<String> chosen) {
    Map<String, VectorParams> vectors = vectors(info);
    if (chosen.isPresent() && hasVectors(info)) {
      VectorParams vector = vectors.get(chosen.get());
      if (vector == null || !isOrdinary(vector)) {
        throw new Conflict(
            "the collection has no vector "
                + chosen.get()
                + " that can be used here; it has "
                + vectorNames(info));
      }
      return Optional.of(Map.entry(chosen.get(), vector));
    }
    return hasSeveral(info)
        ? Optional.empty()
        : vectors.entrySet().stream().filter(one -> isOrdinary(one.getValue())).findFirst();
  }

  private static boolean hasSeveral(CollectionInfo info) {
    return vectors(info).size() + othersSparse(info) > 1;
  }

  /** The vectors with what one has to know to choose one. */
  private static String vectorNames(CollectionInfo info) {
    return vectors(info).entrySet().stream()
        .map(
            vector ->
                vector.getKey()
                    + " ("
                    + vector.getValue().getSize()
                    + " dimensions, "
                    + vector.getValue().getDistance()
                    + ")")
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static boolean isOrdinary(VectorParams vector) {
    boolean floats =
        !vector.hasDatatype()
            || vector.getDatatype() == Datatype.Default
            || vector.getDatatype() == Datatype.Float32;
    return floats && !vector.hasMultivectorConfig() && metric(vector).isPresent();
  }

  private static Optional<Metric> metric(VectorParams vector) {
    return switch (vector.getDistance()) {
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
