package dev.vectorstore.testkit;

import dev.vectorstore.CollectionInfo;
import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Stores that take filters to mean something else. */
final class FilterMutants {
  private static final Value EMPTY_LIST = Value.of(List.of());

  private FilterMutants() {}

  static List<Mutant> all() {
    List<Mutant> mutants = new ArrayList<>(logic());
    mutants.addAll(sizesAndIds());
    mutants.addAll(values());
    mutants.addAll(paths());
    mutants.addAll(texts());
    return mutants;
  }

  private static List<Mutant> logic() {
    return List.of(
        Mutant.filters("F-02", "a nested not is ignored", new NestedNotIgnored()),
        Mutant.filters(
            "F-02",
            "the last branch of an or is lost",
            new FilterRewriter() {
              @Override
              public Filter or(List<Filter> filters) {
                return super.or(filters.subList(0, filters.size() - 1));
              }
            }),
        Mutant.filters(
            "F-02",
            "groups in groups lose their parentheses",
            new FilterRewriter() {
              @Override
              public Filter and(List<Filter> filters) {
                return filters.get(0).depth() > 1 ? super.or(filters) : super.and(filters);
              }
            }),
        Mutant.filters(
            "F-02",
            "not of a range leaves out records without the field",
            new FilterRewriter() {
              @Override
              public Filter not(Filter filter) {
                return filter.depth() == 1
                    ? Filter.and(super.not(filter), Filter.field("x").exists())
                    : super.not(filter);
              }
            }),
        Mutant.meaning(
            "F-09",
            "in() of nothing selects everything",
            (filter, record) -> filter.isNone() || filter.test(record)));
  }

  private static List<Mutant> sizesAndIds() {
    return List.of(
        Mutant.filters(
            "F-10",
            "an or has no room for more than 100",
            new FilterRewriter() {
              @Override
              public Filter or(List<Filter> filters) {
                return super.or(filters.subList(0, Math.min(filters.size(), 100)));
              }
            }),
        Mutant.meaning(
            "F-10",
            "a deep filter is cut off",
            (filter, record) -> filter.depth() > 12 || filter.test(record)),
        Mutant.filters(
            "F-11",
            "the number 1 and the text 1 are one id",
            new FilterRewriter() {
              @Override
              public Filter ids(Collection<RecordId> ids) {
                List<RecordId> more = new ArrayList<>(ids);
                ids.stream()
                    .filter(id -> id.toString().matches("\\d{1,9}"))
                    .forEach(id -> more.add(RecordId.of(Long.parseLong(id.toString()) + 1)));
                return Filter.ids(more);
              }
            }));
  }

  /** Every not but the outermost is dropped. */
  private static final class NestedNotIgnored extends FilterRewriter {
    @Override
    public Filter and(List<Filter> filters) {
      return Filter.and(filters.stream().map(NestedNotIgnored::withoutNot).toList());
    }

    private static Filter withoutNot(Filter filter) {
      return filter.accept(
          new FilterRewriter() {
            @Override
            public Filter not(Filter inner) {
              return inner.accept(this);
            }
          });
    }
  }

  private static List<Mutant> values() {
    return List.of(
        Mutant.meaning(
            "F-03",
            "integers go through double",
            (filter, record) ->
                filter
                    .accept(new ThroughDouble())
                    .test(
                        record.withPayload(
                            Payload.of(
                                (Value.ObjectValue)
                                    Mutant.map(
                                        record.payload().toValue(), ThroughDouble::toDouble))))),
        Mutant.values("F-03", "3.0 isn't 3", FilterMutants::markIntegral),
        Mutant.values("F-03", "numbers are float32", FilterMutants::toFloat),
        Mutant.values("F-01", "a text that looks like a number is one", FilterMutants::parse),
        Mutant.values("F-04", "a date without a time is an instant", FilterMutants::lenient),
        Mutant.filters("F-05", "null counts as missing", new NullIsMissing()),
        Mutant.filters(
            "F-05",
            "missing counts as null",
            new FilterRewriter() {
              @Override
              public Filter isNull(FieldPath path) {
                return Filter.or(path.isNull(), Filter.not(path.exists()));
              }
            }),
        Mutant.filters(
            "F-05",
            "null in a list isn't seen",
            new FilterRewriter() {
              @Override
              public Filter isNull(FieldPath path) {
                return Filter.and(path.isNull(), Filter.not(path.containsJson(EMPTY_LIST)));
              }
            }),
        Mutant.filters(
            "F-06",
            "lists match as a whole only",
            new FilterRewriter() {
              @Override
              public Filter eq(FieldPath path, Value value) {
                return Filter.and(path.eq(value), Filter.not(path.containsJson(EMPTY_LIST)));
              }
            }),
        Mutant.values("F-06", "lists match at any depth", FilterMutants::flatten));
  }

  /** Both the stored and the asked numbers. */
  private static final class ThroughDouble extends FilterRewriter {
    static Value toDouble(Value value) {
      return value instanceof Value.LongValue number
          ? new Value.DoubleValue(number.value())
          : value;
    }

    @Override
    public Filter eq(FieldPath path, Value value) {
      return path.eq(toDouble(value));
    }

    @Override
    public Filter in(FieldPath path, List<Value> values) {
      return path.in(values.stream().map(ThroughDouble::toDouble).toList());
    }

    @Override
    public Filter compareNumber(FieldPath path, Filter.Comparison comparison, Value bound) {
      return super.compareNumber(path, comparison, toDouble(bound));
    }
  }

