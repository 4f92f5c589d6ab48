package dev.vectorstore;

/** The kinds of {@link RecordId}, in their order. */
public enum IdKind {
  /** A number from 0 to 2^63 - 1. */
  NUMBER,
  /** A UUID. */
  UUID,
  /** A text of 1 to 512 bytes. */
  TEXT
}
