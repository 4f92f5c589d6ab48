package dev.vectorstore.testkit;

import dev.vectorstore.Capability;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import java.util.ArrayList;
import java.util.List;

/** Texts that tokenizers disagree on, and queries for them. */
final class TextSamples {
  static final List<Object> TEXTS =
      List.of(
          "The quick red fox",
          "red, FOX!",
          "red-fox_jumps",
          "fox red",
          "red lazy fox",
          "redfox",
          "that that is is that that is not",
          "x\u00b2y and \u00bd",
          "xy",
          "Stra\u00dfe",
          "STRASSE",
          "\u0130stanbul",
          "istanbul",
          "\u039f\u0394\u039f\u03a3",
          "\u03bf\u03b4\u03cc\u03c2",
          "\u03bf\u03b4\u03bf\u03c2",
          "\u00c9COLE",
          "e\u0301cole",
          "\u5411\u91cf\u641c\u7d22",
          "\u5411\u91cf \u641c\u7d22",
          "\u5411\u91cf\u91cf\u641c\u7d22",
          "\u691c\u7d22search\u691c\u7d22",
          "\u0939\u093f\u0928\u094d\u0926\u0940",
          "a\ud83d\ude80b fox",
          "\u24b6 \u2122 \u00aa",
          "C++ 3.14 v1.2.3",
          "it's don't",
          "");

  static final List<String> QUERIES =
      List.of(
          "red fox",
          "FOX RED",
          "red",
          "redfox",
          "fox jumps",
          "is is that",
          "that not",
          "not that",
          "x",
          "y",
          "x y",
          "xy",
          "stra\u00dfe",
          "strasse",
          "ISTANBUL",
          "\u03bf\u03b4\u03bf\u03c3",
          "\u039f\u0394\u039f\u03a3",
          "\u00e9cole",
          "cole",
          "\u5411\u91cf",
          "\u5411\u91cf\u641c\u7d22",
          "\u91cf\u641c",
          "\u641c",
          "search \u691c\u7d22",
          "\u0939\u093f\u0928\u094d\u0926\u0940",
          "a b",
          "\u00aa",
          "c",
          "3 14",
          "1 2 3",
          "v1",
          "s",
          "the");

  private TextSamples() {}

  /** Ends a test where the collection declares no TERMS, once what needs them was refused. */
  static void requireTerms(VectorCollection collection) {
    if (!hasTerms(collection)) {
      throw DoesNotBind.refused(Capability.TERMS);
    }
  }

  /** Whether the collection declares TERMS; where not, what needs them is shown to be refused. */
  static boolean hasTerms(VectorCollection collection) {
    if (collection.capabilities().contains(Capability.TERMS)) {
      return true;
    }
    Filter filter = Filter.field("text").matchesText("fox");
    Expect.unsupported(() -> collection.count(filter));
    Expect.unsupported(() -> collection.deleteWhere(filter));
    Expect.unsupported(() -> collection.search(SearchRequest.text("fox")));
    return false;
  }

  /** A record for each value at the key "text", and one without. */
  static FilterCheck check(VectorCollection collection, List<?> values) {
    List<Payload> payloads = new ArrayList<>();
    payloads.add(Payload.empty());
    values.forEach(value -> payloads.add(Samples.payload("text", value)));
    return FilterCheck.of(collection, payloads);
  }
}
