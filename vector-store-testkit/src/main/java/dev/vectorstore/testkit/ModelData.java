package dev.vectorstore.testkit;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.Conflict;
import java.util.NavigableMap;
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

  /** Adds the declared fields and labels that are new. */
  void add(CollectionSpec wanted) {
    requireSameVectors(wanted);
    CollectionSpec.Builder merged = spec.toBuilder();
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

  void requireSameVectors(CollectionSpec other) {
    if (!spec.dimension().equals(other.dimension()) || !spec.metric().equals(other.metric())) {
      throw new Conflict(
          "the collection has "
              + spec.dimension()
              + " and "
              + spec.metric()
              + ", not "
              + other.dimension()
              + " and "
              + other.metric());
    }
  }
}
