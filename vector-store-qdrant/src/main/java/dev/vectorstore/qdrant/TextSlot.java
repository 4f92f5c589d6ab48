package dev.vectorstore.qdrant;

import dev.vectorstore.FieldPath;

/**
 * Where the terms of a text field are kept.
 *
 * @param field the declared field
 * @param key the key below {@link Reserved#KEY}, and the name of the field's sparse vector if it is
 *     ranked
 * @param late whether the field was declared when records could be there already, or by older rules
 *     before: those have no terms yet, and are told by the key's absence
 * @param indexed whether the text index is there; without it Qdrant compares substrings
 * @param ranked whether the field is ranked, and each record has its weights
 */
record TextSlot(FieldPath field, String key, boolean late, boolean indexed, boolean ranked) {
  /**
   * The key of the text's print. It begins like the terms' own, so that a client that knows of no
   * prints takes it away with them.
   */
  String printKey() {
    return key + "h";
  }

  String path() {
    return Reserved.path(key);
  }
}
