package dev.vectorstore;

import java.util.List;

/** Refuses text predicates on fields that aren't declared as text. */
final class TextFieldCheck implements Filter.Fold<Boolean> {
  private final CollectionSpec spec;

  TextFieldCheck(CollectionSpec spec) {
    this.spec = spec;
  }

  private Boolean requireText(FieldPath path) {
    FieldType type = spec.fields().get(path);
    if (type == null) {
      throw refused(
          path,
          " isn't declared",
          "declare it as TERMS by ensureCollection, which adds it to a collection of the store's"
              + " own that is there");
    }
    if (!type.isText()) {
      throw refused(
          path,
          " is declared as " + type,
          "a declared type stays: copy the collection to one that is made with the field as TERMS"
              + " or TEXT");
    }
    return true;
  }

  private VectorStoreException refused(FieldPath path, String is, String advice) {
    return new VectorStoreException.InvalidRequest(
        "the field "
            + path
            + is
            + " in "
            + spec.name()
            + ", so its texts have no terms; "
            + advice
            + ", or use contains or containsText, which need no declaration");
  }

  @Override
  public Boolean leaf() {
    return true;
  }

  @Override
  public Boolean both(Boolean first, Boolean second) {
    return true;
  }

  @Override
  public Boolean matchesText(FieldPath path, List<String> terms) {
    return requireText(path);
  }

  @Override
  public Boolean matchesPhrase(FieldPath path, List<String> terms) {
    return requireText(path);
  }
}
