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
  /**
   * A text that {@link SearchRequest#text searches by text} rank by relevance. It has terms, as
   * {@link #TERMS} has. It is declared when the collection is made, since records that are there
   * already have no ranks. Needs {@link Capability#RANKED_TEXT}.
   */
  TEXT,
  /**
   * A text that filters find by its terms, without a ranking; see {@link TextTerms}. It takes less
   * room and time than {@link #TEXT}, and can be declared at any time.
   */
  TERMS;

  /**
   * Whether a field of this type is searched by its terms.
   *
   * @return true for {@link #TEXT} and {@link #TERMS}
   */
  public boolean isText() {
    return this == TEXT || this == TERMS;
  }
}
