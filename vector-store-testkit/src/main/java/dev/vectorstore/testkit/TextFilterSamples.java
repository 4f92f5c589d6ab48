package dev.vectorstore.testkit;

import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.VectorCollection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Texts on which orders, cases and patterns disagree, and what filters are to make of them. */
final class TextFilterSamples {
  private static final String LONG = "k".repeat(63);

  /** In the order of code points; many another order has some of them elsewhere. */
  static final List<String> ORDERED =
      List.of(
          "",
          "\u0001",
          "\n",
          " ",
          " b",
          "\"",
          "%",
          "%a",
          "'",
          "*",
          "10",
          "2024-02-29",
          "2024-02-29T12:00:00Z",
          "2024-02-29T12:30:00+01:00",
          "9",
          "B",
          "Z",
          "\\",
          "_",
          "a",
          "a ",
          "aB",
          "ab",
          "a\u0301",
          "b",
          "e\u0301",
          LONG + "k",
          LONG + "kk",
          LONG.repeat(5) + "a",
          LONG.repeat(5) + "b",
          LONG + "\u00e9",
          LONG + "\u00e9".repeat(80),
          "z",
          "\u00c9",
          "\u00e9",
          "\u0301",
          "\u03c2",
          "\u03c3",
          "\ud7ff",
          "\ue000",
          "\ufb01",
          "\uffff",
          "\ud800\udc00",
          "\ud83d\ude80",
          "\ud83d\ude80a",
          "\udbff\udfff");

  /** Lists of texts, and values of other types that have a text of their own. */
  static final List<Object> OTHERS =
      Arrays.asList(
          List.of("B", "z"),
          List.of("\uffff", "\ud800\udc00"),
          List.of(5, "a", true),
          List.of(List.of("a")),
          List.of(Map.of("y", "a")),
          List.of(),
          List.of("one", "two cats"),
          List.of("ca", "t"),
          Map.of("y", "cat"),
          5,
          5.5,
          true,
          null);

  /** Texts that differ in case, form, or in what looks like a pattern. */
  static final List<String> MIXED =
      List.of(
          "concatenate",
          "conCATenate",
          "Cat",
          "100%_\\ sure",
          "100 percent",
          "100%",
          "1*0",
          "a_b",
          "a\\b",
          "say \"x\"",
          "it's",
          "a\nb",
          "a.b",
          "[a-z]+",
          "***=a",
          "(?i)a",
          "\u00c9COLE \u039f\u0394\u039f\u03a3",
          "\u00e9cole \u03bf\u03b4\u03bf\u03c2",
          "e\u0301cole",
          "stra\u00dfe",
          "STRASSE",
          "\u0130stanbul",
          "istanbul",
          "\u212a and K",
          "\u017fi\ufb01",
          "\ud801\udc00\ud801\udc28",
          "\ud83d\ude80 red",
          "\uffff",
          "\u65e5\u672c\u8a9e",
          LONG.repeat(5) + " Cat");

  static final List<String> PARTS =
      List.of(
          "cat",
          "CAT",
          "Cat",
          "a",
          "%",
          "_",
          "\\",
          "*",
          "0%_",
          "1%0",
          "1_0",
          "1*0",
          "a_b",
          "\\b",
          "\"x\"",
          "'",
          "a\nb",
          "a.b",
          "[a-z]",
          "***=a",
          "(?i)",
          "\u00e9cole",
          "\u00c9COLE",
          "e",
          "\u0301",
          "\u03bf\u03b4\u03bf\u03c2",
          "\u03bf\u03b4\u03bf\u03c3",
          "stra\u00dfe",
          "STRASSE",
          "STRA\u00dfE",
          "istanbul",
          "\u0130STANBUL",
          "k",
          "K",
          "\u212a",
          "s",
          "fi",
          "\ufb01",
          "\ud801\udc28",
          "\ud801\udc00",
          "\ud83d\ude80",
          "\ue000",
          "\uffff",
          "\u672c",
          "5",
          "true",
          " ",
          LONG);

  /** Texts that no engine can hold. */
  static final List<String> UNSTORABLE = List.of("a\0", "\ud800", "\udc00a", "\udbff\udbff");

  private TextFilterSamples() {}

  /** One of each kind of predicate that compares with a text, on one path. */
  static List<Filter> predicates(FieldPath x, String text) {
    return List.of(
        x.gt(text), x.gte(text), x.lt(text), x.lte(text), x.contains(text), x.containsText(text));
  }

  static List<Object> values(List<String> texts) {
    List<Object> values = new ArrayList<>(texts);
    values.addAll(OTHERS);
    return values;
  }

  /** Collections in which the field is declared as nothing, and as what an index can be made of. */
  static List<VectorCollection> collections(Workspace space, String field) {
    List<VectorCollection> collections = new ArrayList<>(List.of(space.create()));
    for (FieldType type : List.of(FieldType.KEYWORD, FieldType.INSTANT, FieldType.TERMS)) {
      collections.add(space.create(spec -> spec.field(field, type)));
    }
    return collections;
  }
}
