package dev.vectorstore;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of a record are returned: the whole payload, some top-level keys or none, and the
 * vector or not. Immutable, with value equality.
 */
public final class Projection {
  private static final Projection PAYLOAD = new Projection(null, false);
  private static final Projection ALL = new Projection(null, true);
  private static final Projection IDS = new Projection(Set.of(), false);

  private final @Nullable Set<String> fields;
  private final boolean vectors;

  private Projection(@Nullable Set<String> fields, boolean vectors) {
    this.fields = fields;
    this.vectors = vectors;
  }

  /**
   * The whole payload, no vector: what searches return unless asked otherwise.
   *
   * @return the projection
   */
  public static Projection payload() {
    return PAYLOAD;
  }

  /**
   * The whole record: payload and vector.
   *
   * @return the projection
   */
  public static Projection all() {
    return ALL;
  }

  /**
   * The id alone.
   *
   * @return the projection
   */
  public static Projection ids() {
    return IDS;
  }

  /**
   * Some top-level keys of the payload, no vector. A key that a record lacks is left out.
   *
   * @param keys the keys
   * @return the projection
   */
  public static Projection fields(String... keys) {
    return new Projection(
        Collections.unmodifiableSet(
            new LinkedHashSet<>(
                Arguments.copy(Arrays.asList(Objects.requireNonNull(keys, "keys")), "keys"))),
        false);
  }

  /**
   * This projection with vectors.
   *
   * @return the projection
   */
  public Projection withVectors() {
    return new Projection(fields, true);
  }

  /**
   * The keys to return.
   *
   * @return the keys, or empty for the whole payload
   */
  public Optional<Set<String>> fields() {
    return Optional.ofNullable(fields);
  }

  /**
   * Whether vectors are returned.
   *
   * @return true if they are
   */
  public boolean vectors() {
    return vectors;
  }

  /**
   * The part of a record that this projection returns.
   *
   * @param record a whole record
   * @return the part
   */
  public VectorRecord apply(VectorRecord record) {
    Objects.requireNonNull(record, "record");
    VectorRecord part = vectors ? record : record.withoutVector();
    if (fields == null) {
      return part;
    }
    Payload.Builder payload = Payload.builder();
    record
        .payload()
        .toValue()
        .entries()
        .forEach(
            (key, value) -> {
              if (fields.contains(key)) {
                payload.put(key, value);
              }
            });
    return part.withPayload(payload.build());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Projection projection
        && Objects.equals(fields, projection.fields)
        && vectors == projection.vectors;
  }

  @Override
  public int hashCode() {
    return Objects.hash(fields, vectors);
  }

  @Override
  public String toString() {
    return "Projection[fields=" + (fields == null ? "all" : fields) + ", vectors=" + vectors + "]";
  }
}
