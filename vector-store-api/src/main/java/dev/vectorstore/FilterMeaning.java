package dev.vectorstore;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/** Evaluates a filter on one record: the reference that every engine must agree with. */
final class FilterMeaning implements Filter.Visitor<Boolean> {
  private final RecordId id;
  private final Payload payload;

  FilterMeaning(RecordId id, Payload payload) {
    this.id = id;
    this.payload = payload;
  }

  @Override
  public Boolean and(List<Filter> filters) {
    return filters.stream().allMatch(filter -> filter.accept(this));
  }

  @Override
  public Boolean or(List<Filter> filters) {
    return filters.stream().anyMatch(filter -> filter.accept(this));
  }

  @Override
  public Boolean not(Filter filter) {
    return !filter.accept(this);
  }

  @Override
  public Boolean constant(boolean value) {
    return value;
  }

  @Override
  public Boolean ids(Collection<RecordId> ids) {
    return ids.contains(id);
  }

  @Override
  public Boolean eq(FieldPath path, Value value) {
    return any(path, element -> scalarsEqual(element, value));
  }

  @Override
  public Boolean in(FieldPath path, List<Value> values) {
    return any(path, element -> values.stream().anyMatch(value -> scalarsEqual(element, value)));
  }

  @Override
  public Boolean compareNumber(FieldPath path, Filter.Comparison comparison, Value bound) {
    return any(
        path,
        element -> Numbers.isNumber(element) && comparison.holds(Numbers.compare(element, bound)));
  }

  @Override
  public Boolean compareInstant(FieldPath path, Filter.Comparison comparison, Instant bound) {
    return anyText(
        path,
        text ->
            Instants.parse(text).filter(at -> comparison.holds(at.compareTo(bound))).isPresent());
  }

  @Override
  public Boolean compareText(FieldPath path, Filter.Comparison comparison, String bound) {
    return anyText(path, text -> comparison.holds(Text.compareByCodePoint(text, bound)));
  }

  @Override
  public Boolean exists(FieldPath path) {
    return payload.toValue().at(path.segments()) != null;
  }

  @Override
  public Boolean isNull(FieldPath path) {
    return any(path, element -> element instanceof Value.NullValue);
  }

  @Override
  public Boolean containsJson(List<String> segments, Value contained) {
    Value value = payload.toValue().at(segments);
    return value != null && Containment.containsAtTop(value, contained);
  }

  @Override
  public Boolean contains(FieldPath path, String part) {
    return anyText(path, text -> text.contains(part));
  }

  @Override
  public Boolean containsText(FieldPath path, String part) {
    String folded = TextTerms.fold(part);
    return anyText(path, text -> TextTerms.fold(text).contains(folded));
  }

  @Override
  public Boolean matchesText(FieldPath path, List<String> terms) {
    return anyText(path, text -> TextTerms.containsAll(TextTerms.of(text), terms));
  }

  @Override
  public Boolean matchesPhrase(FieldPath path, List<String> terms) {
    return anyText(
        path,
        text -> TextTerms.containsPhrase(/* terms= */ TextTerms.phrase(text), /* phrase= */ terms));
  }

  static boolean scalarsEqual(Value a, Value b) {
    return (Numbers.isNumber(a) && Numbers.isNumber(b)) ? Numbers.compare(a, b) == 0 : a.equals(b);
  }

  private boolean anyText(FieldPath path, Predicate<String> predicate) {
    return any(
        path,
        element -> element instanceof Value.StringValue string && predicate.test(string.value()));
  }

  /** The value itself, or any element of the list, one level deep. */
  private boolean any(FieldPath path, Predicate<Value> predicate) {
    Value value = payload.toValue().at(path.segments());
    if (value instanceof Value.ListValue list) {
      return list.elements().stream().anyMatch(predicate);
    }
    return value != null && predicate.test(value);
  }
}
