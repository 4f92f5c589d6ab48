package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldPath;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.supabase.tables.IdHex;
import dev.vectorstore.supabase.tables.VectorText;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Searches go by the index, and are full all the same. With {@code -Dlong=true} over 100,000 rows,
 * else over 20,000.
 */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IndexUseTest {
  private static final int ROWS = Boolean.getBoolean("long") ? 100_000 : 20_000;
  private static final int DIMENSION = 32;
  private static final String COLLECTION = "indexed";
  private static final Filter ONE_PERCENT = FieldPath.of("hundredth").eq(7);
  private static final Filter ONE_TENTH = FieldPath.of("tenth").eq(7);
  private static final Filter HALF = FieldPath.of("half").eq("odd");

  private ManagedServer server;
  private VectorStore store;
  private VectorCollection collection;
  private List<float[]> centres = List.of();

  @BeforeAll
  void load() {
    server = ManagedServer.start();
    store = server.open(Reading.ONCE);
    collection =
        store.ensureCollection(
            CollectionSpec.builder(COLLECTION).vectors(DIMENSION, Metric.COSINE).build());
    Random random = new Random(7);
    centres =
        IntStream.range(0, 200).mapToObj(n -> gaussian(random, new float[DIMENSION], 1)).toList();
    server
        .database()
        .load(
            relation(),
            List.of("id", "payload", "embedding"),
            IntStream.range(0, ROWS).mapToObj(n -> row(n, random.nextInt(200), random)));
    server.database().sql("vacuum analyze " + relation());
    server
        .database()
        .sql(
            """
            create function explained(query text, embedding vector, k integer) returns setof text
            language plpgsql set search_path = pg_catalog, vector_store, public
            set hnsw.ef_search = 200 set hnsw.iterative_scan = relaxed_order as $$
            begin
              if k < 0 then
                return query execute 'select count(*)::text from (' || query || ') q' using embedding, -k;
              else
                return query execute 'explain ' || query using embedding, k;
              end if;
            end $$
            """);
  }

  @AfterAll
  void stop() {
    store.close();
    server.close();
  }

  /** With a text so long that Postgres keeps no statistics of the payloads. */
  private List<Object> row(int n, int centre, Random random) {
    return List.of(
        "\\x" + IdHex.of(RecordId.of(n)),
        "{\"tenth\": "
            + n % 10
            + ", \"hundredth\": "
            + n % 100
            + ", \"half\": \""
            + (n % 2 == 1 ? "odd" : "even")
            + "\", \"centre\": "
            + centre
            + ", \"text\": \""
            + n
            + " and more".repeat(150)
            + "\"}",
        gaussian(random, centres.get(centre), 0.5f));
  }

  private static float[] gaussian(Random random, float[] centre, float spread) {
    float[] components = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      components[i] = centre[i] + spread * (float) random.nextGaussian();
    }
    return components;
  }

  private String relation() {
    return server
        .database()
        .sql("select relation from vector_store.catalog where name = '" + COLLECTION + "'")
        .get(0);
  }

  private String plan(String filter) {
    return explained(filter, 10);
  }

  /** The plan of a search by the index alone; for a negative number, how many rows it finds. */
  private String explained(String filter, int k) {
    Embedding query = query(1);
    return String.join(
        "\n",
        server
            .database()
            .sql(
                "select explained(vector_store.nearest_sql(c, '{\"vectors\": [], \"filter\": "
                    + filter
                    + "}', 'index'), '"
                    + VectorText.write(query)
                    + "', "
                    + k
                    + ") from vector_store.find('"
                    + COLLECTION
                    + "') c"));
  }

  private static Embedding query(int seed) {
    return Embedding.of(gaussian(new Random(seed), new float[DIMENSION], 1));
  }

  @Test
  void thePlansOfSearchesHaveTheIndex() {
    assertThat(plan("null"))
        .contains("Index Scan using", "embedding")
        .doesNotContain("Sort Key: ((t");
    assertThat(plan("[\"eq\", [\"half\"], \"odd\"]"))
        .as("a filter that half of the rows pass")
        .contains("Index Scan using", "embedding");
    assertThat(plan("[\"eq\", [\"hundredth\"], 7]"))
        .as("a filter that few pass goes by its own index, or by that of the vectors")
        .containsAnyOf("payload_idx", "embedding_idx")
        .doesNotContain("Seq Scan");
  }

  @Test
  void filteredSearchesAreFullAndFindTheNearest() {
    for (Filter filter : List.of(Filter.all(), HALF, ONE_TENTH, ONE_PERCENT)) {
      double found = 0;
      int queries = 40;
      for (int seed = 0; seed < queries; seed++) {
        found += recall(SearchRequest.nearest(near(1_000 + seed)).filter(filter));
      }
      assertThat(found / queries).as("recall of %s", filter).isGreaterThanOrEqualTo(0.95);
    }
  }

  /** Queries far from all vectors, for which the index of 100,000 finds four in five. */
  @Test
  void whereFewPassAFilterTheyAreAllCompared() {
    assertThat(areCompared("[\"eq\", [\"hundredth\"], 7]")).isTrue();
    assertThat(areCompared("[\"in\", [\"half\"], [\"odd\", \"even\"]]")).isFalse();
    double found = 0;
    int queries = 40;
    for (int seed = 0; seed < queries; seed++) {
      found += recall(SearchRequest.nearest(query(seed)).filter(ONE_PERCENT));
    }
    assertThat(found / queries).isGreaterThanOrEqualTo(0.95);
  }

  /** If one of 200 candidates has passed the filter. */
  private boolean areCompared(String filter) {
    String query =
        "{\"vector\": \""
            + VectorText.write(query(1))
            + "\", \"vectors\": [], \"filter\": "
            + filter
            + "}";
    return server
        .database()
        .sql(
            "set search_path = pg_catalog, vector_store, public;"
                + "select nearest_of_few(c, '"
                + query
                + "', 10, 1, 200) is not null from find('"
                + COLLECTION
                + "') c")
        .contains("t");
  }

  /** None of the candidates passes the filter, nearly all rows do, and an index leads to those. */
  @Test
  void whereManyPassAFilterThatNoNearRowPassesTheIndexIsUsed() {
    Filter all = FieldPath.of("half").in("odd", "even");
    double found = 0;
    int queries = 10;
    for (int centre = 0; centre < queries; centre++) {
      Embedding query = Embedding.of(centres.get(centre));
      Filter elsewhere = Filter.and(all, Filter.not(FieldPath.of("centre").eq(centre)));
      found += recall(SearchRequest.nearest(query).filter(elsewhere).searchEffort(50));
    }
    // Far from what passes an index finds the half and more; of any rows that pass, a tenth would
    // be.
    assertThat(found / queries).isGreaterThanOrEqualTo(0.4);
  }

  private double recall(SearchRequest search) {
    List<RecordId> hits = ids(collection.search(search.limit(10)));
    assertThat(hits).hasSize(10);
    List<RecordId> exact = new ArrayList<>(ids(collection.search(search.exact())));
    exact.retainAll(hits);
    return exact.size() / 10.0;
  }

  /** As near to stored vectors as they are to each other, which questions with an answer are. */
  private Embedding near(int seed) {
    Random random = new Random(seed);
    return Embedding.of(gaussian(random, centres.get(random.nextInt(centres.size())), 0.5f));
  }

  private static List<RecordId> ids(List<SearchHit> hits) {
    return hits.stream().map(SearchHit::id).toList();
  }

  /** Trap 6: an iterative scan that runs out of memory or patience ends with too few rows. */
  @Test
  void aScanOfTheIndexThatEndsEarlyIsMadeUpFor() {
    String narrow =
        "alter function vector_store_search(json) set hnsw.max_scan_tuples = 1;"
            + "alter function vector_store_search(json) set enable_seqscan = off;"
            + "alter function vector_store_search(json) set enable_bitmapscan = off;"
            + "alter function vector_store_search(json) set work_mem = '64kB';"
            + "alter function vector_store_search(json) set hnsw.scan_mem_multiplier = 1;"
            + "alter function explained(text, vector, integer) set hnsw.max_scan_tuples = 1;"
            + "alter function explained(text, vector, integer) set enable_seqscan = off;"
            + "alter function explained(text, vector, integer) set enable_bitmapscan = off;"
            + "alter function explained(text, vector, integer) set work_mem = '64kB';"
            + "alter function explained(text, vector, integer) set hnsw.scan_mem_multiplier = 1;";
    server.database().sql(narrow);
    Filter rare = Filter.and(ONE_PERCENT, HALF);
    try {
      String filter = "[\"and\", [\"eq\", [\"hundredth\"], 7], [\"eq\", [\"half\"], \"odd\"]]";
      assertThat(plan(filter)).contains("embedding_idx");
      assertThat(Integer.parseInt(explained(filter, -150)))
          .as("the index alone gives up")
          .isLessThan(150);
      for (int seed = 0; seed < 10; seed++) {
        SearchRequest search = SearchRequest.nearest(query(seed)).filter(rare).limit(150);
        List<SearchHit> hits = collection.search(search);
        assertThat(hits).hasSize(150);
        assertThat(ids(hits)).isEqualTo(ids(collection.search(search.exact())));
      }
    } finally {
      server.database().sql(Supabase.sql()); // its settings are those of the script again
    }
  }
}
