package dev.vectorstore.embedded;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.support.DeclaredFields;
import dev.vectorstore.support.DeclaredVectors;

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
    CollectionSpec.Builder wider = existing.toBuilder();
    DeclaredVectors.missing(existing, wanted)
        .forEach((name, vector) -> wider.vector(name, vector.dimension(), vector.metric()));
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

  /**
   * Refuses to go on with a description that no longer holds; added fields and vectors don't
   * matter, and dropped vectors to those alone who use them.
   */
  static void requireSame(CollectionSpec opened, CollectionSpec current) {
    DeclaredVectors.requireUnchanged(opened, current);
    if (!current.idKinds().equals(opened.idKinds())
        || !current.fields().entrySet().containsAll(opened.fields().entrySet())) {
      throw new Conflict(
          "the collection was made again with other fields or kinds of ids; open it again");
    }
  }
}
