package dev.vectorstore;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Refuses text predicates on fields that aren't declared as text. */
final class TextFieldCheck implements Filter.Visitor<Boolean> {
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
  public Boolean and(List<Filter> filters) {
    filters.forEach(filter -> filter.accept(this));
    return true;
  }

  @Override
  public Boolean or(List<Filter> filters) {
    return and(filters);
  }

  @Override
  public Boolean not(Filter filter) {
    return filter.accept(this);
  }

  @Override
  public Boolean constant(boolean value) {
    return true;
  }

  @Override
  public Boolean ids(Collection<RecordId> ids) {
    return true;
  }

  @Override
  public Boolean eq(FieldPath path, Value value) {
    return true;
  }

  @Override
  public Boolean in(FieldPath path, List<Value> values) {
    return true;
  }

  @Override
  public Boolean compareNumber(FieldPath path, Filter.Comparison comparison, Value bound) {
    return true;
  }

  @Override
  public Boolean compareInstant(FieldPath path, Filter.Comparison comparison, Instant bound) {
    return true;
  }

  @Override
  public Boolean compareText(FieldPath path, Filter.Comparison comparison, String bound) {
    return true;
  }

  @Override
  public Boolean exists(FieldPath path) {
    return true;
  }

  @Override
  public Boolean isNull(FieldPath path) {
    return true;
  }

  @Override
  public Boolean containsJson(List<String> segments, Value contained) {
    return true;
  }

  @Override
  public Boolean contains(FieldPath path, String part) {
    return true;
  }

  @Override
  public Boolean containsText(FieldPath path, String part) {
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
