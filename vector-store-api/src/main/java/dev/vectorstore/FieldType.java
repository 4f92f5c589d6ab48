package dev.vectorstore;

/**
 * What a declared field is for. A declaration makes filters fast and, for {@link #TEXT}, possible;
 * a value of another type is stored all the same, and filters on undeclared fields work.
 */
public enum FieldType {
  /** A string that is compared as a whole. */
  KEYWORD,
  /** A number, integer or not. */
  NUMBER,
  /** True or false. */
  BOOLEAN,
  /** A point in time, stored as RFC 3339 text. */
  INSTANT,
  /** A text that is searched by its terms; see {@link TextTerms}. */
  TEXT
}
