package dev.vectorstore;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record: an id, a vector that may be absent, and a payload. Immutable, with value equality. A
 * record without a vector is stored, scanned and matched by text, and never found by vector.
 */
public final class VectorRecord {
  private final RecordId id;
  private final @Nullable Embedding vector;
  private final Payload payload;

  private VectorRecord(RecordId id, @Nullable Embedding vector, Payload payload) {
    this.id = Objects.requireNonNull(id, "id");
    this.vector = vector;
    this.payload = Objects.requireNonNull(payload, "payload");
  }

  /**
   * A record with a vector.
   *
   * @param id the id
   * @param vector the vector
   * @param payload the payload
   * @return the record
   */
  public static VectorRecord of(RecordId id, Embedding vector, Payload payload) {
    return new VectorRecord(id, Objects.requireNonNull(vector, "vector"), payload);
  }

  /**
   * A record with a vector.
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
    return new VectorRecord(id, null, payload);
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
   * The vector.
   *
   * @return the vector, or empty if the record has none or it wasn't asked for
   */
  public Optional<Embedding> vector() {
    return Optional.ofNullable(vector);
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
   * This record without its vector.
   *
   * @return a record with the same id and payload
   */
  public VectorRecord withoutVector() {
    return vector == null ? this : new VectorRecord(id, null, payload);
  }

  /**
   * This record with another payload.
   *
   * @param other the payload
   * @return a record with the same id and vector
   */
  public VectorRecord withPayload(Payload other) {
    return new VectorRecord(id, vector, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VectorRecord record
        && id.equals(record.id)
        && Objects.equals(vector, record.vector)
        && payload.equals(record.payload);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, vector, payload);
  }

  /** The id, the dimension and the payload's keys, without the contents. */
  @Override
  public String toString() {
    return "VectorRecord[id="
        + id
        + ", "
        + (vector == null ? "no vector" : "dimension=" + vector.dimension())
        + ", keys="
        + payload.keys()
        + "]";
  }
}
