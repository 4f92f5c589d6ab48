package dev.vectorstore;

/** What a write does with an id that exists. */
public enum WriteMode {
  /** Replaces the whole record. */
  REPLACE,
  /** Leaves the existing record as it is. Needs {@link Capability#INSERT_ONLY}. */
  INSERT_ONLY
}
