package dev.vectorstore.supabase;

import static dev.vectorstore.Filter.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScoreKind;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A search answers what the store's own function answers. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SearchTest {
  private static final int DIMENSION = 8;
  private static final Embedding QUERY = Embedding.of(0.3f, -1, 0.25f, 2, -0.5f, 0, 1e-3f, 0.75f);

  private ExistingSupabaseStore server;
  private VectorStore store;
  private VectorCollection pages;

  @BeforeAll
  void fill() {
    server = ExistingSupabaseStore.create(DIMENSION, 300);
    server.sql(
        """
        insert into sources (source_id) values ('a,b'), ('f(x)'), ('"q"\\'), (''), ('plain');
        -- The index of this practice is made on an empty table and hides most rows.
        drop index crawled_pages_embedding_idx;
        create table keyless_answers (id int primary key, content text, embedding vector(8));
        insert into keyless_answers values (1, 'x', '[1,0,0,0,0,0,0,0]');
        create function match_keyless_answers(query_embedding vector(8), match_count int)
          returns table (content text, similarity float) language sql as
          'select content, 1.0::float from keyless_answers limit match_count';
        create table scoreless (id int primary key, embedding vector(8));
        insert into scoreless values (1, '[1,0,0,0,0,0,0,0]');
        create function match_scoreless(query_embedding vector(8), match_count int)
          returns setof scoreless language sql as 'select * from scoreless limit match_count';
        create table bounded (id int primary key, embedding vector(8));
        insert into bounded values (1, '[1,0,0,0,0,0,0,0]'), (2, '[-1,0,0,0,0,0,0,0]');
        create function match_bounded(
            query_embedding vector(8), match_threshold float, match_count int)
          returns table (id int, similarity float) language sql as
          'select id, 1 - (embedding <=> query_embedding) from bounded
           where 1 - (embedding <=> query_embedding) > match_threshold
           order by embedding <=> query_embedding limit match_count';
        """);
    server.postgrest().reloadSchema();
    Random random = new Random(3);
    List<String> sources = List.of("a,b", "f(x)", "\"q\"\\", "", "plain");
    List<String> metadata =
        List.of(
            "{\"lang\": \"en\", \"n\": 1}",
            "{\"lang\": \"de\", \"n\": 1.0}",
            "{\"lang\": [\"en\", \"fr\"], \"deep\": {\"er\": true}}",
            "{\"n\": 9007199254740993}",
            "{\"quote\\\"\\\\\": \"a,b(c)\", \"null\": null}");
    List<List<Object>> rows = new ArrayList<>();
    for (int n = 0; n < 500; n++) {
      float[] embedding = new float[DIMENSION];
      for (int i = 0; i < DIMENSION; i++) {
        embedding[i] = (float) random.nextGaussian();
      }
      boolean without = n % 100 == 50;
      boolean zero = n % 100 == 51;
      rows.add(
          Arrays.asList(
              "u" + n,
              n,
              "content " + n,
              metadata.get(random.nextInt(5)),
              sources.get(random.nextInt(5)),
              without ? null : zero ? new float[DIMENSION] : embedding));
    }
    server.load("crawled_pages", Reading.PAGE_COLUMNS, rows.stream());
    store = Reading.open(server);
    pages = store.collection("crawled_pages");
  }

  @AfterAll
  void stop() {
    store.close();
    server.close();
  }

  /** What the function says to psql: id and similarity. */
  private Map<RecordId, Double> function(String arguments) {
    Map<RecordId, Double> answer = new java.util.LinkedHashMap<>();
    String query = Arrays.toString(QUERY.toArray()).replace(" ", "");
    for (String line :
        server.sql(
            "select id, similarity from match_crawled_pages('" + query + "'" + arguments + ")")) {
      String[] columns = line.split("\\|", -1);
      if (!columns[1].isEmpty() && !columns[1].equals("NaN")) {
        answer.put(RecordId.of(Long.parseLong(columns[0])), Double.valueOf(columns[1]));
      }
    }
    return answer;
  }

  private void assertAnswers(SearchRequest request, String arguments) {
    List<SearchHit> hits = pages.search(request);
    Map<RecordId, Double> expected = function(arguments);
    assertThat(expected).isNotEmpty();
    assertThat(hits.stream().map(SearchHit::id)).containsExactlyElementsOf(expected.keySet());
    for (SearchHit hit : hits) {
      assertThat(hit.score()).isEqualTo(expected.get(hit.id()), within(1e-9));
      assertThat(hit.scoreKind()).isEqualTo(ScoreKind.METRIC);
    }
  }

  @Test
  void aSearchIsTheFunctionsAnswer() {
    assertAnswers(SearchRequest.nearest(QUERY), "");
    assertAnswers(SearchRequest.nearest(QUERY).limit(1), ", 1");
    assertAnswers(SearchRequest.nearest(QUERY).limit(250), ", 250");
  }

  @Test
  void hitsHaveTheColumnsThatTheFunctionReturns() {
    SearchHit hit = pages.search(SearchRequest.nearest(QUERY).limit(1)).get(0);

    assertThat(hit.record().payload().keys())
        .containsExactly("id", "url", "chunk_number", "content", "metadata", "source_id");
    assertThat(hit.content()).hasValueSatisfying(text -> assertThat(text).startsWith("content "));
    assertThat(hit.toMap()).containsEntry("similarity", hit.score()).containsKey("metadata");
    assertThat(hit.record().vector()).isEmpty();
  }

  @Test
  void whatTheFunctionDoesNotReturnIsReadWhenAskedFor() {
    List<SearchHit> hits =
        pages.search(
            SearchRequest.nearest(QUERY)
                .limit(20)
                .projection(Projection.fields("created_at").withVectors()));

    assertThat(hits).hasSize(20);
    List<VectorRecord> stored =
        pages.fetch(
            hits.stream().map(SearchHit::id).toList(),
            Projection.fields("created_at").withVectors());
    assertThat(hits.stream().map(SearchHit::record)).containsExactlyInAnyOrderElementsOf(stored);
    assertThat(hits.get(0).record().payload().keys()).containsExactly("created_at");
    assertThat(hits.get(0).record().vector()).isPresent();
  }

  @Test
  void filtersThatTheFunctionTakesAreTaken() {
    assertAnswers(
        SearchRequest.nearest(QUERY)
            .filter(field("metadata").containsJson(Value.of(Map.of("lang", "en")))),
        ", 10, '{\"lang\": \"en\"}'");
    assertAnswers(
        SearchRequest.nearest(QUERY)
            .filter(field("metadata", "deep").containsJson(Value.of(Map.of("er", true)))),
        ", 10, '{\"deep\": {\"er\": true}}'");
    assertAnswers(
        SearchRequest.nearest(QUERY)
            .filter(
                Filter.containsJson(
                    Payload.of(Map.of("metadata", Map.of("n", 1), "source_id", "plain")))),
        ", 10, '{\"n\": 1}', 'plain'");
    assertAnswers(
        SearchRequest.nearest(QUERY)
            .filter(
                Filter.and(
                    field("metadata").containsJson(Value.of(Map.of("n", 1))),
                    field("metadata").containsJson(Value.of(Map.of("lang", "de"))),
                    field("source_id").eq("a,b"))),
        ", 10, '{\"n\": 1, \"lang\": \"de\"}', 'a,b'");
    assertAnswers(
        SearchRequest.nearest(QUERY)
            .filter(field("metadata").containsJson(Value.of(Map.of("quote\"\\", "a,b(c)")))),
        ", 10, '{\"quote\\\"\\\\\": \"a,b(c)\"}'");
    for (String source : List.of("a,b", "f(x)", "\"q\"\\", "", "plain")) {
      assertAnswers(
          SearchRequest.nearest(QUERY).filter(field("source_id").eq(source)),
          ", 10, '{}', '" + source + "'");
    }
  }

  /** Answered by several calls, so the order is what a filter over all rows would give. */
  @Test
  void equalityInMetadataIsOfTheValueOrOfAListWithIt() {
    assertMeans(field("metadata", "lang").eq("en"), 2);
    assertMeans(field("metadata", "lang").in("de", "fr"), 4);
    assertMeans(field("metadata", "n").eq(1), 2);
    assertMeans(field("metadata", "n").eq(9007199254740993L), 2);
    assertMeans(field("metadata", "null").isNull(), 2);
    assertMeans(field("metadata", "deep", "er").eq(true), 2);
    assertMeans(field("source_id").in("a,b", "", 7), 2);
    assertMeans(Filter.or(field("metadata", "lang").eq("de"), field("source_id").eq("plain")), 3);
    assertMeans(Filter.and(field("metadata", "lang").eq("en"), field("metadata", "n").eq(1.0)), 4);
  }

  private void assertMeans(Filter filter, int calls) {
    SearchRequest request = SearchRequest.nearest(QUERY).filter(filter).limit(25);
    assertThat(pages.explain(request).lines()).hasSizeLessThanOrEqualTo(calls);
    List<RecordId> expected =
        function(", 500").keySet().stream()
            .filter(id -> filter.test(pages.fetch(List.of(id), Projection.payload()).get(0)))
            .limit(25)
            .toList();
    assertThat(expected).isNotEmpty();
    assertThat(pages.search(request).stream().map(SearchHit::id))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void aFilterThatNoRowCanFulfilAsksNothing() {
    Filter none =
        Filter.and(
            field("metadata").containsJson(Value.of(Map.of("n", 1))),
            field("metadata").containsJson(Value.of(Map.of("n", 2))));

    assertThat(pages.search(SearchRequest.nearest(QUERY).filter(none))).isEmpty();
    assertThat(pages.explain(SearchRequest.nearest(QUERY).filter(none))).isEmpty();
  }

  @Test
  void otherFiltersAreRefused() {
    for (Filter filter :
        List.of(
            field("chunk_number").gt(3),
            field("url").eq("u1"),
            Filter.ids(List.of(RecordId.of(1))),
            Filter.not(field("source_id").eq("plain")),
            field("metadata", "n").gt(0),
            field("metadata").isNull(),
            Filter.containsJson(Payload.of(Map.of("url", "u1"))),
            field("metadata", "n").in(1, 2, 3, 4, 5))) {
      assertThatThrownBy(() -> pages.search(SearchRequest.nearest(QUERY).filter(filter)))
          .as(filter.toString())
          .isInstanceOf(VectorStoreException.UnsupportedFeature.class)
          .hasMessageContaining("search on crawled_pages (supabase)");
    }
  }

  @Test
  void rowsWithoutASimilarityAreNoHits() {
    List<SearchHit> all = pages.search(SearchRequest.nearest(QUERY).limit(10_000));

    assertThat(all).hasSizeBetween(200, 300); // this PostgREST gives 300 rows at most
    assertThat(all).allMatch(hit -> Double.isFinite(hit.score()));
    List<SearchHit> few =
        pages.search(
            SearchRequest.nearest(QUERY)
                .filter(
                    Filter.containsJson(Payload.of(Map.of("metadata", Map.of("deep", Map.of())))))
                .limit(300));
    assertThat(few).isNotEmpty().allMatch(hit -> Double.isFinite(hit.score()));
  }

  @Test
  void negativeScoresAreKeptAndMinScoreIsInclusive() {
    VectorCollection bounded = store.collection("bounded");
    Embedding query = Embedding.of(1, 0, 0, 0, 0, 0, 0, 0);

    List<SearchHit> hits = bounded.search(SearchRequest.nearest(query));
    assertThat(hits).extracting(SearchHit::score).containsExactly(1.0, -1.0);
    assertThat(bounded.search(SearchRequest.nearest(query).minScore(1.0))).hasSize(1);
  }

  @Test
  void aFunctionWithoutKeyOrScoreSaysWhatItLacks() {
    Embedding query = Embedding.of(1, 0, 0, 0, 0, 0, 0, 0);

    assertThatThrownBy(
            () -> store.collection("keyless_answers").search(SearchRequest.nearest(query)))
        .isInstanceOf(VectorStoreException.MalformedResponse.class)
        .hasMessageContaining("must return the primary key");
    assertThatThrownBy(() -> store.collection("scoreless").search(SearchRequest.nearest(query)))
        .isInstanceOf(VectorStoreException.MalformedResponse.class)
        .hasMessageContaining("similarity");
  }

  @Test
  void whatTheReadingSideCannotDoIsRefused() {
    Embedding wrong = Embedding.of(1, 2, 3);
    assertThatThrownBy(() -> pages.search(SearchRequest.nearest(wrong)))
        .isInstanceOf(VectorStoreException.InvalidRequest.class);
    assertThatThrownBy(() -> pages.search(SearchRequest.nearest(QUERY).exact()))
        .isInstanceOf(VectorStoreException.UnsupportedFeature.class);
    assertThatThrownBy(() -> store.collection("sources").search(SearchRequest.nearest(QUERY)))
        .isInstanceOf(VectorStoreException.class)
        .isInstanceOfAny(
            VectorStoreException.UnsupportedFeature.class,
            VectorStoreException.InvalidRequest.class);
    assertThatThrownBy(() -> pages.search(SearchRequest.text("content")))
        .isInstanceOf(VectorStoreException.UnsupportedFeature.class);
    assertThatThrownBy(
            () -> pages.upsert(List.of(VectorRecord.of(RecordId.of(1), Payload.empty()))))
        .isInstanceOf(VectorStoreException.UnsupportedFeature.class);
    assertThatThrownBy(pages::deleteAll)
        .isInstanceOf(VectorStoreException.UnsupportedFeature.class)
        .hasMessageContaining("reading side");
    assertThatThrownBy(() -> store.drop("crawled_pages"))
        .isInstanceOf(VectorStoreException.UnsupportedFeature.class)
        .hasMessageContaining("vector-store supabase sql");
    assertThat(pages.count()).isEqualTo(500);
  }

  @Test
  void explainShowsTheRequestWithoutValues() {
    String request =
        pages.explain(
            SearchRequest.nearest(QUERY)
                .filter(field("metadata").containsJson(Value.of(Map.of("secret", "word")))));

    assertThat(request)
        .isEqualTo("POST /rpc/match_crawled_pages query_embedding=?, match_count=10, filter=?");
  }

  @Test
  void severalSearchesAtOnce() {
    List<SearchRequest> requests =
        IntStream.range(1, 5).mapToObj(n -> SearchRequest.nearest(QUERY).limit(n)).toList();

    assertThat(pages.searchBatch(requests).stream().map(List::size)).containsExactly(1, 2, 3, 4);
  }
}
