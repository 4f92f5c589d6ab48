package dev.vectorstore.cli;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.supabase.SupabaseTables;
import java.util.Map;

/** Says what to do where a text is searched for that the collection doesn't rank. Stateless. */
final class Unranked {
  private Unranked() {}

  /** Refuses a collection whose texts could be ranked, but weren't declared so. */
  static void refuse(VectorStore store, VectorCollection collection) {
    CollectionInfo info = collection.describe();
    boolean declared = info.spec().fields().containsValue(FieldType.TEXT);
    if (declared || !info.capabilities().contains(Capability.TERMS)) {
      return; // what is wrong then, the engine knows best
    }
    throw new UnsupportedFeature(
        "search on %s (%s): %s, and --text alone searches by relevance; %s%s"
            .formatted(
                info.name(), store.engine(), texts(info), advice(info), inPlace(store, info)));
  }

  private static String texts(CollectionInfo info) {
    return info.spec().fields().containsValue(FieldType.TERMS)
        ? "its texts are declared as TERMS, which aren't ranked"
        : "it has no field that is declared as TEXT";
  }

  private static String advice(CollectionInfo info) {
    boolean hybrid =
        info.spec().fields().containsValue(FieldType.TERMS)
            && info.capabilities().contains(Capability.VECTOR_SEARCH);
    return (hybrid ? "add --like or --vector to search by both, or " : "")
        + "copy it to a new collection with the --mapping {\"%s\": {\"fields\": {\"%s\": \"TEXT\"}}}"
            .formatted(info.name(), field(info));
  }

  /** A field that could be ranked. */
  private static String field(CollectionInfo info) {
    return info.spec().fields().entrySet().stream()
        .filter(field -> field.getValue() == FieldType.TERMS)
        .map(Map.Entry::getKey)
        .map(FieldPath::segments)
        .filter(segments -> segments.size() == 1)
        .map(segments -> segments.get(0))
        .findFirst()
        .orElse("content");
  }

  private static String inPlace(VectorStore store, CollectionInfo info) {
    try {
      store.unwrap(SupabaseTables.class);
      return "; a table that was adopted is ranked in place by vector-store supabase adopt --table "
          + info.name()
          + " --ranked "
          + field(info)
          + " --terms";
    } catch (UnsupportedFeature other) {
      return "";
    }
  }
}
