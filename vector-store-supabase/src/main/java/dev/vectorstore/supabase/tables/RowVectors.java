package dev.vectorstore.supabase.tables;

import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.RecordIssue.Kind;
import dev.vectorstore.VectorSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of a row that others wrote: what is null or has zeros only is none, and one of
 * another dimension makes the row unreadable. Used by one thread.
 */
public final class RowVectors {
  private final Map<String, VectorSpec> vectors;
  private final boolean zeros;
  private final RowNotes notes;
  private final Map<String, Embedding> read = new LinkedHashMap<>();
  private int nulls;

  /**
   * Those of one row.
   *
   * @param vectors all of the collection
   * @param zeros whether zeros are a vector where the metric gives them a score
   * @param notes takes what is the matter with them
   */
  public RowVectors(Map<String, VectorSpec> vectors, boolean zeros, RowNotes notes) {
    this.vectors = vectors;
    this.zeros = zeros;
    this.notes = notes;
  }

  /**
   * Takes the vector of a name.
   *
   * @param components null if the column is null
   */
  public void add(String name, float @Nullable [] components) {
    VectorSpec spec = vectors.get(name);
    if (spec == null) {
      throw new IllegalStateException("the core names vectors of the collection only");
    }
    if (components == null) {
      addNull();
    } else if (components.length != spec.dimension()) {
      notes.unreadable(
          its(name)
              + " has "
              + components.length
              + " dimensions, and the collection's have "
              + spec.dimension());
    } else {
      Embedding vector = Embedding.of(components);
      if (vector.isZero() && !(zeros && spec.metric() != Metric.COSINE)) {
        notes.embedding(Kind.ZERO_EMBEDDING, its(name) + " has zeros only");
      } else {
        read.put(name, vector);
      }
    }
  }

  /** A record lacks an embedding if it has none at all, which shows where all were asked for. */
  private void addNull() {
    nulls++;
    if (nulls == vectors.size()) {
      notes.embedding(
          Kind.NO_EMBEDDING, nulls == 1 ? "its embedding is null" : "all its embeddings are null");
    }
  }

  /** What stands there is no vector. */
  void unreadable(String name) {
    notes.unreadable(its(name) + " isn't a vector");
  }

  private String its(String name) {
    return vectors.size() == 1 ? "its embedding" : "its embedding " + name;
  }

  public Map<String, Embedding> read() {
    return read;
  }
}
