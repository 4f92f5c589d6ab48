package dev.vectorstore.testkit;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.TextTerms;
import dev.vectorstore.Value;
import java.text.Collator;
import java.text.Normalizer;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Stores that compare texts, or look for parts of them, in another way. */
final class TextFilterMutants {
  private static final Pattern INSTANT =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(Z|[+-]\\d\\d:\\d\\d)");

  private TextFilterMutants() {}

  static List<Mutant> all() {
    List<Mutant> mutants = new ArrayList<>(orders());
    mutants.addAll(parts());
    mutants.addAll(deletes());
    return mutants;
  }

  private static List<Mutant> orders() {
    return List.of(
        ordered("texts compare by UTF-16 unit", TextFilterMutants::unitsAsCodePoints),
        ordered("texts compare case-blind", TextTerms::fold),
        ordered("texts compare by the collation of a language", TextFilterMutants::english),
        ordered("texts that look like numbers compare as numbers", TextFilterMutants::padded),
        ordered("texts that name instants compare as instants", TextFilterMutants::inUtc),
        ordered("texts compare by their beginnings", text -> cut(text, 64)),
        ordered("texts compare without the space at their ends", String::strip),
        Mutant.filters(
            "F-15",
            "an empty bound is no bound",
            new FilterRewriter() {
              @Override
              public Filter compareText(
                  FieldPath path, Filter.Comparison comparison, String bound) {
                return bound.isEmpty() ? path.exists() : super.compareText(path, comparison, bound);
              }
            }),
        Mutant.values("F-15", "numbers compare as their texts", TextFilterMutants::scalarAsText),
        Mutant.values("F-15", "texts in lists of a list compare", TextFilterMutants::flat));
  }

  private static List<Mutant> parts() {
    return List.of(
        contains("contains takes a pattern of LIKE", (path, part) -> pieces(part, "[%_]", path)),
        contains("* is a wildcard of contains", (path, part) -> pieces(part, "[*]", path)),
        contains(
            "a backslash escapes in contains",
            (path, part) -> pieces(part.replace("\\", ""), "\u0001", path)),
        contains("contains is case-blind", FieldPath::containsText),
        contains("contains looks at the beginning", TextFilterMutants::atTheBeginning),
        Mutant.values("F-16", "texts are kept in their composed form", TextFilterMutants::composed),
        Mutant.values(
            "F-16", "contains finds numbers by their digits", TextFilterMutants::scalarAsText),
        Mutant.values(
            "F-16", "a part lies across the elements of a list", TextFilterMutants::joined),
        Mutant.filters(
            "F-13",
            "% is a wildcard",
            new FilterRewriter() {
              @Override
              public Filter containsText(FieldPath path, String part) {
                return Filter.and(
                    Arrays.stream(part.split("%"))
                        .filter(piece -> !piece.isEmpty())
                        .map(path::containsText)
                        .reduce(path.exists(), Filter::and));
              }
            }),
        Mutant.filters(
            "F-13",
            "containsText minds the case",
            new FilterRewriter() {
              @Override
              public Filter containsText(FieldPath path, String part) {
                return path.contains(part);
              }
            }),
        Mutant.values("F-13", "the fold is that of a language", TextFilterMutants::lower));
  }

  private static List<Mutant> deletes() {
    FilterRewriter upperBound =
        new FilterRewriter() {
          @Override
          public Filter compareText(FieldPath path, Filter.Comparison comparison, String bound) {
            return path.exists();
          }

          @Override
          public Filter contains(FieldPath path, String part) {
            return path.exists();
          }
        };
    return List.of(
        Mutant.collection(
            "F-14",
            "a delete of texts takes the bound above them",
            to ->
                new ForwardingCollection(to) {
                  @Override
                  public void deleteWhere(Filter filter) {
                    to.deleteWhere(filter.accept(upperBound));
                  }
                }));
  }

  /** Compares other texts in place of bounds and of what is stored. */
  private static Mutant ordered(String defect, UnaryOperator<String> key) {
    FilterRewriter bounds =
        new FilterRewriter() {
          @Override
          public Filter compareText(FieldPath path, Filter.Comparison comparison, String bound) {
            return super.compareText(path, comparison, key.apply(bound));
          }
        };
    UnaryOperator<Value> stored = value -> text(value, key);
    return Mutant.meaning(
        "F-15",
        defect,
        (filter, record) ->
            filter
                .accept(bounds)
                .test(
                    record.withPayload(
                        Payload.of(
                            (Value.ObjectValue) Mutant.map(record.payload().toValue(), stored)))));
  }

  private static Mutant contains(String defect, BiFunction<FieldPath, String, Filter> planted) {
    return Mutant.filters(
        "F-16",
        defect,
        new FilterRewriter() {
          @Override
          public Filter contains(FieldPath path, String part) {
            return planted.apply(path, part);
          }
        });
  }

  /** All pieces between separators, wherever they are. */
  private static Filter pieces(String part, String separator, FieldPath path) {
    return Arrays.stream(part.split(separator))
        .filter(piece -> !piece.isEmpty())
        .map(path::contains)
        .reduce(path.gte(""), Filter::and);
  }

  private static Filter atTheBeginning(FieldPath path, String part) {
    return Filter.and(path.gte(part), path.contains(part), path.lt(part + "\udbff\udfff"));
  }

  /** Each unit becomes a code point above those of the units, in their order. */
  private static String unitsAsCodePoints(String text) {
    StringBuilder units = new StringBuilder();
    text.chars().forEach(unit -> units.appendCodePoint(0x10000 + unit));
    return units.toString();
  }

  private static String english(String text) {
    StringBuilder key = new StringBuilder();
    for (byte each : Collator.getInstance(Locale.ENGLISH).getCollationKey(text).toByteArray()) {
      key.append((char) (0x100 + (each & 0xff)));
    }
    return key.toString();
  }

  private static String padded(String text) {
    return text.matches("\\d{1,9}") ? "0".repeat(9 - text.length()) + text : text;
  }

  private static String inUtc(String text) {
    return INSTANT.matcher(text).matches()
        ? OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC).toString()
        : text;
  }

  private static String cut(String text, int units) {
    return text.length() <= units ? text : text.substring(0, units);
  }

  private static Value scalarAsText(Value value) {
    return value instanceof Value.LongValue || value instanceof Value.DoubleValue
        ? new Value.StringValue(value.toString())
        : value;
  }

  private static Value composed(Value value) {
    return text(value, text -> Normalizer.normalize(text, Normalizer.Form.NFC));
  }

  private static Value lower(Value value) {
    return text(value, text -> text.toLowerCase(Locale.forLanguageTag("tr")));
  }

  private static Value text(Value value, UnaryOperator<String> change) {
    return value instanceof Value.StringValue text
        ? new Value.StringValue(change.apply(text.value()))
        : value;
  }

  private static Value flat(Value value) {
    if (!(value instanceof Value.ListValue list)) {
      return value;
    }
    List<Value> flat = new ArrayList<>();
    for (Value element : list.elements()) {
      flat.addAll(element instanceof Value.ListValue inner ? inner.elements() : List.of(element));
    }
    return new Value.ListValue(flat);
  }

  private static Value joined(Value value) {
    if (!(value instanceof Value.ListValue list)) {
      return value;
    }
    StringBuilder all = new StringBuilder();
    list.elements().forEach(element -> all.append(element.toObject()));
    return new Value.StringValue(all.toString());
  }
}
