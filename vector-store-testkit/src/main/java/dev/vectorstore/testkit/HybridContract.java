package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Searches by vector and text together: section Search of docs/CONTRACT.md. */
public interface HybridContract extends EngineContract {
  /** Some records match the text, some have no vector. */
  private static List<VectorRecord> mixed() {
    Random random = new Random(21);
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      String text = i % 5 == 0 ? "the red fox number " + i : "a lazy dog";
      VectorRecord record =
          VectorRecord.of(
              RecordId.of(i), Samples.vector(random, 4), Samples.payload("text", text, "n", i));
      records.add(i % 15 == 0 ? record.withoutVectors() : record);
    }
    return records;
  }

  @Test
  @Rule("S-12")
  default void aHybridAnswerIsTheFusionOfItsLegs() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(mixed());
      Embedding query = Samples.vector(1, -1, 0.5, 0);
      if (!collection.capabilities().contains(Capability.TERMS)) {
        Expect.unsupported(
            () -> collection.search(SearchRequest.hybrid(query, "fox", Fusion.boosted())));
        throw DoesNotBind.refused(Capability.TERMS);
      }
      for (Fusion fusion : List.of(Fusion.boosted(), Fusion.rrf(), Fusion.rrf(3))) {
        for (int limit : new int[] {1, 7, 20, 300}) {
          for (Filter filter : List.of(Filter.all(), Filter.field("n").gte(40))) {
            SearchRequest request =
                SearchRequest.hybrid(query, "FOX red", fusion).filter(filter).limit(limit);
            FusionCheck.assertFused(collection, request);
          }
        }
      }
    }
  }

  @Test
  @Rule("S-12")
  default void whatTextAloneFindsIsInTheAnswer() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      TextSamples.requireTerms(collection);
      collection.upsert(mixed());
      SearchRequest request =
          SearchRequest.hybrid(Samples.vector(1, 0, 0, 0), "number 45", Fusion.boosted())
              .limit(200)
              .projection(Projection.ids());
      List<SearchHit> hits = collection.search(request);
      assertThat(hits).as("112 have vectors, 45 is found by text alone").hasSize(113);
      SearchHit last = hits.get(112);
      assertThat(last.id()).isEqualTo(RecordId.of(45));
      assertThat(last.score()).isEqualTo(0.5);
    }
  }

  private static VectorCollection withText(Workspace space, int dimension) {
    return space
        .store()
        .ensureCollection(
            space.spec(dimension, Metric.COSINE).field("text", FieldType.TERMS).build());
  }

  private static SearchRequest exactly(VectorCollection collection, SearchRequest request) {
    return collection.capabilities().contains(Capability.EXACT) ? request.exact() : request;
  }

  /** All match the text; the last one is at the query's vector, the others are far from it. */
  @Test
  @Rule("S-14")
  default void unrankedTextIsOrderedByTheVector() {
    try (Workspace space = Workspace.of(this)) {
      for (int size : new int[] {20, 1_000}) {
        VectorCollection collection = withText(space, 3);
        TextSamples.requireTerms(collection);
        List<VectorRecord> records = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
          Embedding vector =
              i == size - 1
                  ? Samples.vector(1, 0, 0)
                  : Samples.vector(i == 1 ? -1 : -0.5 * i / size, i == 1 ? 0 : 1, 0);
          records.add(
              VectorRecord.of(RecordId.of(i), vector, Samples.payload("text", "word " + i)));
        }
        collection.upsert(records);
        for (Fusion fusion : List.of(Fusion.rrf(), Fusion.boosted())) {
          SearchRequest request =
              exactly(
                  collection,
                  SearchRequest.hybrid(Samples.vector(1, 0, 0), "word", fusion).limit(3));
          List<SearchHit> hits = collection.search(request);
          assertThat(hits.get(0).id())
              .as("of %d that match by %s, the one at the query's vector", size, fusion)
              .isEqualTo(RecordId.of(size - 1L));
          assertThat(hits).extracting(SearchHit::id).doesNotContain(RecordId.of(1));
          FusionCheck.assertFused(collection, request);
        }
      }
    }
  }

  @Test
  @Rule("S-14")
  default void recordsWithoutAVectorComeLastById() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = withText(space, 2);
      TextSamples.requireTerms(collection);
      List<RecordId> ids = List.of(RecordId.of(9), RecordId.of("b"), RecordId.of("a"));
      Payload word = Samples.payload("text", "word");
      ids.forEach(id -> collection.upsert(VectorRecord.of(id, word)));
      collection.upsert(
          VectorRecord.of(RecordId.of("z"), Samples.vector(1, 1), word),
          VectorRecord.of(RecordId.of(1), Samples.vector(1, 0), Samples.payload("text", "none")));
      SearchRequest request =
          SearchRequest.hybrid(Samples.vector(1, 0), "word", Fusion.boosted()).limit(10);
      assertThat(collection.search(request))
          .extracting(SearchHit::id)
          .containsExactly(
              RecordId.of("z"), RecordId.of(1), RecordId.of(9), RecordId.of("a"), RecordId.of("b"));
      assertThat(collection.search(request.limit(3)))
          .extracting(SearchHit::id)
          .containsExactly(RecordId.of("z"), RecordId.of(1), RecordId.of(9));
    }
  }

  @Test
  @Rule("S-15")
  default void aQuestionWithoutTermsIsAnsweredByTheVector() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(mixed());
      Embedding query = Samples.vector(1, -1, 0.5, 0);
      if (!collection.capabilities().contains(Capability.TERMS)) {
        Expect.unsupported(
            () -> collection.search(SearchRequest.hybrid(query, "???", Fusion.rrf())));
        throw DoesNotBind.refused(Capability.TERMS);
      }
      for (String question : List.of("", "???", "\ud83d\ude80 !")) {
        for (Fusion fusion : List.of(Fusion.rrf(), Fusion.boosted())) {
          assertThat(collection.search(SearchRequest.hybrid(query, question, fusion)))
              .as("the nearest, for the question [%s]", question)
              .extracting(SearchHit::id)
              .isEqualTo(
                  collection.search(SearchRequest.nearest(query)).stream()
                      .map(SearchHit::id)
                      .toList());
        }
        SearchRequest nothing =
            SearchRequest.hybrid(query, question, Fusion.rrf()).filter(Filter.none());
        assertThat(collection.search(nothing)).as("two empty rankings").isEmpty();
      }
    }
  }

  @Test
  @Rule("S-15")
  default void aTextSearchWithoutTermsFindsNothing() {
    try (Workspace space = Workspace.of(this)) {
      RankedSamples.requireRanked(space);
      VectorCollection collection = RankedSamples.create(space);
      collection.upsert(Samples.record(1, "text", "??? red fox"));
      for (String question : List.of("", "???", "\ud83d\ude80 !", "\u00b2")) {
        assertThat(collection.search(SearchRequest.text(question)))
            .as("the question [%s]", question)
            .isEmpty();
      }
    }
  }

  @Test
  @Rule("S-13")
  default void minScoreBoundsTheVectorLegOnly() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      TextSamples.requireTerms(collection);
      collection.upsert(mixed());
      SearchRequest request =
          SearchRequest.hybrid(Samples.vector(1, 0, 0, 0), "fox", Fusion.boosted())
              .filter(Filter.all())
              .minScore(0.9)
              .limit(100);
      FusionCheck.assertFused(collection, request);
      assertThat(collection.search(request).stream().filter(hit -> hit.score() == 0.5))
          .as("records found by text stay, however far their vectors are")
          .hasSizeGreaterThan(15);
    }
  }

  @Test
  @Rule("S-13")
  default void boostedFusionNeedsCosine() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection dot =
          space
              .store()
              .ensureCollection(space.spec(4, Metric.DOT).field("text", FieldType.TERMS).build());
      TextSamples.requireTerms(dot);
      dot.upsert(mixed());
      Embedding query = Samples.vector(1, 0, 0, 0);
      Expect.invalid(
          "boosted fusion of dot products",
          () -> dot.search(SearchRequest.hybrid(query, "fox", Fusion.boosted())));
      assertThat(dot.search(SearchRequest.hybrid(query, "fox", Fusion.rrf()))).hasSize(10);
    }
  }
}
