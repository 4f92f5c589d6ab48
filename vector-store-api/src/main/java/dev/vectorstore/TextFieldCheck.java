package dev.vectorstore;

import java.util.List;
import java.util.Optional;

/** Finds the first field of a text predicate that isn't declared as text. */
final class TextFieldCheck implements Filter.Fold<Optional<FieldPath>> {
  private final CollectionSpec spec;

  private TextFieldCheck(CollectionSpec spec) {
    this.spec = spec;
  }

  /** Refuses text predicates on fields that aren't declared as text. */
  static void check(CollectionSpec spec, Filter filter) {
    filter
        .accept(new TextFieldCheck(spec))
        .ifPresent(
            path -> {
              throw refused(spec, path);
            });
  }

  private static VectorStoreException refused(CollectionSpec spec, FieldPath path) {
    FieldType type = spec.fields().get(path);
    return type == null
        ? refused(
            spec,
            path + " isn't declared",
            "declare it as TERMS by ensureCollection, which adds it to a collection of the store's"
                + " own that is there")
        : refused(
            spec,
            path + " is declared as " + type,
            "a declared type stays: copy the collection to one that is made with the field as TERMS"
                + " or TEXT");
  }

  private static VectorStoreException refused(CollectionSpec spec, String is, String advice) {
    return new VectorStoreException.InvalidRequest(
        "the field "
            + is
            + " in "
            + spec.name()
            + ", so its texts have no terms; "
            + advice
            + ", or use contains or containsText, which need no declaration");
  }

  private Optional<FieldPath> unlessText(FieldPath path) {
    FieldType type = spec.fields().get(path);
    return type == null || !type.isText() ? Optional.of(path) : Optional.empty();
  }

  @Override
  public Optional<FieldPath> leaf() {
    return Optional.empty();
  }

  @Override
  public Optional<FieldPath> both(Optional<FieldPath> first, Optional<FieldPath> second) {
    return first.or(() -> second);
  }

  @Override
  public Optional<FieldPath> matchesText(FieldPath path, List<String> terms) {
    return unlessText(path);
  }

  @Override
  public Optional<FieldPath> matchesPhrase(FieldPath path, List<String> terms) {
    return unlessText(path);
  }
}
