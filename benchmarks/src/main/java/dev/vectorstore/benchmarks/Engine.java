package dev.vectorstore.benchmarks;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Metric;
import dev.vectorstore.StoreOptions;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStores;
import dev.vectorstore.testservers.QdrantServer;
import java.time.Duration;

/** The engines that are measured, with an empty collection each. */
public enum Engine {
  /** Lucene in this process. */
  EMBEDDED,
  /** {@code VECTORSTORE_QDRANT_URL}, or a server started for the run from the PATH. */
  QDRANT;

  VectorStore open() {
    return this == EMBEDDED
        ? VectorStores.open("memory:")
        : VectorStores.open(QdrantServer.shared().url(), StoreOptions.fromEnvironment());
  }

  static VectorCollection emptyCollection(VectorStore store) {
    store.drop("bench");
    return store.ensureCollection(
        CollectionSpec.builder("bench")
            .vectors(Dataset.DIMENSION, Metric.COSINE)
            .field("tenth", FieldType.NUMBER)
            .field("source_id", FieldType.KEYWORD)
            .build());
  }

  /** An index that is still being built answers by reading everything. */
  static void awaitIndex(VectorCollection collection) {
    if (!collection.awaitIndexed(Duration.ofMinutes(10))) {
      throw new IllegalStateException("the index of " + collection.name() + " isn't built yet");
    }
  }
}
