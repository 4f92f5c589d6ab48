package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStoreException.Conflict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Texts ranked by relevance: section Ranked text of docs/CONTRACT.md. */
public interface RankedTextContract extends EngineContract {
  @Test
  @Rule("K-01")
  default void aRankedSearchFindsTheRecordsThatHaveATerm() {
    try (Workspace space = Workspace.of(this)) {
      RankedSamples.requireRanked(space);
      VectorCollection collection = RankedSamples.create(space);
      List<VectorRecord> records = new ArrayList<>(RankedSamples.texts(TextSamples.TEXTS));
      records.add(Samples.record(1_000, "plain", "red fox"));
      records.add(Samples.record(1_001, "undeclared", "red fox"));
      collection.upsert(records);
      for (String query : TextSamples.QUERIES) {
        assertThat(Samples.sorted(RankedSamples.search(collection, query)))
            .as("the records with at least one of the terms in a ranked field: %s", query)
            .isEqualTo(RankedSamples.having(collection, query));
      }
    }
  }

  @Test
  @Rule("K-02")
  default void rankedHitsComeBestFirstAndEqualOnesById() {
    try (Workspace space = Workspace.of(this)) {
      RankedSamples.requireRanked(space);
      VectorCollection collection = RankedSamples.create(space);
      List<VectorRecord> records = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        records.add(
            Samples.record(99 - i, "text", "fox ".repeat(1 + i % 3) + "dog ".repeat(9 - i % 3)));
      }
      collection.upsert(records);
      List<SearchHit> hits = collection.search(SearchRequest.text("FOX").limit(60));
      assertThat(hits).hasSize(60).doesNotHaveDuplicates();
      assertThat(hits)
          .as("best first, equal scores by id")
          .isSortedAccordingTo(RankedSamples.ORDER);
      for (SearchHit hit : hits) {
        assertThat(hit.scoreKind()).isEqualTo(ScoreKind.RANKED_TEXT);
        assertThat(hit.score()).isPositive();
        assertThat(hit.similarity()).isPresent();
      }
      assertThat(hits.stream().map(SearchHit::score).distinct())
          .as("texts of one length with one, two and three occurrences")
          .hasSize(3);
    }
  }

  @Test
  @Rule("K-03")
  default void whatIsMoreRelevantComesFirst() {
    try (Workspace space = Workspace.of(this)) {
      RankedSamples.requireRanked(space);
      VectorCollection collection = RankedSamples.create(space);
      collection.upsert(
          RankedSamples.texts(
              List.of(
                  "fox cat cat cat cat cat",
                  "fox fox fox cat cat cat",
                  "fox fox cat cat cat cat",
                  "owl owl dog dog",
                  "owl dog dog",
                  "owl dog dog dog dog dog dog dog dog",
                  "dog dog dog dog owl",
                  "lynx ibis dog dog",
                  "bear cat")));
      assertThat(RankedSamples.search(collection, "fox"))
          .as("more occurrences in texts of one length")
          .containsExactlyElementsOf(Samples.ids(1, 2, 0));
      List<RecordId> owls = RankedSamples.search(collection, "owl");
      assertThat(owls.indexOf(RecordId.of(4)))
          .as("a shorter text with as many occurrences")
          .isLessThan(owls.indexOf(RecordId.of(6)));
      assertThat(owls.indexOf(RecordId.of(6))).isLessThan(owls.indexOf(RecordId.of(5)));
      assertThat(RankedSamples.search(collection, "dog bear").get(0))
          .as("a rare term weighs more than a common one")
          .isEqualTo(RecordId.of(8));
      assertThat(RankedSamples.search(collection, "lynx ibis dog").get(0))
          .as("more of the terms")
          .isEqualTo(RecordId.of(7));
    }
  }

  @Test
  @Rule("K-04")
  default void aRecordCountsByItsBestField() {
    try (Workspace space = Workspace.of(this)) {
      RankedSamples.requireRanked(space);
      VectorCollection collection = RankedSamples.create(space);
      collection.upsert(
          Samples.record(1, Samples.payload("text", "fox cat", "title", "fox cat")),
          Samples.record(2, Samples.payload("text", "fox fox", "title", "cat cat")),
          Samples.record(3, Samples.payload("text", "cat cat", "title", "fox fox")),
          Samples.record(4, Samples.payload("text", "dog dog", "title", "dog dog")),
          Samples.record(5, Samples.payload("text", "cat cat", "title", "cat cat")));
      assertThat(RankedSamples.search(collection, "fox"))
          .as("one occurrence in each of two fields is less than two in one")
          .isEqualTo(Samples.ids(2, 3, 1));
    }
  }

  @Test
  @Rule("K-05")
  default void aRankedAnswerObeysFilterAndLimit() {
    try (Workspace space = Workspace.of(this)) {
      RankedSamples.requireRanked(space);
      VectorCollection collection = RankedSamples.create(space);
      collection.upsert(IntStream.range(0, 400).mapToObj(RankedTextContract::withFoxes).toList());
      List<SearchHit> all = collection.search(RankedSamples.fox(Filter.all(), 1_000));
      assertThat(all).hasSize(400);
      for (Filter filter : RankedSamples.FILTERS) {
        List<SearchHit> selected =
            all.stream().filter(hit -> filter.test(hit.record())).collect(Collectors.toList());
        for (int limit : new int[] {1, 7, 400}) {
          assertThat(collection.search(RankedSamples.fox(filter, limit)))
              .as("%s at the limit %d", filter, limit)
              .extracting(SearchHit::score)
              .containsExactlyElementsOf(
                  selected.stream()
                      .limit(limit)
                      .map(SearchHit::score)
                      .collect(Collectors.toList()));
        }
        assertThat(collection.search(RankedSamples.fox(filter, 1_000)))
            .as("all that %s selects", filter)
            .isEqualTo(selected);
      }
    }
  }

  private static VectorRecord withFoxes(int n) {
    return Samples.record(
        n,
        Payload.builder()
            .put("text", "fox " + "cat ".repeat(n % 37))
            .put(n % 3 == 0 ? "title" : "n2", "a fox")
            .put("n", n)
            .build());
  }

  @Test
  @Rule("K-06")
  default void aRepeatedTermOfTheQueryCountsOnce() {
    try (Workspace space = Workspace.of(this)) {
      RankedSamples.requireRanked(space);
      VectorCollection collection = RankedSamples.create(space);
      collection.upsert(
          RankedSamples.texts(List.of("fox cat", "cat dog", "fox dog dog", "w7 w511 fox")));
      List<SearchHit> once = collection.search(SearchRequest.text("fox cat"));
      assertThat(once).hasSize(4);
      assertThat(collection.search(SearchRequest.text("cat Fox, fox FOX cat"))).isEqualTo(once);
      assertThat(RankedSamples.search(collection, RankedSamples.words(512) + " w0 w1"))
          .as("as many different terms as count")
          .isEqualTo(Samples.ids(3));
      assertThat(RankedSamples.search(collection, RankedSamples.words(512) + " dog"))
          .as("the first 512 different terms count, and no more")
          .isEqualTo(Samples.ids(3));
    }
  }

  @Test
  @Rule("K-07")
  default void ranksFollowTheWrites() {
    try (Workspace space = Workspace.of(this)) {
      RankedSamples.requireRanked(space);
      VectorCollection collection = RankedSamples.create(space);
      collection.upsert(
          RankedSamples.texts(List.of("a fox in a box", "fox fox", "a cat", "a cat cat dog")));
      assertThat(RankedSamples.search(collection, "fox")).isEqualTo(Samples.ids(1, 0));
      collection.upsert(Samples.record(1, "text", "a dog"));
      assertThat(RankedSamples.search(collection, "fox")).as("replaced").isEqualTo(Samples.ids(0));
      List<VectorRecord> before = collection.fetch(Samples.ids(0, 2), Projection.all());
      collection.patchPayload(Samples.ids(2, 0), Samples.payload("text", "fox fox fox"), List.of());
      assertThat(RankedSamples.search(collection, "fox")).as("set").isEqualTo(Samples.ids(0, 2));
      assertThat(RankedSamples.search(collection, "box")).as("set").isEmpty();
      collection.patchPayload(Samples.ids(0), Samples.payload("title", "a cat"), List.of("text"));
      assertThat(RankedSamples.search(collection, "fox")).as("removed").isEqualTo(Samples.ids(2));
      assertThat(Samples.sorted(RankedSamples.search(collection, "cat")))
          .as("set in another field")
          .isEqualTo(Samples.ids(0, 3));
      collection.patchPayload(Samples.ids(2), Samples.payload("n", null), List.of());
      assertThat(RankedSamples.search(collection, "fox"))
          .as("another key set to null")
          .isEqualTo(Samples.ids(2));
      assertThat(collection.fetch(Samples.ids(0, 2), Projection.all()))
          .as("vectors stay, to the last bit")
          .extracting(VectorRecord::vector)
          .isEqualTo(before.stream().map(VectorRecord::vector).toList());
      collection.delete(Samples.ids(2));
      assertThat(RankedSamples.search(collection, "fox")).as("deleted").isEmpty();
      collection.deleteAll();
      assertThat(RankedSamples.search(collection, "cat dog")).as("all deleted").isEmpty();
    }
  }

  @Test
  @Rule("K-08")
  default void aRankedHybridAnswerIsTheFusionOfItsLegs() {
    try (Workspace space = Workspace.of(this)) {
      RankedSamples.requireRanked(space);
      VectorCollection collection = RankedSamples.create(space);
      List<VectorRecord> records = new ArrayList<>();
      for (int i = 0; i < 80; i++) {
        String text = i % 3 == 0 ? "red fox " + "dog ".repeat(i / 3) : "a lazy cat";
        VectorRecord record = Samples.record(i, Samples.payload("title", text, "n", i));
        records.add(i % 15 == 0 ? record.withoutVectors() : record);
      }
      collection.upsert(records);
      for (Fusion fusion : List.of(Fusion.boosted(), Fusion.rrf(), Fusion.rrf(3))) {
        for (int limit : new int[] {1, 7, 20, 300}) {
          for (Filter filter : RankedSamples.FILTERS) {
            FusionCheck.assertFused(
                collection,
                SearchRequest.hybrid(Samples.vector(1, -1, 0.5, 0), "FOX nowhere", fusion)
                    .filter(filter)
                    .limit(limit));
          }
        }
      }
    }
  }

  @Test
  @Rule("K-09")
  default void aListOfTextsIsOneText() {
    try (Workspace space = Workspace.of(this)) {
      RankedSamples.requireRanked(space);
      VectorCollection collection = RankedSamples.create(space);
      collection.upsert(
          RankedSamples.texts(
              List.of(
                  List.of("a red fox", "red box", 5, true, List.of("red red red")),
                  "a red fox red box",
                  List.of("red", "dog", "cat"),
                  Map.of("inner", "red"),
                  List.of("", "?!"),
                  7)));
      List<SearchHit> hits = collection.search(SearchRequest.text("red"));
      assertThat(hits).extracting(SearchHit::id).isEqualTo(Samples.ids(0, 1, 2));
      assertThat(hits.get(0).score())
          .as("the elements one after the other")
          .isEqualTo(hits.get(1).score());
    }
  }

  @Test
  @Rule("K-10")
  default void aRankedFieldIsDeclaredWithItsCollection() {
    try (Workspace space = Workspace.of(this)) {
      RankedSamples.requireRanked(space);
      CollectionSpec ranked = RankedSamples.spec(space);
      VectorCollection collection = space.store().ensureCollection(ranked);
      assertThat(collection.describe().spec()).isEqualTo(ranked);
      assertThat(collection.capabilities()).contains(Capability.RANKED_TEXT);
      collection.upsert(Samples.record(1, "text", "fox"));
      CollectionSpec asTerms = ranked.toBuilder().field("text", FieldType.TERMS).build();
      assertThat(space.store().ensureCollection(asTerms).describe().spec())
          .as("a ranked text has terms, and stays ranked")
          .isEqualTo(ranked);
      assertThat(RankedSamples.search(space.store().collection(ranked.name()), "fox"))
          .isEqualTo(Samples.ids(1));
      refuse(space, ranked.toBuilder().field("plain", FieldType.TEXT).build());
      refuse(space, ranked.toBuilder().field("late", FieldType.TEXT).build());
      refuse(space, ranked.toBuilder().field("text", FieldType.KEYWORD).build());
      assertThat(space.store().describe(ranked.name()).spec()).isEqualTo(ranked);
    }
  }

  private static void refuse(Workspace space, CollectionSpec spec) {
    Expect.failure(
        Conflict.class,
        "a field that begins or ends to be ranked: refuse it, and change nothing",
        () -> space.store().ensureCollection(spec));
  }

  @Test
  @Rule("K-11")
  default void aRankedFieldHasTerms() {
    try (Workspace space = Workspace.of(this)) {
      RankedSamples.requireRanked(space);
      VectorCollection collection = RankedSamples.create(space);
      FilterCheck check =
          FilterCheck.of(
              collection,
              TextSamples.TEXTS.stream().map(text -> Samples.payload("text", text)).toList());
      for (String query : List.of("red fox", "that not", "strasse", "x y", "3 14")) {
        check.agreesBothWays(Filter.field("text").matchesText(query));
        if (collection.capabilities().contains(Capability.PHRASE)) {
          check.agreesBothWays(Filter.field("text").matchesPhrase(query));
        }
      }
    }
  }
}
