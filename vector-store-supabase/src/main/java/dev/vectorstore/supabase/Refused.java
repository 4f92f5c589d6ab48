package dev.vectorstore.supabase;

import dev.vectorstore.FieldPath;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;

/** Why the reading side doesn't answer a filter, and what does. */
final class Refused {
  private Refused() {}

  static UnsupportedFeature filter(String what, FieldPath path, String instead) {
    return new UnsupportedFeature(
        what
            + " on "
            + path
            + " isn't something that PostgREST answers with exactly this meaning; "
            + instead
            + ", or copy the store to an engine that takes every filter");
  }

  static UnsupportedFeature write() {
    return new UnsupportedFeature(
        "this is the reading side of an existing Supabase store, which changes nothing in it; write"
            + " with your own code, or copy the store to another engine");
  }
}