  private static final class NullIsMissing extends FilterRewriter {
    @Override
    public Filter exists(FieldPath path) {
      Filter isList = path.containsJson(EMPTY_LIST);
      return Filter.and(path.exists(), Filter.or(Filter.not(path.isNull()), isList));
    }
  }

  private static Value markIntegral(Value value) {
    return value instanceof Value.DoubleValue number && number.value() == Math.rint(number.value())
        ? new Value.DoubleValue(Math.nextUp(number.value()))
        : value;
  }

  private static Value toFloat(Value value) {
    return value instanceof Value.DoubleValue number && Math.abs(number.value()) < Float.MAX_VALUE
        ? new Value.DoubleValue((float) number.value())
        : value;
  }

  private static Value parse(Value value) {
    return value instanceof Value.StringValue text && text.value().matches("\\d{1,9}")
        ? new Value.LongValue(Long.parseLong(text.value()))
        : value;
  }

  private static Value lenient(Value value) {
    return value instanceof Value.StringValue text && text.value().matches("\\d{4}-\\d\\d-\\d\\d")
        ? new Value.StringValue(text.value() + "T00:00:00Z")
        : value;
  }

  private static Value flatten(Value value) {
    if (!(value instanceof Value.ListValue list)) {
      return value;
    }
    List<Value> flat = new ArrayList<>();
    for (Value element : list.elements()) {
      flat.addAll(element instanceof Value.ListValue inner ? inner.elements() : List.of(element));
    }
    return new Value.ListValue(flat);
  }

  private static List<Mutant> paths() {
    return List.of(
        Mutant.filters(
            "F-07",
            "dots in keys are paths",
            new FilterRewriter() {
              @Override
              public Filter eq(FieldPath path, Value value) {
                String dotted = String.join(".", path.segments());
                return dotted.matches("[a-z]+(\\.[a-z]+)+")
                    ? FieldPath.of(dotted.split("\\.")).eq(value)
                    : path.eq(value);
              }
            }),
        Mutant.filters(
            "F-08",
            "a quote ends the value",
            new FilterRewriter() {
              @Override
              public Filter eq(FieldPath path, Value value) {
                return value instanceof Value.StringValue text && text.value().contains("' or ")
                    ? Filter.all()
                    : path.eq(value);
              }
            }),
        Mutant.filters("F-12", "a list contains a scalar at any depth", new LooseContainment()));
  }

  private static final class LooseContainment extends FilterRewriter {
    @Override
    public Filter containsJson(List<String> segments, Value contained) {
      if (!(contained instanceof Value.ObjectValue object)) {
        return super.containsJson(segments, contained);
      }
      List<Filter> all = new ArrayList<>(List.of(super.containsJson(segments, Value.of(Map.of()))));
      object
          .entries()
          .forEach(
              (key, value) -> {
                List<String> path = new ArrayList<>(segments);
                path.add(key);
                all.add(containsJson(path, value));
              });
      return Filter.and(all);
    }
  }

  private static List<Mutant> texts() {
    return List.of(
        Mutant.filters(
            "T-01",
            "terms match inside of words",
            new FilterRewriter() {
              @Override
              public Filter matchesText(FieldPath path, List<String> terms) {
                return Filter.and(terms.stream().map(path::containsText).toList());
              }
            }),
        Mutant.filters(
            "T-01",
            "one term is enough",
            new FilterRewriter() {
              @Override
              public Filter matchesText(FieldPath path, List<String> terms) {
                return Filter.or(terms.stream().map(path::matchesText).toList());
              }
            }),
        Mutant.values("T-02", "\u00b2 is part of a word", value -> replace(value, "\u00b2", "2")),
        Mutant.values("T-02", "\u00df is ss", value -> replace(value, "\u00df", "ss")),
        Mutant.values(
            "T-02", "final sigma is a letter of its own", value -> replace(value, "\u03c2", "v")),
        Mutant.filters(
            "T-03",
            "a phrase needn't be adjacent",
            new FilterRewriter() {
              @Override
              public Filter matchesPhrase(FieldPath path, List<String> terms) {
                return path.matchesText(String.join(" ", terms));
              }
            }),
        Mutant.values("T-04", "a match goes across the elements of a list", FilterMutants::join),
        Mutant.values("T-08", "long words are cut", FilterMutants::cutWords),
        new Mutant(
            "an undeclared capability is answered all the same",
            "T-01",
            () -> new ForwardingStore(ModelStore.open(), UndeclaredTerms::new)));
  }

  private static final class UndeclaredTerms extends ForwardingCollection {
    UndeclaredTerms(VectorCollection to) {
      super(to);
    }

    @Override
    public CollectionInfo describe() {
      return CollectionInfo.of(super.describe().spec(), Set.of());
    }
  }

  private static Value replace(Value value, String old, String by) {
    return value instanceof Value.StringValue text
        ? new Value.StringValue(text.value().replace(old, by))
        : value;
  }

  private static Value join(Value value) {
    if (!(value instanceof Value.ListValue list)) {
      return value;
    }
    StringBuilder all = new StringBuilder();
    list.elements().forEach(element -> all.append(element.toObject()).append(' '));
    return new Value.StringValue(all.toString());
  }

  private static Value cutWords(Value value) {
    return value instanceof Value.StringValue text
        ? new Value.StringValue(text.value().replaceAll("([a-z]{255})[a-z]+", "$1"))
        : value;
  }
}
