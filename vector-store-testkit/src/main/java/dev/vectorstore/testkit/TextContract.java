package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Payload;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Terms and phrases: section Text of docs/CONTRACT.md. */
public interface TextContract extends EngineContract {
  @Test
  @Rule({"T-01", "T-02"})
  default void textsMatchByTheirTerms() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      TextSamples.requireTerms(collection);
      FilterCheck check = TextSamples.check(collection, TextSamples.TEXTS);
      for (String query : TextSamples.QUERIES) {
        check.agreesBothWays(Filter.field("text").matchesText(query));
      }
      check.agreesBothWays(
          Filter.and(
              Filter.field("text").matchesText("fox"),
              Filter.not(Filter.field("text").matchesText("lazy"))));
    }
  }

  @Test
  @Rule("T-03")
  default void phrasesAreAdjacentAndInOrder() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      TextSamples.requireTerms(collection);
      FilterCheck check = TextSamples.check(collection, TextSamples.TEXTS);
      if (!collection.capabilities().contains(Capability.PHRASE)) {
        Filter phrase = Filter.field("text").matchesPhrase("red fox");
        Expect.unsupported(() -> collection.count(phrase));
        Expect.unsupported(() -> check.scanned(Filter.not(phrase)));
        throw DoesNotBind.refused(Capability.PHRASE);
      }
      for (String query : TextSamples.QUERIES) {
        check.agreesBothWays(Filter.field("text").matchesPhrase(query));
      }
    }
  }

  @Test
  @Rule("T-04")
  default void allTermsStandInOneElementOfAList() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      TextSamples.requireTerms(collection);
      FilterCheck check =
          TextSamples.check(
              collection,
              List.of(
                  List.of("red fox", "lazy dog"),
                  List.of("red dog", "a fox"),
                  List.of("red", "fox"),
                  "red lazy fox dog",
                  List.of(List.of("red fox")),
                  List.of(1, "red fox", true),
                  Map.of("inner", "red fox"),
                  5,
                  List.of()));
      for (String query : List.of("red fox", "fox lazy", "red dog", "red", "5", "inner")) {
        check.agreesBothWays(Filter.field("text").matchesText(query));
        if (collection.capabilities().contains(Capability.PHRASE)) {
          check.agreesBothWays(Filter.field("text").matchesPhrase(query));
        }
      }
    }
  }

  @Test
  @Rule("T-05")
  default void onlyDeclaredFieldsAreMatched() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      TextSamples.requireTerms(collection);
      collection.upsert(Samples.record(1, "keyword", "red fox"));
      for (String field : List.of("keyword", "number", "undeclared")) {
        Filter filter = Filter.field(field).matchesText("fox");
        Expect.invalid("text on the field " + field, () -> collection.count(filter));
        Expect.invalid(
            "text on the field " + field, () -> collection.deleteWhere(Filter.not(filter)));
        Expect.invalid(
            "text on the field " + field, () -> collection.scan(ScanRequest.all().filter(filter)));
      }
      VectorCollection bare = space.create(spec -> spec);
      Expect.invalid(
          "text where no field is declared as text",
          () -> bare.search(SearchRequest.hybrid(Samples.vector(1, 0, 0, 0), "fox", Fusion.rrf())));
      assertThat(collection.count()).isEqualTo(1);
      for (String query : List.of("", " ", "?!", "\ud83d\ude80", "\u00b2")) {
        Expect.invalid("a query without terms", () -> Filter.field("text").matchesText(query));
        Expect.invalid("a query without terms", () -> Filter.field("text").matchesPhrase(query));
      }
    }
  }

  @Test
  @Rule("T-06")
  default void termsAloneAreNotRanked() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      TextSamples.requireTerms(collection);
      collection.upsert(Samples.record(1, "text", "a red fox"), Samples.record(2, "text", "a fox"));
      assertThat(collection.capabilities()).doesNotContain(Capability.RANKED_TEXT);
      for (String query : List.of("fox", "nothing", "?!")) {
        SearchRequest byText = SearchRequest.text(query);
        Expect.unsupported(() -> collection.search(byText));
        Expect.unsupported(() -> collection.searchBatch(List.of(byText)));
        Expect.unsupported(() -> collection.explain(byText));
      }
      Filter both = SearchRequest.text("fox red").textFilter(collection.describe().spec());
      assertThat(Samples.ids(Samples.scan(collection, ScanRequest.all().filter(both))))
          .as("a scan finds the records that have all terms")
          .isEqualTo(Samples.ids(1));
    }
  }

  @Test
  @Rule("T-07")
  default void termsFollowTheWrites() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      TextSamples.requireTerms(collection);
      Filter fox = Filter.field("text").matchesText("fox");
      Filter cat = Filter.field("text").matchesText("cat");
      collection.upsert(Samples.record(1, "text", "a fox"), Samples.record(2, "text", "a fox"));
      assertThat(collection.count(fox)).isEqualTo(2);
      collection.upsert(Samples.record(1, "text", "a cat"));
      assertThat(collection.count(fox)).as("replaced").isEqualTo(1);
      assertThat(collection.count(cat)).as("replaced").isEqualTo(1);
      collection.patchPayload(Samples.ids(2), Samples.payload("text", "cat"), List.of());
      assertThat(collection.count(fox)).as("patched").isZero();
      assertThat(collection.count(cat)).as("patched").isEqualTo(2);
      collection.patchPayload(Samples.ids(2), Samples.payload("n", 1), List.of());
      assertThat(collection.count(cat)).as("another key patched").isEqualTo(2);
      collection.patchPayload(Samples.ids(2), Payload.empty(), List.of("text"));
      assertThat(collection.count(cat)).as("removed").isEqualTo(1);
      collection.delete(Samples.ids(1));
      assertThat(collection.count(cat)).as("deleted").isZero();
    }
  }

  @Test
  @Rule("T-08")
  default void textCanBeLongAndNested() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection =
          space.create(
              spec ->
                  spec.field("text", FieldType.TERMS)
                      .field(FieldPath.of("meta", "a.b \"q\""), FieldType.TERMS)
                      .field("meta", FieldType.TERMS));
      TextSamples.requireTerms(collection);
      String token = "x".repeat(5000);
      FieldPath inner = FieldPath.of("meta", "a.b \"q\"");
      FilterCheck check =
          FilterCheck.of(
              collection,
              List.of(
                  Samples.payload("text", "before " + token + " after"),
                  Samples.payload("text", token + "y"),
                  Samples.payload("text", "red fox ".repeat(8000)),
                  Samples.payload("meta", Map.of("a.b \"q\"", "a red fox")),
                  Samples.payload("meta", "red fox")));
      check.agreesBothWays(Filter.field("text").matchesText(token));
      check.agreesBothWays(Filter.field("text").matchesText("fox red"));
      check.agreesBothWays(inner.matchesText("fox"));
      check.agreesBothWays(FieldPath.of("meta").matchesText("fox"));
      check.agreesBothWays(inner.containsJson(Value.of("a red fox")));
    }
  }
}
