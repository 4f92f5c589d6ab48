package dev.vectorstore;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of a record are returned: the whole payload, some top-level keys or none, and all
 * vectors, some or none. Immutable, with value equality.
 */
public final class Projection {
  private static final Projection PAYLOAD = new Projection(null, Set.of());
  private static final Projection ALL = new Projection(null, null);
  private static final Projection IDS = new Projection(Set.of(), Set.of());

  private final @Nullable Set<String> fields;
  private final @Nullable Set<String> vectors;

  private Projection(@Nullable Set<String> fields, @Nullable Set<String> vectors) {
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
   * The whole record: payload and vectors.
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
    return new Projection(set(keys, "keys"), Set.of());
  }

  private static Set<String> set(String[] values, String name) {
    return Collections.unmodifiableSet(
        new LinkedHashSet<>(
            Arguments.copy(Arrays.asList(Objects.requireNonNull(values, name)), name)));
  }

  /**
   * This projection with all vectors.
   *
   * @return the projection
   */
  public Projection withVectors() {
    return new Projection(fields, null);
  }

  /**
   * This projection with some of the vectors.
   *
   * @param names their names, {@link VectorSpec#PLAIN} for the one without
   * @return the projection
   */
  public Projection withVectors(String... names) {
    return new Projection(fields, set(names, "names"));
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
   * The names of the vectors to return.
   *
   * @return the names, none of them where no vector is returned; empty for all vectors
   */
  public Optional<Set<String>> vectors() {
    return Optional.ofNullable(vectors);
  }

  /**
   * Whether any vectors are returned.
   *
   * @return true if all are, or those of some names
   */
  public boolean hasVectors() {
    return vectors == null || !vectors.isEmpty();
  }

  /**
   * Whether the vector of a name is returned.
   *
   * @param name the name, or {@link VectorSpec#PLAIN}
   * @return true if it is
   */
  public boolean hasVector(String name) {
    return vectors == null || vectors.contains(Objects.requireNonNull(name, "name"));
  }

  /**
   * The part of a record that this projection returns.
   *
   * @param record a whole record
   * @return the part
   */
  public VectorRecord apply(VectorRecord record) {
    Objects.requireNonNull(record, "record");
    VectorRecord part = withTheseVectors(record);
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

  private VectorRecord withTheseVectors(VectorRecord record) {
    if (vectors == null || vectors.containsAll(record.vectors().keySet())) {
      return record;
    }
    Map<String, Embedding> some = new LinkedHashMap<>(record.vectors());
    some.keySet().retainAll(vectors);
    return record.withVectors(some);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Projection projection
        && Objects.equals(fields, projection.fields)
        && Objects.equals(vectors, projection.vectors);
  }

  @Override
  public int hashCode() {
    return Objects.hash(fields, vectors);
  }

  @Override
  public String toString() {
    return "Projection[fields="
        + (fields == null ? "all" : fields)
        + ", vectors="
        + (vectors == null ? "all" : vectors)
        + "]";
  }
}
