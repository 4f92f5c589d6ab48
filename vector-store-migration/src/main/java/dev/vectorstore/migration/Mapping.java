package dev.vectorstore.migration;

import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionInfo.UnreadColumn;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Payload;
import dev.vectorstore.Value;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStores;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a copy changes on the way: the collection's name, top-level keys of the payload, the layout
 * of {@code metadata}, the names of vectors, and the fields that the target declares. Ids and the
 * vectors themselves stay what they are. Immutable, with value equality.
 *
 * <pre>{@code
 * Mapping mapping = Mapping.builder()
 *     .target("pages")
 *     .rename("source_id", "source")
 *     .drop("created_at")
 *     .field(FieldPath.of("metadata", "lang"), FieldType.KEYWORD)
 *     .build();
 * }</pre>
 */
public final class Mapping {
  private static final String METADATA = "metadata";
  private static final Mapping IDENTITY = builder().build();

  private final @Nullable String target;
  private final Map<String, String> rename;
  private final Set<String> drop;
  private final Map<String, String> vectors;
  private final Map<FieldPath, FieldType> fields;
  private final boolean flatMetadata;

  private Mapping(Builder builder) {
    target = builder.target;
    rename = Collections.unmodifiableMap(new LinkedHashMap<>(builder.rename));
    drop = Collections.unmodifiableSet(new LinkedHashSet<>(builder.drop));
    vectors = Collections.unmodifiableMap(new LinkedHashMap<>(builder.vectors));
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(builder.fields));
    flatMetadata = builder.flatMetadata;
  }

  /**
   * The mapping that changes nothing.
   *
   * @return the identity
   */
  public static Mapping identity() {
    return IDENTITY;
  }

  /**
   * A builder that starts with the identity.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads mappings by collection: {@code {"crawled_pages": {"target": "pages", "rename": {"a":
   * "b"}, "drop": ["c"], "vectors": {"text-dense": ""}, "fields": {"chunk_number": "NUMBER"}}}}. A
   * field is a top-level key, or the JSON array of a path, such as {@code
   * "[\"metadata\",\"lang\"]"}.
   *
   * @param json the JSON; not closed
   * @return the mappings by the source's collection
   * @throws InvalidRequest if it isn't of this form
   */
  public static Map<String, Mapping> parse(Reader json) {
    return MappingJson.parse(json);
  }

  /**
   * The target's collection.
   *
   * @return its name, or empty if it is the source's
   */
  public Optional<String> target() {
    return Optional.ofNullable(target);
  }

  /**
   * Fields that the target declares beside those that every copy declares.
   *
   * @return the types by path, in the target's layout
   */
  public Map<FieldPath, FieldType> fields() {
    return fields;
  }

  /**
   * A builder that starts with this mapping.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.target = target;
    builder.rename.putAll(rename);
    builder.drop.addAll(drop);
    builder.vectors.putAll(vectors);
    builder.fields.putAll(fields);
    builder.flatMetadata = flatMetadata;
    return builder;
  }

  /**
   * Whether records stay as they are.
   *
   * @return true if no key of a payload changes
   */
  public boolean keepsRecords() {
    return rename.isEmpty() && drop.isEmpty() && !flatMetadata;
  }

  /**
   * The record as the target shall hold it.
   *
   * @param source a record of the source
   * @return the mapped record
   * @throws InvalidRequest if two different values would get one key, or two vectors one name
   */
  public VectorRecord apply(VectorRecord source) {
    VectorRecord record = vectors.isEmpty() ? source : withNames(source);
    if (keepsRecords()) {
      return record;
    }
    Map<String, Value> mapped = new LinkedHashMap<>();
    Map<String, Value> lifted = new LinkedHashMap<>();
    record
        .payload()
        .toValue()
        .entries()
        .forEach(
            (key, value) -> {
              if (drop.contains(key)) {
                return;
              }
              if (flatMetadata && key.equals(METADATA) && value instanceof Value.ObjectValue o) {
                lifted.putAll(o.entries());
              } else {
                put(mapped, rename.getOrDefault(key, key), value);
              }
            });
    lifted.forEach((key, value) -> put(mapped, key, value));
    return record.withPayload(Payload.of(new Value.ObjectValue(mapped)));
  }

  /** The record as the target shall hold it, or empty if it can't. */
  Optional<VectorRecord> tryApply(VectorRecord source) {
    try {
      return Optional.of(apply(source));
    } catch (InvalidRequest rejected) {
      return Optional.empty();
    }
  }

  /** The record as a target of this form shall hold it by its own names, or empty if it can't. */
  Optional<VectorRecord> tryApply(VectorRecord source, CollectionSpec target) {
    try {
      return Optional.of(target.named(apply(source)));
    } catch (InvalidRequest rejected) {
      return Optional.empty();
    }
  }

  private VectorRecord withNames(VectorRecord record) {
    Map<String, Embedding> named = new LinkedHashMap<>();
    record
        .vectors()
        .forEach(
            (name, vector) -> {
              if (named.put(vectorName(name), vector) != null) {
                throw new InvalidRequest(
                    "two vectors would get the name \"" + vectorName(name) + "\"; rename one");
              }
            });
    return record.withVectors(named);
  }

  /** What a vector of the source is called in the target. */
  String vectorName(String inSource) {
    return vectors.getOrDefault(inSource, inSource);
  }

  /** What a vector of the target is called in the source. */
  String vectorInSource(String inTarget) {
    return vectors.entrySet().stream()
        .filter(name -> name.getValue().equals(inTarget))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(inTarget);
  }

  /** Where a declared field of the source is in the target; empty if it is dropped. */
  Optional<FieldPath> apply(FieldPath path) {
    String first = path.segments().get(0);
    if (drop.contains(first)) {
      return Optional.empty();
    }
    if (flatMetadata && first.equals(METADATA) && path.segments().size() > 1) {
      return Optional.of(new FieldPath(path.segments().subList(1, path.segments().size())));
    }
    if (!rename.containsKey(first)) {
      return Optional.of(path);
    }
    List<String> segments = new ArrayList<>(path.segments());
    segments.set(0, rename.getOrDefault(first, first));
    return Optional.of(new FieldPath(segments));
  }

  /**
   * The columns and vectors of a source that are lost; not those that are dropped, which somebody
   * knows of.
   */
  List<UnreadColumn> lost(CollectionInfo source) {
    return source.unreadColumns().stream().filter(c -> !drop.contains(c.name())).toList();
  }

  private static void put(Map<String, Value> payload, String key, Value value) {
    Value other = payload.putIfAbsent(key, value);
    if (other != null && !other.equals(value)) {
      throw new InvalidRequest(
          "two different values would get the key \""
              + key
              + "\"; rename or drop one of them by a mapping");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Mapping mapping
        && Objects.equals(target, mapping.target)
        && rename.equals(mapping.rename)
        && drop.equals(mapping.drop)
        && vectors.equals(mapping.vectors)
        && fields.equals(mapping.fields)
        && flatMetadata == mapping.flatMetadata;
  }

  @Override
  public int hashCode() {
    return Objects.hash(target, rename, drop, vectors, fields, flatMetadata);
  }

  /** Every part that changes what the target holds, for fingerprints. */
  @Override
  public String toString() {
    return "Mapping[target="
        + target
        + ", rename="
        + rename
        + ", drop="
        + drop
        + (vectors.isEmpty() ? "" : ", vectors=" + vectors)
        + ", fields="
        + fields
        + ", flatMetadata="
        + flatMetadata
        + "]";
  }

  /** Builds a {@link Mapping}. Not safe for threads. */
  public static final class Builder {
    private @Nullable String target;
    private final Map<String, String> rename = new LinkedHashMap<>();
    private final Set<String> drop = new LinkedHashSet<>();
    private final Map<String, String> vectors = new LinkedHashMap<>();
    private final Map<FieldPath, FieldType> fields = new LinkedHashMap<>();
    private boolean flatMetadata;

    private Builder() {}

    /**
     * Gives the target's collection another name.
     *
     * @param name the name: any if the collection is there, else a portable one
     * @return this builder
     * @throws InvalidRequest as {@link VectorStores#requireName}
     */
    public Builder target(String name) {
      this.target = VectorStores.requireName(name);
      return this;
    }

    /**
     * Renames a top-level key.
     *
     * @param from the source's key
     * @param to the target's key
     * @return this builder
     */
    public Builder rename(String from, String to) {
      rename.put(Objects.requireNonNull(from, "from"), Objects.requireNonNull(to, "to"));
      return this;
    }

    /**
     * Leaves a top-level key out, or says that a column or vector that no record shows ({@link
     * CollectionInfo#unreadColumns}) isn't missed.
     *
     * @param key the source's key, or the name of what isn't read
     * @return this builder
     */
    public Builder drop(String key) {
      drop.add(Objects.requireNonNull(key, "key"));
      return this;
    }

    /**
     * Gives a vector another name.
     *
     * @param from its name in the source, or {@link VectorSpec#PLAIN} for the one without
     * @param to its name in the target, or {@link VectorSpec#PLAIN} for none
     * @return this builder
     */
    public Builder vector(String from, String to) {
      vectors.put(Objects.requireNonNull(from, "from"), Objects.requireNonNull(to, "to"));
      return this;
    }

    /**
     * Declares a field of the target.
     *
     * @param path where, in the target's layout
     * @param type what the field is for
     * @return this builder
     */
    public Builder field(FieldPath path, FieldType type) {
      fields.put(Objects.requireNonNull(path, "path"), Objects.requireNonNull(type, "type"));
      return this;
    }

    /**
     * Puts the keys of {@code metadata} beside the columns. A record where a key would meet a
     * different value is rejected.
     *
     * @param flat true for the flat layout
     * @return this builder
     */
    public Builder flatMetadata(boolean flat) {
      this.flatMetadata = flat;
      return this;
    }

    /**
     * The mapping.
     *
     * @return a new mapping
     */
    public Mapping build() {
      return new Mapping(this);
    }
  }
}
