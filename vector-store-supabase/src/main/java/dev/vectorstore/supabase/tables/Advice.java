package dev.vectorstore.supabase.tables;

import dev.vectorstore.Capability;
import dev.vectorstore.FieldPath;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.support.Bounds;

/**
 * Says what can be done instead where a table that is only read, or a collection of ours, can't do
 * what is asked for.
 */
public final class Advice {
  private static final String WRITE =
      "this is an existing table, of which we have the reading side only; to write to it, adopt it"
          + " (vector-store supabase adopt), which moves no row";

  private Advice() {}

  /** What to do where a collection that our SQL manages lacks a capability. */
  public static String insteadOfManaged(Capability lacking) {
    return switch (lacking) {
      case TERMS, PHRASE, RANKED_TEXT ->
          "terms are still to be made for records that were written past us, or by an older version"
              + " of this library; call"
              + " SupabaseTables.makeTerms (vector-store supabase adopt --terms), which can be cut off"
              + " and goes on where it was";
      default -> "make the collection with vectors, or use another one";
    };
  }

  static Bounds<Condition> refused(String what, FieldPath path, String instead) {
    return Bounds.refused(
        what
            + " on "
            + path
            + " isn't something that PostgREST answers with exactly this meaning; "
            + instead
            + ", or copy the store to an engine that takes every filter");
  }

  static UnsupportedFeature write() {
    return new UnsupportedFeature(WRITE);
  }

  /** What to do where the reading side lacks a capability. */
  static String instead(Capability lacking) {
    return switch (lacking) {
      case WRITE, MANAGE, INSERT_ONLY, ATOMIC_BATCH -> WRITE;
      case VECTOR_SEARCH ->
          "this is an existing table, of which we have the reading side: it is searched by a function"
              + " match_TABLE(query_embedding, match_count, ...) that returns the primary key and"
              + " the similarity; add one, or copy the store to another engine";
      case TERMS, PHRASE, RANKED_TEXT ->
          "this is an existing table, whose texts have no terms; adopt it (vector-store supabase adopt"
              + " --ranked KEY --terms), which moves no row, or copy it";
      default ->
          "this is an existing table, of which we have the reading side: it answers what its own"
              + " columns and functions can say; for more, adopt it (vector-store supabase adopt),"
              + " which moves no row";
    };
  }
}
