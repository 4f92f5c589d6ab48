package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tables with a column of vectors for each embedding model, as people keep them: read as they are
 * and adopted, over PostgREST and over a connection to the database.
 */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TableVectorsTest {
  private static final String TABLES =
      """
      create table per_model (
        id bigserial primary key, content text, model text,
        embedding_4 vector(4), embedding_8 vector(8), embedding_6 halfvec(6), embedding_2500 vector(2500));
      create index on per_model using hnsw (embedding_8 vector_cosine_ops);
      insert into per_model (content, model, embedding_8)
        select 'page ' || n, 'eight', (select array_agg(sin(n * i))::vector from generate_series(1, 8) i)
        from generate_series(1, 20) n;
      insert into per_model (content, model, embedding_6) values ('six', 'six', '[1,2,3,4,5,6]');
      insert into per_model (content, embedding_4) values ('zeros', '[0,0,0,0]'), ('none', null);
      create function match_per_model(query_embedding vector(8), match_count int default 10)
        returns table (id bigint, content text, similarity float) language sql stable as $$
          select p.id, p.content, 1 - (embedding_8 <=> query_embedding) from per_model p
          where embedding_8 is not null order by embedding_8 <=> query_embedding limit match_count $$;
      create table adopted_per_model (like per_model including all);
      insert into adopted_per_model select * from per_model;
      create table alike (id int primary key, title vector(3), body vector(3), other vector(3));
      insert into alike select n, array[n, 1, 0]::vector, array[1, n, n % 3]::vector, null from generate_series(1, 12) n;
      create function match_alike(query_embedding vector, match_count int)
        returns table (id int, similarity float) language sql stable as $$
          select a.id, 1 - (body <=> query_embedding) from alike a order by body <=> query_embedding limit match_count $$;
      create table r (id int primary key, r text, rr text, r_vector vector(2), t vector(2));
      insert into r values (1, 'a', 'b', '[1,0]', null);
      """;

  private ManagedServer server;
  private VectorStore rest;
  private VectorStore direct;

  @BeforeAll
  void start() {
    server = ManagedServer.after(TABLES);
    server.database().sql("grant all on all tables in schema public to service_role");
    server.postgrest().restart();
    rest = server.open(Reading.ONCE);
    direct = Postgres.at(server.database().url("postgres")).callOptions(Reading.ONCE).open();
    direct.unwrap(SupabaseTables.class).adopt(TableAdoption.of("adopted_per_model").build());
  }

  @AfterAll
  void stop() {
    rest.close();
    direct.close();
    server.close();
  }

  Stream<VectorCollection> perModel() {
    return Stream.of("per_model", "adopted_per_model")
        .flatMap(table -> Stream.of(rest.collection(table), direct.collection(table)));
  }

  @ParameterizedTest
  @MethodSource("perModel")
  void eachColumnIsAVectorAndWhatIsFilledArrives(VectorCollection pages) {
    assertThat(pages.describe().spec().vectors())
        .isEqualTo(
            Map.of(
                "embedding_4", VectorSpec.of(4, Metric.COSINE),
                "embedding_8", VectorSpec.of(8, Metric.COSINE),
                "embedding_6", VectorSpec.of(6, Metric.COSINE),
                "embedding_2500", VectorSpec.of(2_500, Metric.COSINE)));
    Reading.Whole whole = Reading.all(pages);
    assertThat(whole.records()).hasSize(23);
    assertThat(whole.records().stream().map(record -> record.vectors().keySet()).distinct())
        .containsExactly(Set.of("embedding_8"), Set.of("embedding_6"), Set.of());
    assertThat(whole.records().get(20).vector("embedding_6"))
        .contains(Embedding.of(1, 2, 3, 4, 5, 6));
    assertThat(whole.issues())
        .extracting(RecordIssue::toString)
        .containsExactly(
            "ZERO_EMBEDDING 22: its embedding embedding_4 has zeros only",
            "NO_EMBEDDING 23: all its embeddings are null");
    Projection some = Projection.ids().withVectors("embedding_6");
    assertThat(pages.fetch(List.of(RecordId.of(1), RecordId.of(21)), some))
        .extracting(VectorRecord::vectors)
        .extracting(Map::keySet)
        .containsExactlyInAnyOrder(Set.of(), Set.of("embedding_6"));
  }

  @ParameterizedTest
  @MethodSource("perModel")
  void aSearchIsByTheNameOfAColumn(VectorCollection pages) {
    Embedding query = Embedding.of(1, 2, 0, -1, 0.5f, 1, 1, 0);
    List<RecordId> nearest =
        Reading.all(pages).records().stream()
            .filter(record -> record.vector("embedding_8").isPresent())
            .sorted(
                Comparator.comparingDouble(
                    record ->
                        -Metric.COSINE.score(query, record.vector("embedding_8").orElseThrow())))
            .map(VectorRecord::id)
            .limit(7)
            .collect(Collectors.toList());
    SearchRequest request = SearchRequest.nearest(query).using("embedding_8").limit(7);
    assertThat(ids(pages.search(request))).isEqualTo(nearest);
    List<SearchHit> whole = pages.search(request.projection(Projection.all()));
    assertThat(whole)
        .allMatch(hit -> hit.record().vectors().keySet().equals(Set.of("embedding_8")));
    assertThat(ids(pages.searchBatch(List.of(request, request.limit(3))).get(1)))
        .isEqualTo(nearest.subList(0, 3));
  }

  @Test
  void eachColumnIsSearchedOverAConnection() {
    SearchRequest bySix = SearchRequest.nearest(1, 2, 3, 4, 5, 5).using("embedding_6");
    for (VectorCollection pages :
        List.of(
            direct.collection("per_model"),
            direct.collection("adopted_per_model"),
            rest.collection("adopted_per_model"))) {
      assertThat(ids(pages.search(bySix))).containsExactly(RecordId.of(21));
      assertThat(ids(pages.search(bySix.exact()))).containsExactly(RecordId.of(21));
      assertThat(pages.search(SearchRequest.nearest(1, 0, 0, 0).using("embedding_4"))).isEmpty();
    }
  }

  /** Over PostgREST a table is searched by its function, which is for one of the columns. */
  @Test
  void aFunctionIsAskedForItsOwnVectorOnly() {
    VectorCollection pages = rest.collection("per_model");
    SearchRequest byFour = SearchRequest.nearest(1, 0, 0, 0).using("embedding_4");
    assertThatThrownBy(() -> pages.search(byFour))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContainingAll(
            "match_per_model", "doesn't search the vector embedding_4", "embedding_8", "adopt");
    VectorCollection alike = rest.collection("alike");
    SearchRequest nearest = SearchRequest.nearest(1, 2, 3).limit(4);
    assertThat(ids(alike.search(nearest.using("body"))))
        .isEqualTo(ids(direct.collection("alike").search(nearest.using("body"))));
    for (String other : List.of("title", "other")) {
      assertThatThrownBy(() -> alike.search(nearest.using(other)))
          .isInstanceOf(UnsupportedFeature.class)
          .hasMessageContainingAll("match_alike", "cosines", other);
    }
    assertThat(ids(alike.search(nearest.using("body").limit(2)))).hasSize(2);
  }

  @Test
  void aFunctionOfAColumnWithoutVectorsAnswersForNoOther() {
    server
        .database()
        .sql(
            """
            create table unfilled (id int primary key, old vector(2), new vector(3));
            insert into unfilled values (1, null, '[1,0,0]');
            create function match_unfilled(query_embedding vector, match_count int)
              returns table (id int, similarity float) language sql stable as $$
                select u.id, 1 - (old <=> query_embedding) from unfilled u where old is not null limit match_count $$;
            grant all on unfilled to service_role;
            """);
    server.postgrest().restart();
    VectorCollection unfilled = rest.collection("unfilled");
    assertThatThrownBy(() -> unfilled.search(SearchRequest.nearest(1, 0, 0).using("new")))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContainingAll("finds nothing", "new");
    assertThat(unfilled.search(SearchRequest.nearest(1, 0).using("old"))).isEmpty();
  }

  /** The names that our statements give are none of a column. */
  @Test
  void columnsMayHaveTheNamesOfOurStatements() {
    for (VectorStore store : List.of(rest, direct)) {
      VectorCollection odd = store.collection("r");
      VectorRecord record = Reading.all(odd).only();
      assertThat(record.payload().text("r")).contains("a");
      assertThat(record.vectors()).isEqualTo(Map.of("r_vector", Embedding.of(1, 0)));
    }
    SearchRequest request = SearchRequest.nearest(1, 1).using("r_vector");
    assertThat(direct.collection("r").search(request)).hasSize(1);
  }

  @Test
  void rowsOfAnotherModelAreLeftOutByTheirDimension() {
    server
        .database()
        .sql(
            """
            create table mixed_models (id int primary key, model text, embedding vector);
            insert into mixed_models values (1, 'a', '[1,0,1]'), (2, 'b', '[1,0]'), (3, 'a', '[0,1,1]');
            create function match_mixed_models(query_embedding vector, match_count int)
              returns table (id int, similarity float) language sql stable as $$
                select m.id, 1 - (embedding <=> query_embedding) from mixed_models m
                order by embedding <=> query_embedding limit match_count $$;
            grant all on mixed_models to service_role;
            """);
    server.postgrest().restart();
    SearchRequest request = SearchRequest.nearest(1, 0, 0).limit(5);
    for (VectorStore store : List.of(rest, direct)) {
      Reading.Whole whole = Reading.all(store.collection("mixed_models"));
      assertThat(whole.ids()).containsExactly("1", "3");
      assertThat(whole.issues())
          .extracting(RecordIssue::toString)
          .containsExactly(
              "UNREADABLE 2: its embedding has 2 dimensions, and the collection's have 3");
    }
    VectorCollection mixed = direct.collection("mixed_models");
    assertThat(ids(mixed.search(request))).containsExactly(RecordId.of(1), RecordId.of(3));
    assertThat(ids(mixed.search(request.exact()))).containsExactly(RecordId.of(1), RecordId.of(3));
    assertThatThrownBy(() -> rest.collection("mixed_models").search(request))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContainingAll("2", "3", "dimensions", "several models", "filter");
  }

  private static List<RecordId> ids(List<SearchHit> hits) {
    return hits.stream().map(SearchHit::id).toList();
  }
}
