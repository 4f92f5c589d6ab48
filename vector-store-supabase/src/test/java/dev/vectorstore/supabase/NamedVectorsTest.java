package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
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
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Several vectors a record in collections of our SQL: a column and an index each. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NamedVectorsTest {
  private ManagedServer server;
  private VectorStore store;

  @BeforeAll
  void start() {
    server = ManagedServer.start();
    store = server.open(Reading.ONCE);
  }

  @AfterAll
  void stop() {
    store.close();
    server.close();
  }

  private String relation(String collection) {
    return server
        .database()
        .sql("select relation from vector_store.catalog where name = '" + collection + "'")
        .get(0);
  }

  /** The vectors' columns with the indexes on each. */
  private List<String> columns(String collection) {
    return server
        .database()
        .sql(
            "select a.attname, format_type(a.atttypid, a.atttypmod),"
                + " (select string_agg(o.opcname, ',') from pg_index i"
                + "  join pg_opclass o on o.oid = any (i.indclass::oid[])"
                + "  join pg_depend d on d.objid = i.indexrelid and d.refobjid = a.attrelid"
                + "   and d.refobjsubid = a.attnum where i.indrelid = a.attrelid)"
                + " from pg_attribute a where a.attrelid = '"
                + relation(collection)
                + "'::regclass and a.attnum > 0 and not a.attisdropped"
                + " and format_type(a.atttypid, null) = 'vector' order by a.attnum");
  }

  private String token(String collection) {
    return server
        .database()
        .sql("select vector_store.token(vector_store.find('" + collection + "'))")
        .get(0);
  }

  @Test
  void aVectorIsAColumnWithAnIndexOfItsMetricAndGoesWithIt() {
    CollectionSpec spec =
        CollectionSpec.builder("columns")
            .vectors(3, Metric.COSINE)
            .vector("a-title_1", 4, Metric.DOT)
            .vector("X".repeat(63), 2_500, Metric.COSINE)
            .vector("far", 2_500, Metric.EUCLIDEAN)
            .build();
    store.ensureCollection(spec);
    assertThat(columns("columns"))
        .containsExactly(
            "embedding|vector(3)|vector_cosine_ops",
            "v6|vector(4)|vector_ip_ops",
            "v7|vector(2500)|halfvec_cosine_ops",
            "v8|vector(2500)|");
    assertThat(store.dropVector("columns", "far")).isTrue();
    assertThat(store.dropVector("columns", VectorSpec.PLAIN)).isTrue();
    store.ensureCollection(
        store.describe("columns").spec().toBuilder().vector("far", 5, Metric.EUCLIDEAN).build());
    assertThat(columns("columns"))
        .as("the column of one that was dropped is never that of another")
        .containsExactly(
            "v6|vector(4)|vector_ip_ops",
            "v7|vector(2500)|halfvec_cosine_ops",
            "v9|vector(5)|vector_l2_ops");
    store.drop("columns");
  }

  @Test
  void whatOneVectorIsRefusedForChangesNothing() {
    CollectionSpec spec = CollectionSpec.builder("refused").vectors(3, Metric.COSINE).build();
    store.ensureCollection(spec);
    CollectionSpec more =
        spec.toBuilder().vector("a", 3, Metric.DOT).vector("b", 16_001, Metric.DOT).build();
    assertThatThrownBy(() -> store.ensureCollection(more))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("16,000");
    assertThat(store.describe("refused").spec()).isEqualTo(spec);
    assertThat(columns("refused")).hasSize(1);
    store.drop("refused");
  }

  @Test
  void whoKnowsOfFewerVectorsGoesOnUntilOneOfItsOwnIsAnother() {
    CollectionSpec spec =
        CollectionSpec.builder("known")
            .vectors(2, Metric.COSINE)
            .vector("title", 3, Metric.DOT)
            .build();
    VectorCollection before = store.ensureCollection(spec);
    VectorRecord both =
        VectorRecord.of(RecordId.of(1), Embedding.of(1, 0), Payload.empty())
            .withVector("title", Embedding.of(1, 2, 3));
    before.upsert(both);
    String token = token("known");
    VectorCollection now =
        store.ensureCollection(spec.toBuilder().vector("more", 2, Metric.COSINE).build());
    assertThat(token("known")).isEqualTo(token);
    now.upsert(both.withVector("more", Embedding.of(0, 1)));
    assertThat(before.fetch(List.of(RecordId.of(1)), Projection.all())).containsExactly(both);
    before.upsert(both);
    assertThat(now.fetch(List.of(RecordId.of(1)), Projection.all()))
        .as("a write replaces the vectors that its writer doesn't know of, too")
        .containsExactly(both);

    store.dropVector("known", "title");
    store.ensureCollection(spec.toBuilder().vector("title", 3, Metric.EUCLIDEAN).build());
    SearchRequest byTitle = SearchRequest.nearest(1, 1, 1).using("title");
    SearchRequest byPlain = SearchRequest.nearest(1, 1).using(VectorSpec.PLAIN);
    List<Runnable> refused =
        List.of(
            () -> now.upsert(both),
            () -> now.patchPayload(List.of(both.id()), Payload.of(Map.of("n", 1)), List.of()),
            () -> now.delete(List.of(both.id())),
            () -> now.search(byTitle),
            () -> now.search(byPlain.projection(Projection.ids().withVectors("title"))),
            () -> now.fetch(List.of(both.id()), Projection.all()));
    for (Runnable each : refused) {
      assertThatThrownBy(each::run)
          .isInstanceOf(Conflict.class)
          .hasMessageContaining("the vector \"title\" was changed");
    }
    assertThat(now.search(byPlain)).as("a search by another vector goes on").hasSize(1);
    assertThat(now.fetch(List.of(both.id()), Projection.payload().withVectors("more")))
        .containsExactly(both.withoutVectors());
    assertThat(now.count()).isEqualTo(1);
    store.drop("known");
  }

  @Test
  void eachVectorIsSearchedByItsOwnIndex() {
    VectorCollection collection =
        store.ensureCollection(
            CollectionSpec.builder("indexed")
                .vectors(4, Metric.COSINE)
                .vector("title", 8, Metric.DOT)
                .vector("half", 2_500, Metric.COSINE)
                .build());
    collection.upsert(records(60));
    for (String name : List.of("title", "half")) {
      String kind = name.equals("half") ? "half" : "index";
      int dimension = collection.describe().spec().vector(name).dimension();
      String column = name.equals("half") ? "v7" : "v6";
      assertThat(plan("indexed", name, kind, dimension)).contains("_" + column + "_", "Index Scan");
      long all = records(60).stream().filter(record -> record.vector(name).isPresent()).count();
      SearchRequest request =
          SearchRequest.nearest(vector(new Random(7), dimension)).using(name).limit(5);
      assertThat(ids(collection.search(request)))
          .hasSize(5)
          .isEqualTo(ids(collection.search(request.exact())));
      assertThat(collection.search(request.limit(100))).hasSize((int) all);
    }
    store.drop("indexed");
  }

  private String plan(String collection, String name, String kind, int dimension) {
    server
        .database()
        .sql(
            """
            create or replace function planned(query text, dimension integer) returns setof text
            language plpgsql set search_path = pg_catalog, vector_store, public set enable_seqscan = off as $$
            begin
              return query execute 'explain ' || query using array_fill(1, array[dimension])::vector, 5;
            end $$
            """);
    return String.join(
        "\n",
        server
            .database()
            .sql(
                String.format(
                    "select planned(vector_store.nearest_sql(c, '{\"using\": \"%s\", \"vectors\":"
                        + " []}', '%s'), %d) from vector_store.find('%s') c",
                    name, kind, dimension, collection)));
  }

  private static Embedding vector(Random random, int dimension) {
    float[] components = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      components[i] = (float) random.nextGaussian();
    }
    return Embedding.of(components);
  }

  /** Every other one has a title, every third one has no other vector. */
  private static List<VectorRecord> records(int count) {
    Random random = new Random(1);
    return IntStream.range(0, count)
        .mapToObj(
            n -> {
              VectorRecord record =
                  VectorRecord.of(
                      RecordId.of(n),
                      Payload.of(Map.of("n", n, "text", n % 5 == 0 ? "a red fox" : "a cat")));
              if (n % 2 == 0) {
                record = record.withVector("title", vector(random, 8));
              }
              if (n % 3 > 0) {
                record =
                    record
                        .withVector(VectorSpec.PLAIN, vector(random, 4))
                        .withVector("half", vector(random, 2_500));
              }
              return record;
            })
        .toList();
  }

  /** As trap 6 has it for the only vector. */
  @Test
  void whereTheIndexOfANameGivesUpTheAnswerIsMadeUpFor() {
    VectorCollection collection =
        store.ensureCollection(
            CollectionSpec.builder("short")
                .vectors(4, Metric.COSINE)
                .vector("title", 8, Metric.DOT)
                .vector("half", 2_500, Metric.COSINE)
                .field("n", FieldType.NUMBER)
                .build());
    collection.upsert(records(300));
    server
        .database()
        .sql(
            "alter function vector_store_search(json) set hnsw.max_scan_tuples = 1;"
                + "alter function vector_store_search(json) set enable_seqscan = off;"
                + "alter function vector_store_search(json) set enable_sort = off;");
    try {
      for (Filter filter : List.of(Filter.all(), Filter.field("n").gte(100))) {
        SearchRequest request =
            SearchRequest.nearest(vector(new Random(3), 8))
                .using("title")
                .filter(filter)
                .searchEffort(1)
                .limit(90);
        assertThat(collection.search(request)).hasSize(90);
        assertThat(collection.search(request.limit(200)))
            .as("all that have a title")
            .hasSize(filter.isAll() ? 150 : 100);
      }
    } finally {
      server.database().sql(Supabase.sql());
    }
    store.drop("short");
  }

  @Test
  void aHybridSearchIsAmongTheVectorsOfItsName() {
    VectorCollection collection =
        store.ensureCollection(
            CollectionSpec.builder("hybrid")
                .vectors(4, Metric.COSINE)
                .vector("title", 8, Metric.DOT)
                .vector("half", 2_500, Metric.COSINE)
                .field("text", FieldType.TEXT)
                .build());
    List<VectorRecord> records = records(60);
    collection.upsert(records);
    Embedding query = vector(new Random(5), 8);
    SearchRequest byTitle = SearchRequest.nearest(query).using("title");
    List<SearchHit> fused =
        Fusion.rrf()
            .fuse(
                collection.search(byTitle.limit(10)),
                collection.search(SearchRequest.text("red fox").limit(10)),
                5);
    List<SearchHit> hits =
        collection.search(
            SearchRequest.hybrid(query, "red fox", Fusion.rrf())
                .using("title")
                .projection(Projection.ids().withVectors("half"))
                .limit(5));
    assertThat(ids(hits)).isEqualTo(ids(fused));
    for (SearchHit hit : hits) {
      VectorRecord record = records.get(Integer.parseInt(hit.id().toString()));
      assertThat(hit.record().vectors().keySet())
          .isEqualTo(record.vector("half").isPresent() ? Set.of("half") : Set.of());
    }
    assertThat(collection.explain(byTitle)).contains("by title");
    store.drop("hybrid");
  }

  private static List<RecordId> ids(List<SearchHit> hits) {
    return hits.stream().map(SearchHit::id).toList();
  }
}
