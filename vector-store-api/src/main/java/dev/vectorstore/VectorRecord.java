package dev.vectorstore;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A record: an id, vectors that may be absent, and a payload. Most records have one vector, which
 * needs no name; where a collection has several, a record has any of them. Immutable, with value
 * equality. A record without a vector is stored, scanned and matched by text, and never found by
 * vector.
 */
public final class VectorRecord {
  private final RecordId id;
  private final Map<String, Embedding> vectors;
  private final Payload payload;

  /** The map isn't copied: it is one of ours. */
  private VectorRecord(RecordId id, Map<String, Embedding> vectors, Payload payload) {
    this.id = Objects.requireNonNull(id, "id");
    this.vectors = vectors;
    this.payload = Objects.requireNonNull(payload, "payload");
  }

  /**
   * A record with a vector that has no name.
   *
   * @param id the id
   * @param vector the vector
   * @param payload the payload
   * @return the record
   */
  public static VectorRecord of(RecordId id, Embedding vector, Payload payload) {
    return new VectorRecord(
        id, Map.of(VectorSpec.PLAIN, Objects.requireNonNull(vector, "vector")), payload);
  }

  /**
   * A record with a vector that has no name.
   *
   * @param id the id
   * @param vector the components of the vector; copied
   * @param payload the payload
   * @return the record
   * @throws VectorStoreException.InvalidRequest if there are no components
   */
  public static VectorRecord of(RecordId id, float[] vector, Payload payload) {
    return of(id, Embedding.of(Objects.requireNonNull(vector, "vector")), payload);
  }

  /**
   * A record without a vector.
   *
   * @param id the id
   * @param payload the payload
   * @return the record
   */
  public static VectorRecord of(RecordId id, Payload payload) {
    return new VectorRecord(id, Map.of(), payload);
  }

  /**
   * A record with any number of vectors.
   *
   * @param id the id
   * @param vectors the vectors by name, {@link VectorSpec#PLAIN} for the one without; copied
   * @param payload the payload
   * @return the record
   */
  public static VectorRecord of(RecordId id, Map<String, Embedding> vectors, Payload payload) {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(payload, "payload");
    return new VectorRecord(id, copy(Objects.requireNonNull(vectors, "vectors")), payload);
  }

  private static Map<String, Embedding> copy(Map<String, Embedding> vectors) {
    vectors.forEach(
        (name, vector) -> {
          Objects.requireNonNull(name, "vectors has a null name");
          Objects.requireNonNull(vector, "vectors has a null");
        });
    return vectors.size() < 2
        ? Map.copyOf(vectors)
        : Collections.unmodifiableMap(new LinkedHashMap<>(vectors));
  }

  /**
   * The id.
   *
   * @return the id
   */
  public RecordId id() {
    return id;
  }

  /**
   * The vector: the one without a name, or the only one that this record has. Where records have
   * several, ask for one by {@link #vector(String)}.
   *
   * @return the vector, or empty if the record has none, has several that are all named, or it
   *     wasn't asked for
   */
  public Optional<Embedding> vector() {
    return vectors.size() == 1
        ? vectors.values().stream().findFirst()
        : Optional.ofNullable(vectors.get(VectorSpec.PLAIN));
  }

  /**
   * The vector of a name.
   *
   * @param name the name, or {@link VectorSpec#PLAIN}
   * @return the vector, or empty if the record has none of this name or it wasn't asked for
   */
  public Optional<Embedding> vector(String name) {
    return Optional.ofNullable(vectors.get(Objects.requireNonNull(name, "name")));
  }

  /**
   * All vectors.
   *
   * @return the vectors by name, {@link VectorSpec#PLAIN} for the one without; unmodifiable
   */
  public Map<String, Embedding> vectors() {
    return vectors;
  }

  /**
   * The payload.
   *
   * @return the payload, or the part of it that was asked for
   */
  public Payload payload() {
    return payload;
  }

  /**
   * This record with a vector more, or with another one of that name.
   *
   * @param name the name, or {@link VectorSpec#PLAIN}
   * @param vector the vector
   * @return a record with the same id, payload and other vectors
   */
  public VectorRecord withVector(String name, Embedding vector) {
    Map<String, Embedding> more = new LinkedHashMap<>(vectors);
    more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(vector, "vector"));
    return new VectorRecord(id, copy(more), payload);
  }

  /**
   * This record with a vector more, as {@link #withVector(String, Embedding)}.
   *
   * @param name the name, or {@link VectorSpec#PLAIN}
   * @param vector the components of the vector; copied
   * @return a record with the same id, payload and other vectors
   * @throws VectorStoreException.InvalidRequest if there are no components
   */
  public VectorRecord withVector(String name, float[] vector) {
    return withVector(name, Embedding.of(Objects.requireNonNull(vector, "vector")));
  }

  /**
   * This record with other vectors.
   *
   * @param others the vectors by name, {@link VectorSpec#PLAIN} for the one without; copied
   * @return a record with the same id and payload
   */
  public VectorRecord withVectors(Map<String, Embedding> others) {
    return of(id, others, payload);
  }

  /**
   * This record without its vectors.
   *
   * @return a record with the same id and payload
   */
  public VectorRecord withoutVectors() {
    return vectors.isEmpty() ? this : new VectorRecord(id, Map.of(), payload);
  }

  /**
   * This record with another payload.
   *
   * @param other the payload
   * @return a record with the same id and vectors
   */
  public VectorRecord withPayload(Payload other) {
    return new VectorRecord(id, vectors, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VectorRecord record
        && id.equals(record.id)
        && vectors.equals(record.vectors)
        && payload.equals(record.payload);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, vectors, payload);
  }

  /** The id, the dimensions and the payload's keys, without the contents. */
  @Override
  public String toString() {
    return "VectorRecord[id=" + id + ", " + dimensions() + ", keys=" + payload.keys() + "]";
  }

  private String dimensions() {
    if (vectors.isEmpty()) {
      return "no vector";
    }
    Embedding plain = vectors.get(VectorSpec.PLAIN);
    if (plain != null && vectors.size() == 1) {
      return "dimension=" + plain.dimension();
    }
    Map<String, Integer> dimensions = new TreeMap<>();
    vectors.forEach((name, vector) -> dimensions.put(Text.quote(name), vector.dimension()));
    return "dimensions=" + dimensions;
  }
}
