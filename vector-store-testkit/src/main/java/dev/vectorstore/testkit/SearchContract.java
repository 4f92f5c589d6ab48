package dev.vectorstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.WriteOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Searches by vector: section Search of docs/CONTRACT.md. */
public interface SearchContract extends EngineContract {
  @Test
  @Rule("S-01")
  default void theLimitIsFullWhateverTheFilter() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create(spec -> spec.field("indexed", FieldType.NUMBER));
      List<VectorRecord> records = SearchSamples.many(5_200);
      collection.upsertAll(records.stream(), WriteOptions.defaults());
      SearchOracle oracle = new SearchOracle(Metric.COSINE, records);
      List<Filter> filters =
          List.of(
              Filter.all(),
              Filter.field("indexed").eq(17),
              Filter.field("unindexed").eq(17),
              Filter.not(Filter.field("unindexed").gt(25)),
              Filter.field("nested", "a.b").in("v3", "v4"),
              Filter.containsJson(Samples.payload("list", List.of(7, "x"))),
              Filter.field("unindexed").gt((1L << 53) - 1),
              Filter.field("unindexed").eq(-1));
      for (Filter filter : filters) {
        for (int limit : new int[] {1, 10, 500, 10_000}) {
          SearchRequest request =
              SearchRequest.nearest(Samples.vector(0.3, -1, 2, 0.1)).filter(filter).limit(limit);
          oracle.check("limit " + limit + " of " + filter, request, collection.search(request));
        }
      }
    }
  }

  @Test
  @Rule("S-02")
  default void scoresAreThoseOfTheMetric() {
    try (Workspace space = Workspace.of(this)) {
      for (Metric metric : Metric.values()) {
        VectorCollection collection = space.create(24, metric);
        Random random = new Random(metric.name().hashCode());
        List<VectorRecord> records = SearchSamples.random(random, 200, 24);
        collection.upsert(records);
        SearchOracle oracle = new SearchOracle(metric, records);
        for (int i = 0; i < 10; i++) {
          SearchRequest request = SearchRequest.nearest(Samples.vector(random, 24)).limit(200);
          oracle.check("scores by " + metric, request, collection.search(request));
        }
      }
    }
  }

  @Test
  @Rule("S-02")
  default void aCosineIsOneAtMost() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create(48, Metric.COSINE);
      List<VectorRecord> records = SearchSamples.random(new Random(9), 60, 48);
      collection.upsert(records);
      SearchOracle oracle = new SearchOracle(Metric.COSINE, records);
      for (VectorRecord record : records) {
        SearchRequest request = SearchRequest.nearest(record.vector().orElseThrow()).limit(1);
        List<SearchHit> hits = collection.search(request);
        oracle.check("a record's own vector", request, hits);
        assertThat(hits).extracting(SearchHit::id).containsExactly(record.id());
      }
    }
  }

  @Test
  @Rule("S-03")
  default void negativeScoresAreKept() {
    try (Workspace space = Workspace.of(this)) {
      for (Metric metric : Metric.values()) {
        VectorCollection collection = space.create(2, metric);
        List<VectorRecord> records =
            SearchSamples.vectors(
                Samples.vector(-1, 0),
                Samples.vector(-2, 0.5),
                Samples.vector(0, 1),
                Samples.vector(-1, -1),
                Samples.vector(-30, 1));
        collection.upsert(records);
        SearchRequest request = SearchRequest.nearest(Samples.vector(1, 0)).limit(10);
        List<SearchHit> hits = collection.search(request);
        assertThat(hits).as("no threshold unless asked, by %s", metric).hasSize(5);
        new SearchOracle(metric, records).check("negative scores", request, hits);
      }
    }
  }

  @Test
  @Rule("S-04")
  default void hitsComeBestFirstAndEqualOnesById() {
    try (Workspace space = Workspace.of(this)) {
      for (Metric metric : Metric.values()) {
        VectorCollection collection = space.create(3, metric);
        List<VectorRecord> records = SearchSamples.ties();
        List<VectorRecord> shuffled = new ArrayList<>(records);
        Collections.shuffle(shuffled, new Random(3));
        collection.upsert(shuffled);
        for (int limit : new int[] {7, records.size(), 100}) {
          SearchRequest request = SearchRequest.nearest(Samples.vector(1, 2, 2)).limit(limit);
          List<SearchHit> hits = collection.search(request);
          new SearchOracle(metric, records).check("ties by " + metric, request, hits);
        }
      }
    }
  }

  @Test
  @Rule("S-05")
  default void minScoreIsInclusive() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection dot = space.create(2, Metric.DOT);
      List<VectorRecord> records = new ArrayList<>();
      IntStream.rangeClosed(-5, 5)
          .forEach(i -> records.add(SearchSamples.record(i + 5, Samples.vector(i, 1))));
      dot.upsert(records);
      for (double least : new double[] {3, -2, 0, 5, -100, 6}) {
        SearchRequest request =
            SearchRequest.nearest(Samples.vector(1, 0)).minScore(least).limit(100);
        assertThat(dot.search(request))
            .as("dot products from %s", least)
            .hasSize((int) IntStream.rangeClosed(-5, 5).filter(i -> i >= least).count());
      }
      VectorCollection euclidean = space.create(2, Metric.EUCLIDEAN);
      euclidean.upsert(records);
      SearchRequest near = SearchRequest.nearest(Samples.vector(0, 1)).minScore(-2).limit(100);
      assertThat(euclidean.search(near)).as("distances up to 2").hasSize(5);
      SearchRequest few = near.limit(2);
      assertThat(euclidean.search(few)).as("the limit counts too").hasSize(2);
    }
  }

  @Test
  @Rule("S-06")
  default void exactGivesTheTrueOrder() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create(32, Metric.COSINE);
      SearchRequest any =
          SearchRequest.nearest(Samples.vector(new Random(1), 32)).exact().limit(50);
      if (!collection.capabilities().contains(Capability.EXACT)) {
        Expect.unsupported(() -> collection.search(any));
        throw DoesNotBind.refused(Capability.EXACT);
      }
      List<VectorRecord> records = SearchSamples.random(new Random(2), 2_000, 32);
      collection.upsertAll(records.stream(), WriteOptions.defaults());
      SearchOracle oracle = new SearchOracle(Metric.COSINE, records);
      for (int i = 0; i < 10; i++) {
        SearchRequest request = any.filter(Filter.field("n").gte(i * 200)).limit(1 + i * 20);
        oracle.check("exact order", request, collection.search(request));
      }
    }
  }

  @Test
  @Rule("S-07")
  default void aBatchAnswersAsItsSearchesDo() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(Samples.records(100));
      List<SearchRequest> requests =
          List.of(
              SearchRequest.nearest(Samples.vector(1, 0, 0, 0)).limit(3),
              SearchRequest.nearest(Samples.vector(0, 1, 0, 0)).limit(200),
              SearchRequest.nearest(Samples.vector(0, 0, 1, 0))
                  .filter(Filter.field("n").lt(10))
                  .projection(Projection.ids()),
              SearchRequest.nearest(Samples.vector(0, 0, 0, 1)).minScore(0.5),
              SearchRequest.nearest(Samples.vector(1, 1, 0, 0)).filter(Filter.none()),
              SearchRequest.nearest(Samples.vector(1, 0, 1, 0))
                  .filter(Filter.containsJson(Samples.payload("n", 7))));
      List<List<SearchHit>> answers = collection.searchBatch(requests);
      assertThat(answers).as("an answer for each request, in their order").hasSameSizeAs(requests);
      for (int i = 0; i < requests.size(); i++) {
        assertThat(answers.get(i))
            .as("request %d", i)
            .isEqualTo(collection.search(requests.get(i)));
      }
      assertThat(collection.searchBatch(List.of())).isEmpty();
      Expect.invalid(
          "one bad request in a batch",
          () ->
              collection.searchBatch(
                  List.of(requests.get(0), SearchRequest.nearest(Samples.vector(1)))));
    }
  }

  @Test
  @Rule("S-08")
  default void recordsWithoutAVectorAreNoHits() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      List<VectorRecord> records = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        VectorRecord record = Samples.record(i);
        records.add(i % 3 == 0 ? record.withoutVectors() : record);
      }
      collection.upsert(records);
      SearchOracle oracle = new SearchOracle(Metric.COSINE, records);
      for (Filter filter : List.of(Filter.all(), Filter.field("n").lt(31))) {
        SearchRequest request =
            SearchRequest.nearest(Samples.vector(1, 0, 0, 0)).filter(filter).limit(100);
        oracle.check("records without vectors", request, collection.search(request));
      }
    }
  }

  @Test
  @Rule("S-09")
  default void aQueryThatDoesNotFitIsRefused() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection cosine = space.create(3, Metric.COSINE);
      VectorCollection dot = space.create(3, Metric.DOT);
      for (Embedding bad :
          List.of(
              Samples.vector(1, 2),
              Samples.vector(1, 2, 3, 4),
              Samples.vector(1, Double.NaN, 3),
              Samples.vector(1, Double.POSITIVE_INFINITY, 3))) {
        for (VectorCollection collection : List.of(cosine, dot)) {
          Expect.invalid(
              "a query of another dimension, NaN or infinity",
              () -> collection.search(SearchRequest.nearest(bad)));
        }
      }
      SearchRequest zero = SearchRequest.nearest(Samples.vector(0, 0, 0));
      Expect.invalid("a zero query has no cosine", () -> cosine.search(zero));
      assertThat(dot.search(zero)).isEmpty();
      SearchRequest search = SearchRequest.nearest(Samples.vector(1, 2, 3));
      Expect.invalid("a limit of 0", () -> search.limit(0));
      Expect.invalid("a limit of 10,001", () -> search.limit(10_001));
      Expect.invalid("a least score of NaN", () -> search.minScore(Double.NaN));
    }
  }

  @Test
  @Rule("S-10")
  default void tinyAndHugeVectorsKeepTheirDirection() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create(2, Metric.COSINE);
      List<VectorRecord> records =
          SearchSamples.vectors(
              Samples.vector(1e-30, 1e-30),
              Samples.vector(1e-20, -1e-20),
              Samples.vector(1e-5, 2e-5),
              Samples.vector(1e20, 3e20),
              Samples.vector(-1e38, 1e38),
              Samples.vector(1, 4));
      collection.upsert(records);
      SearchOracle oracle = new SearchOracle(Metric.COSINE, records);
      for (double scale : new double[] {1e-38, 1e-10, 1, 1e30}) {
        SearchRequest request = SearchRequest.nearest(Samples.vector(2 * scale, scale)).limit(6);
        oracle.check("a query scaled by " + scale, request, collection.search(request));
      }
    }
  }

  @Test
  @Rule("S-11")
  default void whatTheCollectionCannotDoIsRefused() {
    try (Workspace space = Workspace.of(this)) {
      VectorCollection collection = space.create();
      collection.upsert(Samples.record(1, "text", "red fox"));
      Embedding query = Samples.vector(1, 0, 0, 0);
      if (!collection.capabilities().contains(Capability.RANKED_TEXT)) {
        Expect.unsupported(() -> collection.search(SearchRequest.text("fox")));
      }
      if (!collection.capabilities().contains(Capability.VECTOR_SEARCH)) {
        Expect.unsupported(() -> collection.search(SearchRequest.nearest(query)));
      }
      assertThat(collection.fetch(RecordId.of(new UUID(0, 1)))).isEmpty();
    }
  }
}
