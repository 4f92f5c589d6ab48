package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Metric;
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
      records.add(i % 15 == 0 ? record.withoutVector() : record);
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
        return;
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
      if (!collection.capabilities().contains(Capability.TERMS)) {
        Expect.unsupported(() -> collection.search(SearchRequest.text("fox")));
        return;
      }
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

  @Test
  @Rule("S-13")
  default void minScoreBoundsTheVectorLegOnly() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      if (!collection.capabilities().contains(Capability.TERMS)) {
        Expect.unsupported(() -> collection.search(SearchRequest.text("fox")));
        return;
      }
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
              .ensureCollection(space.spec(4, Metric.DOT).field("text", FieldType.TEXT).build());
      if (!dot.capabilities().contains(Capability.TERMS)) {
        Expect.unsupported(() -> dot.search(SearchRequest.text("fox")));
        return;
      }
      dot.upsert(mixed());
      Embedding query = Samples.vector(1, 0, 0, 0);
      Expect.invalid(
          "boosted fusion of dot products",
          () -> dot.search(SearchRequest.hybrid(query, "fox", Fusion.boosted())));
      assertThat(dot.search(SearchRequest.hybrid(query, "fox", Fusion.rrf()))).hasSize(10);
    }
  }
}
