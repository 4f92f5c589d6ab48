package dev.vectorstore;

/** What the score of a hit means. */
public enum ScoreKind {
  /** The collection's metric; comparable across searches. */
  METRIC,
  /** A fusion of two rankings; comparable within one answer only. */
  FUSED,
  /** A text ranking of the engine; comparable within one answer only. */
  RANKED_TEXT,
  /** No score: the hit matched, and the order is the collection's own. */
  NONE
}
