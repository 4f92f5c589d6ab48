package dev.vectorstore;

/**
 * What a declared field is for. A declaration makes filters fast and, for texts, possible; a value
 * of another type is stored all the same, and filters on undeclared fields work.
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
  TEXT,
  /**
   * A text that is searched by its terms, and ranked by relevance where {@link
   * SearchRequest#ranked()} asks for it. Everything that {@link #TEXT} is, too. It is declared when
   * the collection is made: records that are there already have not been weighed. Needs {@link
   * Capability#RANKED_TEXT}.
   */
  RANKED_TEXT;

  /**
   * Whether a field of this type is searched by its terms.
   *
   * @return true for {@link #TEXT} and {@link #RANKED_TEXT}
   */
  public boolean isText() {
    return this == TEXT || this == RANKED_TEXT;
  }
}
