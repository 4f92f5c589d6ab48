package dev.vectorstore.qdrant;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.IdKind;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.support.RankedFields;
import io.qdrant.client.grpc.Collections.CollectionConfig;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.Modifier;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Collections.SparseVectorParams;
import io.qdrant.client.grpc.Points.PayloadExcludeSelector;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Describes how a collection is laid out in Qdrant. The metadata say it of a collection of ours; of
 * another's it is derived as far as it goes. Immutable.
 */
final class Layout {
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

  /** What rests on vectors. */
  private static final Set<Capability> SEARCHES =
      Set.of(Capability.VECTOR_SEARCH, Capability.EXACT);

  /** What rests on terms. */
  private static final Set<Capability> TEXTS =
      Set.of(Capability.TERMS, Capability.PHRASE, Capability.RANKED_TEXT);

  private final CollectionInfo description;
  private final QdrantCollectionOptions options;
  private final CollectionSpec spec;
  private final Set<Capability> capabilities;
  private final CollectionVectors vectors;
  private final Map<FieldPath, TextSlot> slots;
  private final List<TextSlot> rankedSlots;
  private final boolean outdated;
  private final WithPayloadSelector wholePayload;
  private final Map<List<String>, PayloadSchemaType> indexes;
  private final ServerLimits limits;
  private final RequestOptions requests;

  private Layout(
      CollectionSpec spec,
      Set<Capability> capabilities,
      CollectionVectors vectors,
      CollectionInfo info,
      QdrantCollectionOptions options) {
    Metadata metadata = metadata(info);
    this.description = essential(info);
    this.options = options;
    this.spec = spec;
    this.capabilities = capabilities;
    this.vectors = vectors;
    this.slots = Indexes.slots(metadata, info.getPayloadSchemaMap());
    this.rankedSlots = slots.values().stream().filter(TextSlot::ranked).toList();
    this.indexes = Indexes.types(info.getPayloadSchemaMap());
    this.wholePayload = wholePayload(metadata);
    this.outdated = metadata.isOutdated();
    this.limits = ServerLimits.of(info);
    this.requests = RequestOptions.of(options, info, limits);
  }

  static Layout of(String name, CollectionInfo info, QdrantCollectionOptions options) {
    return of(name, info, CollectionVectors.of(info), options);
  }

  /**
   * The layout by a description of later: this one where nothing differs of what it rests on.
   * Whoever opened the collection goes on with the vectors that it had (C-14, C-15).
   *
   * @throws Conflict if it is another collection, with other vectors
   */
  Layout renewed(CollectionInfo info) {
    if (essential(info).equals(description)) {
      return this;
    }
    CollectionVectors now = CollectionVectors.of(info);
    boolean anew = !metadata(info).mark().equals(metadata(description).mark());
    if (anew && !now.areAs(CollectionVectors.of(description))) {
      throw new Conflict(
          "the collection was dropped and made anew with other vectors since it was opened; ask the"
              + " store for it again");
    }
    return of(spec.name(), info, anew ? now : now.asOpened(vectors), options);
  }

  /** What a layout rests on: neither states and counts, nor marks of bulk loads. */
  private static CollectionInfo essential(CollectionInfo info) {
    CollectionConfig config = info.getConfig();
    CollectionConfig.Builder kept =
        CollectionConfig.newBuilder()
            .setParams(config.getParams())
            .setQuantizationConfig(config.getQuantizationConfig())
            .setStrictModeConfig(config.getStrictModeConfig())
            .putAllMetadata(config.getMetadataMap());
    BulkMark.of(config.getMetadataMap()).forEach(mark -> kept.removeMetadata(mark.key()));
    CollectionInfo.Builder essential = CollectionInfo.newBuilder().setConfig(kept);
    info.getPayloadSchemaMap()
        .forEach(
            (path, index) ->
                essential.putPayloadSchema(path, index.toBuilder().clearPoints().build()));
    return essential.build();
  }

  private static Metadata metadata(CollectionInfo info) {
    return new Metadata(info.getConfig().getMetadataMap());
  }

  private static Layout of(
      String name,
      CollectionInfo info,
      CollectionVectors vectors,
      QdrantCollectionOptions options) {
    Metadata metadata = metadata(info);
    metadata.requireKnownFormat(name);
    CollectionSpec.Builder spec = CollectionSpec.builder(name);
    vectors.served().forEach((vector, served) -> declare(spec, vector, served));
    metadata.fields().forEach(field -> spec.field(field.path(), field.type()));
    metadata.labels().forEach(spec::label);
    List<IdKind> kinds = metadata.idKinds();
    spec.idKinds(kinds.get(0), kinds.toArray(new IdKind[0]));
    if (!metadata.isOurs()) {
      Indexes.derived(info.getPayloadSchemaMap()).forEach((path, type) -> spec.field(path, type));
    }
    return new Layout(spec.build(), capabilities(vectors, info, metadata), vectors, info, options);
  }

  private static void declare(CollectionSpec.Builder spec, String name, VectorSpec vector) {
    if (name.equals(VectorSpec.PLAIN)) {
      spec.vectors(vector.dimension(), vector.metric());
    } else {
      spec.vector(name, vector.dimension(), vector.metric());
    }
  }

  /**
   * A collection with vectors that we can't read must not be written: they would be lost. Another's
   * texts have no terms of ours, and those of an older version have others.
   */
  private static Set<Capability> capabilities(
      CollectionVectors vectors, CollectionInfo info, Metadata metadata) {
    Set<Capability> capabilities = EnumSet.copyOf(CAPABILITIES);
    if (!vectors.canBeWritten()) {
      capabilities.removeAll(Set.of(Capability.WRITE, Capability.INSERT_ONLY));
      if (!vectors.canBeSearched()) {
        capabilities.removeAll(SEARCHES);
      }
    }
    if (isReplicated(info)) {
      capabilities.remove(Capability.INSERT_ONLY);
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

  /** Then each node decides for itself whether a record is there, and one that was away may not. */
  private static boolean isReplicated(CollectionInfo info) {
    return info.getConfig().getParams().getReplicationFactor() > 1;
  }

  /** Whether each ranked field has its vector, and the index of its terms. */
  private static boolean isRanked(CollectionInfo info, Metadata metadata) {
    Map<String, SparseVectorParams> sparse =
        info.getConfig().getParams().getSparseVectorsConfig().getMapMap();
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

  CollectionSpec spec() {
    return spec;
  }

  dev.vectorstore.CollectionInfo info() {
    return dev.vectorstore.CollectionInfo.of(spec, capabilities)
        .withUnreadColumns(vectors.unread());
  }

  /** Those of the specification, and others. */
  CollectionVectors vectors() {
    return vectors;
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
    if (lacking == Capability.EXACT && vectors.canBeSearched()) {
      return Optional.of(
          "the collection's strict mode forbids exact searches (search_allow_exact); leave out"
              + " exact(), with a higher searchEffort(...) if need be, or have that setting changed");
    }
    if (lacking == Capability.INSERT_ONLY && vectors.canBeWritten() && isReplicated(description)) {
      return Optional.of(
          "it is kept on several nodes, each of which decides for itself whether a record is there,"
              + " also one that was away; fetch the ids first and write those that are missing, by"
              + " one writer alone");
    }
    boolean search = SEARCHES.contains(lacking) && !vectors.canBeSearched();
    boolean write = lacking == Capability.WRITE || lacking == Capability.INSERT_ONLY;
    if (vectors.canBeWritten() || !(search || write)) {
      return Optional.empty();
    }
    return Optional.of(vectors.unwritable() + "; use Qdrant's own client for them");
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
}
