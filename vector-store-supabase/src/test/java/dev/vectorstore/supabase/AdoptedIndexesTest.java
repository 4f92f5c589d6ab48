package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Embedding;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The indexes that an adopted table has are used, or passed by where they find too little. */
@RequiresEngine(TestEngine.SUPABASE)
class AdoptedIndexesTest extends TablesToAdopt {
  @Test
  void whatIsAdoptedIsReadByIndexesFromTheStart() {
    server.sql(
        """
        create table many (id bigint primary key, e vector(8));
        insert into many select n,
            (select array_agg(random() - 0.5 + 0 * n + 0 * d) from generate_series(1, 8) d)::vector
          from generate_series(1, 20000) n;
        create index by_e on many using hnsw (e vector_cosine_ops);
        """);
    tables.adopt(TableAdoption.of("many").build());
    String fetch =
        "format('select from %s t where %s = any (%L)', c.relation, c.id_sql, '{}'::bytea[])";
    assertThat(planOf(fetch)).contains("_vector_store_id");
    assertThat(planOf("vector_store.nearest_sql(c, '{\"vectors\": []}', 'index')", new float[8]))
        .contains("Index Scan using by_e");
    tables.release("many");
    server.sql("drop table many");
  }

  /** Of the statement that this SQL makes of the catalog's entry c. */
  private String planOf(String sql, float... query) {
    String made =
        String.join(" ", server.sql("select " + sql + " from vector_store.find('many') c"));
    String vector = "'" + Arrays.toString(query) + "'::vector";
    return String.join(
        "\n", server.sql("explain " + made.replace("$1", vector).replace("$2", "5")));
  }

  @Test
  void anIndexOfHalfThePrecisionFindsCandidates() {
    server.sql(
        """
        create table many (id bigint primary key, e vector(2100));
        insert into many select n, (select array_agg(sin(n * d)) from generate_series(1, 2100) d)::vector
          from generate_series(1, 300) n;
        insert into many values (1000, null), (1001, array_fill(0, array[2100])::vector);
        create index by_half on many using hnsw ((e::halfvec(2100)) halfvec_cosine_ops);
        """);
    tables.adopt(TableAdoption.of("many").build());
    float[] query = new float[2_100];
    query[7] = 1;
    VectorCollection many = store.collection("many");
    server.sql("alter database " + server.database().name() + " set enable_seqscan = off");
    assertThat(planOf("vector_store.nearest_sql(c, '{\"vectors\": []}', 'half')", query))
        .contains("Index Scan using by_half");
    server.sql("alter database " + server.database().name() + " reset enable_seqscan");
    SearchRequest search = SearchRequest.nearest(Embedding.of(query)).limit(5);
    assertThat(ids(many.search(search))).hasSize(5).isEqualTo(ids(many.search(search.exact())));
    assertThat(many.search(search.limit(1_000))).hasSize(300);
    tables.release("many");
    server.sql("drop table many");
  }

  @Test
  void anIndexThatFindsLittleIsToldAndPassedBy() {
    server.sql(
        """
        insert into code_examples (summary, embedding)
        select 's', array[sin(n), cos(n * 1.7), sin(n * 0.3)]::vector(3) from generate_series(1, 3000) n
        """);
    List<String> told = tables.adopt(TableAdoption.of("code_examples").build());
    assertThat(told)
        .anySatisfy(
            note ->
                assertThat(note)
                    .contains("ivfflat", "create index concurrently", "hnsw", "drop index"));
    VectorCollection examples = store.collection("code_examples");
    Embedding query = Embedding.of(0.3f, -0.2f, 0.9f);
    List<RecordId> found = ids(examples.search(SearchRequest.nearest(query).limit(50)));
    List<RecordId> exact = ids(examples.search(SearchRequest.nearest(query).limit(50).exact()));
    assertThat(found).isEqualTo(exact).hasSize(50);
  }

  private static List<RecordId> ids(List<SearchHit> hits) {
    return hits.stream().map(SearchHit::id).toList();
  }
}
