package dev.vectorstore.supabase;

import static dev.vectorstore.Filter.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vectorstore.Capability;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.supabase.tables.VectorText;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Search in an existing table by plain SQL. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresSearchTest {
  private static final Embedding QUERY = Embedding.of(0.3f, -1, 0.25f, 2, -0.5f, 0, 1e-3f, 0.75f);

  private ExistingSupabaseStore server;
  private VectorStore store;

  @BeforeAll
  void fill() {
    server = ExistingSupabaseStore.create(8);
    server.sql(
        """
        select setseed(0.25);
        insert into crawled_pages (url, chunk_number, metadata, embedding)
          select 'u' || n, n, jsonb_build_object('n', n % 50, 'half', (n % 50) / 2.0),
            case n % 100 when 50 then null when 51 then array_fill(0, array[8])::vector else
              (select array_agg(random() - 0.5 + 0 * n + 0 * d) from generate_series(1, 8) d)::vector end
          from generate_series(1, 3000) n;
        create table halves (id int primary key, v halfvec(8));
        insert into halves select id, embedding from crawled_pages where id <= 500;
        create index on halves using hnsw (v halfvec_cosine_ops);
        create table by_dot as select * from crawled_pages where id <= 500;
        alter table by_dot add primary key (id);
        create index on by_dot using hnsw (embedding vector_ip_ops);
        create table by_length as select id, embedding::halfvec(8) as v from by_dot;
        alter table by_length add primary key (id);
        create index on by_length using hnsw (v halfvec_l2_ops);
        create table by_expression as select * from by_dot;
        alter table by_expression add primary key (id);
        create index on by_expression using hnsw ((embedding::halfvec(8)) halfvec_l2_ops);
        create table by_two as select * from by_dot;
        alter table by_two add primary key (id);
        create index on by_two using hnsw (embedding vector_ip_ops);
        create index on by_two using hnsw (embedding vector_l2_ops);
        """);
    store = Reading.openDirect(server);
  }

  @AfterAll
  void stop() {
    store.close();
    server.close();
  }

  private static Metric metric(VectorCollection collection) {
    return collection.describe().spec().metric().orElseThrow();
  }

  /** By reading all rows: the reference. */
  private static Map<RecordId, Double> scores(VectorCollection collection, Filter filter) {
    Map<RecordId, Double> scores = new TreeMap<>();
    ScanRequest all = ScanRequest.all().projection(Projection.all());
    for (VectorRecord record : Reading.all(collection, all).records()) {
      if (record.vector().isPresent() && filter.test(record)) {
        scores.put(record.id(), metric(collection).score(QUERY, record.vector().get()));
      }
    }
    return scores;
  }

  private static void assertExact(List<SearchHit> hits, Map<RecordId, Double> scores, int limit) {
    List<Double> best =
        scores.values().stream().sorted(Comparator.reverseOrder()).limit(limit).toList();
    assertThat(hits).hasSize(best.size());
    for (int i = 0; i < hits.size(); i++) {
      SearchHit hit = hits.get(i);
      assertThat(hit.scoreKind()).isEqualTo(ScoreKind.METRIC);
      assertThat(hit.score()).isCloseTo(scores.get(hit.id()), within(1e-5));
      assertThat(hit.score()).isCloseTo(best.get(i), within(1e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"crawled_pages", "halves"})
  void anExactSearchHasTheTrueOrderThoughTheIndexHidesRows(String table) {
    VectorCollection collection = store.collection(table);

    assertThat(collection.capabilities()).contains(Capability.EXACT, Capability.VECTOR_SEARCH);
    for (int limit : new int[] {1, 10, 100, 10_000}) {
      List<SearchHit> hits = collection.search(SearchRequest.nearest(QUERY).limit(limit).exact());
      assertExact(hits, scores(collection, Filter.all()), limit);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "crawled_pages, COSINE",
    "by_dot, DOT",
    "by_length, EUCLIDEAN",
    "by_expression, EUCLIDEAN",
    "by_two, COSINE"
  })
  void theMetricIsThatOfTheIndexesWhereTheyAgree(String table, Metric metric) {
    VectorCollection collection = store.collection(table);
    assertThat(metric(collection)).isEqualTo(metric);
    Map<RecordId, Double> scores = scores(collection, Filter.all());
    SearchRequest request = SearchRequest.nearest(QUERY).limit(20);
    assertThat(collection.search(request))
        .as("some of the nearest, with their scores")
        .hasSize(20)
        .allSatisfy(hit -> assertThat(hit.score()).isCloseTo(scores.get(hit.id()), within(1e-5)));
    assertExact(collection.search(request.limit(1_000).exact()), scores, 1_000);
  }

  @Test
  void anIndexOfAnotherMetricThanCosineIsUsedToo() {
    SearchRequest request = SearchRequest.nearest(QUERY).limit(3);
    for (String table : List.of("by_dot", "by_length")) {
      assertThat(plan(store.collection(table).explain(request))).as(table).contains("Index Scan");
    }
  }

  @Test
  void aSearchIsFullThoughTheIndexAnswersShort() {
    VectorCollection pages = store.collection("crawled_pages");
    List<SearchHit> hits = pages.search(SearchRequest.nearest(QUERY).limit(2_500));

    assertThat(hits).hasSize(2_500);
    assertThat(hits).allMatch(hit -> hit.record().payload().text("url").isPresent());
  }

  @Test
  void filtersAreAnsweredWhetherSqlCanSayThemOrNot() {
    VectorCollection pages = store.collection("crawled_pages");
    List<Filter> filters =
        List.of(
            field("chunk_number").lt(40),
            field("metadata", "n").eq(7),
            field("metadata", "half").gt(24.2),
            Filter.not(field("metadata", "half").lte(24.2)),
            Filter.and(field("chunk_number").gt(2_000), field("metadata", "n").gte(48)),
            Filter.none());
    for (Filter filter : filters) {
      for (boolean exact : new boolean[] {true, false}) {
        SearchRequest request = SearchRequest.nearest(QUERY).filter(filter).limit(20);
        List<SearchHit> hits = pages.search((exact ? request.exact() : request));
        Map<RecordId, Double> scores = scores(pages, filter);
        assertThat(hits).as("%s", filter).hasSize(Math.min(20, scores.size()));
        assertThat(scores.keySet()).as("%s", filter).containsAll(ids(hits));
        if (exact) {
          assertExact(hits, scores, 20);
        }
      }
    }
  }

  @Test
  void projectionsAndVectorsAreReturnedAsAsked() {
    VectorCollection pages = store.collection("crawled_pages");
    SearchRequest request = SearchRequest.nearest(QUERY).limit(3).exact();

    assertThat(pages.search(request.projection(Projection.ids())))
        .allMatch(hit -> hit.record().payload().keys().isEmpty());
    assertThat(pages.search(request.projection(Projection.all())))
        .allMatch(hit -> hit.record().vector().isPresent());
  }

  @Test
  void aSearchUsesTheIndexUnlessItIsExact() {
    VectorCollection pages = store.collection("crawled_pages");
    SearchRequest request = SearchRequest.nearest(QUERY).limit(3);

    assertThat(plan(pages.explain(request))).contains("Index Scan");
    assertThat(plan(pages.explain(request.exact()))).contains("Sort");
    assertThat(plan(store.collection("halves").explain(SearchRequest.nearest(QUERY))))
        .contains("Index Scan");
    assertThat(pages.explain(request)).doesNotContain("0.25");
  }

  /** Of the statement that the store says it sends. */
  private String plan(String sql) {
    String query = "'" + VectorText.write(QUERY) + "'";
    return String.join(
        "\n", server.sql("set enable_seqscan = off; explain " + sql.replace("?", query)));
  }

  private static List<RecordId> ids(List<SearchHit> hits) {
    return hits.stream().map(SearchHit::id).toList();
  }
}
