package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
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
      if (TextSamples.refused(collection)) {
        return;
      }
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
      if (TextSamples.refused(collection)) {
        return;
      }
      FilterCheck check = TextSamples.check(collection, TextSamples.TEXTS);
      if (!collection.capabilities().contains(Capability.PHRASE)) {
        Filter phrase = Filter.field("text").matchesPhrase("red fox");
        Expect.unsupported(() -> collection.count(phrase));
        Expect.unsupported(() -> check.scanned(Filter.not(phrase)));
        return;
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
      if (TextSamples.refused(collection)) {
        return;
      }
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
      if (TextSamples.refused(collection)) {
        return;
      }
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
          "text where no field is declared as text", () -> bare.search(SearchRequest.text("fox")));
      assertThat(collection.count()).isEqualTo(1);
      for (String query : List.of("", " ", "?!", "\ud83d\ude80", "\u00b2")) {
        assertThat(collection.search(SearchRequest.text(query)))
            .as("a question without terms finds nothing")
            .isEmpty();
        Expect.invalid("a query without terms", () -> Filter.field("text").matchesText(query));
        Expect.invalid("a query without terms", () -> Filter.field("text").matchesPhrase(query));
      }
    }
  }

  @Test
  @Rule("T-06")
  default void aTextSearchFindsInTheOrderOfAScan() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      if (TextSamples.refused(collection)) {
        return;
      }
      List<VectorRecord> records = new ArrayList<>();
      for (int i = 0; i < 150; i++) {
        RecordId id = i % 2 == 0 ? RecordId.of(1000 - i) : RecordId.of("t" + i);
        Payload payload =
            switch (i % 4) {
              case 0 -> Samples.payload("text", "red fox " + i, "n", i);
              case 1 -> Samples.payload("text", "red", "content", "fox");
              case 2 -> Samples.payload("content", "a FOX, red", "n", i);
              default -> Samples.payload("keyword", "red fox");
            };
        records.add(VectorRecord.of(id, payload));
      }
      collection.upsert(records);
      Filter either =
          Filter.or(
              Filter.field("text").matchesText("fox red"),
              Filter.field("content").matchesText("fox red"));
      assertMatches(collection, either, Filter.all());
      assertMatches(collection, either, Filter.field("n").lt(60));
      assertMatches(collection, either, Filter.containsJson(Samples.payload("n", 64)));
      assertMatches(collection, either, Filter.none());
    }
  }

  private static void assertMatches(VectorCollection collection, Filter text, Filter filter) {
    List<RecordId> scanned =
        Samples.ids(Samples.scan(collection, ScanRequest.all().filter(Filter.and(text, filter))));
    for (int limit : new int[] {1, 5, 1000}) {
      List<SearchHit> hits =
          collection.search(SearchRequest.text("fox red").filter(filter).limit(limit));
      assertThat(hits)
          .as("all terms in any one declared field, in scan order, at the limit %d", limit)
          .extracting(SearchHit::id)
          .containsExactlyElementsOf(scanned.subList(0, Math.min(limit, scanned.size())));
      for (SearchHit hit : hits) {
        assertThat(hit.scoreKind()).isEqualTo(ScoreKind.NONE);
        assertThat(hit.similarity()).isEmpty();
        assertThat(hit.record().vector()).isEmpty();
      }
    }
  }

  @Test
  @Rule("T-07")
  default void termsFollowTheWrites() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      if (TextSamples.refused(collection)) {
        return;
      }
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
                  spec.field("text", FieldType.TEXT)
                      .field(FieldPath.of("meta", "a.b \"q\""), FieldType.TEXT)
                      .field("meta", FieldType.TEXT));
      if (TextSamples.refused(collection)) {
        return;
      }
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
