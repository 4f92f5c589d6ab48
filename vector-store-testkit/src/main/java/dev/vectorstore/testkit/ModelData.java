package dev.vectorstore.testkit;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.Conflict;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a collection of the model holds. Guarded by its store's lock. */
final class ModelData {
  private final NavigableMap<RecordId, VectorRecord> records = new TreeMap<>();
  private CollectionSpec spec;

  ModelData(CollectionSpec spec) {
    this.spec = spec;
  }

  CollectionSpec spec() {
    return spec;
  }

  /** In the collection's own order: that of the ids. */
  NavigableMap<RecordId, VectorRecord> records() {
    return records;
  }

  ModelData copy() {
    ModelData copy = new ModelData(spec);
    copy.records.putAll(records);
    return copy;
  }

  /** Adds the declared fields, labels and named vectors that are new. */
  void add(CollectionSpec wanted) {
    CollectionSpec.Builder merged = spec.toBuilder();
    addVectors(wanted, merged);
    wanted
        .fields()
        .forEach(
            (path, type) -> {
              FieldType present = spec.fields().get(path);
              requireSameType(path, present, type);
              merged.field(path, present == null ? type : present);
            });
    wanted
        .labels()
        .forEach((key, label) -> merged.label(key, spec.labels().getOrDefault(key, label)));
    spec = merged.build();
  }

  /** A ranked text is a text too, and no field begins to be ranked. */
  private static void requireSameType(
      FieldPath path, @Nullable FieldType present, FieldType wanted) {
    boolean stays = present == FieldType.TEXT && wanted == FieldType.TERMS;
    boolean begins = wanted == FieldType.TEXT && present == null;
    if (begins || (present != null && present != wanted && !stays)) {
      throw new Conflict(path + " is " + present + ", not " + wanted + "; use another collection");
    }
  }

  private void addVectors(CollectionSpec wanted, CollectionSpec.Builder merged) {
    if (wanted.vectors().isEmpty() && !spec.vectors().isEmpty()) {
      throw new Conflict("the collection has the vectors " + spec.vectors());
    }
    wanted
        .vectors()
        .forEach(
            (name, vector) -> {
              if (name.equals(VectorSpec.PLAIN)
                  || !spec.vectors().getOrDefault(name, vector).equals(vector)) {
                requireVector(name, vector);
              } else {
                merged.vector(name, vector.dimension(), vector.metric());
              }
            });
  }

  private void requireVector(String name, VectorSpec wanted) {
    if (!Objects.equals(spec.vectors().get(name), wanted)) {
      throw new Conflict("the collection has the vectors " + spec.vectors() + ", not " + wanted);
    }
  }

  /** Refuses to go on with a description whose vectors are others by now. */
  void requireVectorsOf(CollectionSpec described) {
    described
        .vectors()
        .forEach(
            (name, vector) -> {
              if (spec.vectors().containsKey(name)) {
                requireVector(name, vector);
              }
            });
  }

  /** Refuses the use of vectors that were dropped. */
  void requireThere(Set<String> names) {
    if (!spec.vectors().keySet().containsAll(names)) {
      throw new Conflict("a vector of " + names + " was dropped; open the collection again");
    }
  }

  boolean dropVector(String name) {
    boolean there = spec.vectors().containsKey(name);
    spec = spec.toBuilder().withoutVector(name).build();
    records.replaceAll(
        (id, record) -> {
          Map<String, Embedding> rest = new HashMap<>(record.vectors());
          rest.remove(name);
          return record.withVectors(rest);
        });
    return there;
  }
}
