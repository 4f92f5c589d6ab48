package dev.vectorstore.testkit;

import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.TextTerms;
import dev.vectorstore.Value;
import java.lang.Character.UnicodeScript;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/** Stores that take the words of scripts without spaces, or new letters, for others. */
final class ScriptMutants {
  private ScriptMutants() {}

  static List<Mutant> all() {
    return List.of(
        Mutant.values(
            "T-09",
            "each Han character is a term of its own",
            value -> separated(value, c -> UnicodeScript.of(c) == UnicodeScript.HAN)),
        Mutant.values(
            "T-09",
            "a run ends between two scripts",
            value -> separated(value, c -> UnicodeScript.of(c) == UnicodeScript.HIRAGANA)),
        marks("Thai", UnicodeScript.THAI),
        marks("Lao", UnicodeScript.LAO),
        marks("Khmer", UnicodeScript.KHMER),
        marks("Myanmar", UnicodeScript.MYANMAR),
        Mutant.filters(
            "T-09",
            "a phrase of a run may stand in two",
            new FilterRewriter() {
              @Override
              public Filter matchesPhrase(FieldPath path, List<String> terms) {
                return Filter.or(
                    path.matchesPhrase(TextTerms.join(terms)),
                    path.matchesPhrase(String.join(" ", terms)));
              }
            }),
        Mutant.filters(
            "T-09",
            "a phrase of a run is its pairs",
            new FilterRewriter() {
              @Override
              public Filter matchesPhrase(FieldPath path, List<String> terms) {
                return path.matchesText(TextTerms.join(terms));
              }
            }),
        Mutant.values(
            "T-09",
            "other letters don't end a run",
            value -> mapped(value, text -> text.replaceAll("(?<=\\p{IsHan})[A-Z0-9]+", ""))),
        Mutant.values(
            "T-10",
            "letters are those of Unicode 13",
            value -> mapped(value, text -> text.replaceAll("[\\x{A7C0}\\x{1AFF0}\\x{1C89}]", " "))),
        Mutant.values(
            "T-10", "Han is that of Unicode 13", value -> separated(value, c -> c >= 0x31350)),
        Mutant.values(
            "T-10",
            "new letters aren't folded",
            value -> mapped(value, text -> text.replace("\ua7da", "\ua7d8"))));
  }

  private static Mutant marks(String name, UnicodeScript script) {
    return Mutant.values(
        "T-09",
        "marks of " + name + " end a term",
        value ->
            separated(value, c -> UnicodeScript.of(c) == script && !Character.isLetterOrDigit(c)));
  }

  private static Value separated(Value value, IntPredicate characters) {
    return mapped(
        value,
        text -> {
          StringBuilder separated = new StringBuilder();
          text.codePoints()
              .forEach(
                  c -> {
                    separated.appendCodePoint(c);
                    if (characters.test(c)) {
                      separated.append(' ');
                    }
                  });
          return separated.toString();
        });
  }

  private static Value mapped(Value value, UnaryOperator<String> planted) {
    return value instanceof Value.StringValue text
        ? new Value.StringValue(planted.apply(text.value()))
        : value;
  }
}
