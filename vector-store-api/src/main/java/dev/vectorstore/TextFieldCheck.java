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
    if (type == null || !type.isText()) {
      throw new VectorStoreException.InvalidRequest(
          "the field "
              + path
              + " isn't declared as TEXT or TERMS in "
              + spec.name()
              + "; declare it");
    }
    return true;
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
