package dev.vectorstore.supabase.managed;

import dev.vectorstore.TextTerms;
import dev.vectorstore.VectorStoreException.Conflict;

/** Whether the records of a collection have the terms of their texts. */
enum Terms {
  READY,

  /** Records were there before their text fields, or were written past us. */
  LACKING,

  /** They were made by older rules. */
  OUTDATED;

  /**
   * What the catalog says.
   *
   * @param ready whether every record has terms
   * @param version of the rules that made them
   * @throws Conflict if they are newer than those of this library
   */
  static Terms of(boolean ready, int version) {
    if (version > TextTerms.version()) {
      throw new Conflict(
          "the collection has terms of version "
              + version
              + ", made by a newer version of this library; update this one");
    }
    return version < TextTerms.version() ? OUTDATED : ready ? READY : LACKING;
  }

  boolean areReady() {
    return this == READY;
  }
}
