package dev.vectorstore.testkit;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.RecordId;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.Conflict;
import java.util.NavigableMap;
import java.util.TreeMap;

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
        .forEach((path, type) -> merged.field(spec.fields().getOrDefault(path, type), path));
    wanted
        .labels()
        .forEach((key, label) -> merged.label(key, spec.labels().getOrDefault(key, label)));
    spec = merged.build();
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
              + other.metric(),
          null);
    }
  }
}
