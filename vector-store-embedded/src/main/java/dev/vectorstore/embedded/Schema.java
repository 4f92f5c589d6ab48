package dev.vectorstore.embedded;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.support.DeclaredFields;

/** What of a collection's specification can change, and what can't. */
final class Schema {
  private Schema() {}

  /** What is there, with the fields and labels that it lacks. */
  static CollectionSpec widen(CollectionSpec existing, CollectionSpec wanted) {
    if (!existing.name().equals(wanted.name())) {
      throw new Conflict(
          "there is a collection "
              + existing.name()
              + ", whose name differs in case only; use that name, or choose another one");
    }
    requireSameVectors(existing, wanted);
    CollectionSpec.Builder wider = existing.toBuilder();
    wanted
        .fields()
        .forEach(
            (path, type) ->
                wider.field(path, DeclaredFields.typeOf(path, existing.fields().get(path), type)));
    wanted
        .labels()
        .forEach(
            (key, value) -> {
              if (!existing.labels().containsKey(key)) {
                wider.label(key, value);
              }
            });
    return wider.build();
  }

  /** Refuses to go on with a description that no longer holds; added fields don't matter. */
  static void requireSame(CollectionSpec opened, CollectionSpec current) {
    requireSameVectors(current, opened);
    if (!current.idKinds().equals(opened.idKinds())
        || !current.fields().entrySet().containsAll(opened.fields().entrySet())) {
      throw new Conflict(
          "the collection was made again with other fields or kinds of ids; open it again");
    }
  }

  private static void requireSameVectors(CollectionSpec existing, CollectionSpec other) {
    if (!existing.dimension().equals(other.dimension())
        || !existing.metric().equals(other.metric())) {
      throw new Conflict(
          "the collection has "
              + vectors(existing)
              + ", not "
              + vectors(other)
              + "; drop it first, or use another name");
    }
  }

  private static String vectors(CollectionSpec spec) {
    return spec.metric().isEmpty()
        ? "no vectors"
        : spec.metric().get() + " vectors of " + spec.dimension().getAsInt() + " dimensions";
  }
}
