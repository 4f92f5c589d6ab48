package dev.vectorstore.qdrant;

/** What a key lacks, by the words in which Qdrant refuses it. Stateless. */
final class KeyRights {
  private KeyRights() {}

  /**
   * What to do about a refusal.
   *
   * @param said the server's words
   */
  static String lack(String said) {
    if (said.contains("Global access is required")) {
      return "the key is one of single collections, and this takes one for the whole server that may"
          + " manage it (\"access\": \"m\")";
    }
    if (said.contains("Global manage access is required")) {
      return "the key may only read, and this takes one that may manage the server (\"access\":"
          + " \"m\"), or for records of this collection one that may write it (\"rw\")";
    }
    if (said.contains("Write access to collection")) {
      return "the key may only read the collection, and this takes one that may write it (\"rw\")";
    }
    if (said.contains("Only points access")) {
      return "the key may write records and nothing else of the collection, and this takes one that"
          + " may change its indexes too (\"rw\")";
    }
    if (said.contains("Access to collection")) {
      return "the key has no right on this collection, so that it isn't told whether it is there;"
          + " use a key that names it";
    }
    return "check the API key and its rights";
  }
}
