package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The columns of vectors of adopted tables, each a vector of the collection. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdoptedVectorsTest {
  private ManagedServer server;
  private VectorStore store;
  private VectorStore owner;
  private SupabaseTables tables;

  @BeforeAll
  void start() {
    server = ManagedServer.start();
    store = server.open(Reading.ONCE);
    owner = Reading.openAsOwner(server.database());
    tables = owner.unwrap(SupabaseTables.class);
  }

  @AfterAll
  void stop() {
    owner.close();
    store.close();
    server.close();
  }

  private VectorCollection adopted(String sql, TableAdoption.Builder adoption) {
    server.database().sql(sql);
    TableAdoption table = adoption.build();
    tables.adopt(table);
    return store.collection(table.table());
  }

  private List<String> sql(String sql) {
    return server.database().sql(sql);
  }

  private static Map<String, VectorSpec> vectors(VectorCollection collection) {
    return collection.describe().spec().vectors();
  }

  @Test
  void severalColumnsGoByTheirNamesUnlessOneIsChosen() {
    VectorSpec two = VectorSpec.of(2, Metric.COSINE);
    VectorSpec three = VectorSpec.of(3, Metric.DOT);
    VectorCollection collection =
        adopted(
            """
            create table chosen (id int primary key, "Odd name, 1" vector(2), embedding vector(2), e3 halfvec(3), other sparsevec(4));
            create index on chosen using hnsw (e3 halfvec_ip_ops);
            """,
            TableAdoption.of("chosen"));
    assertThat(vectors(collection))
        .isEqualTo(Map.of("Odd name, 1", two, "embedding", two, "e3", three));
    assertThat(collection.capabilities()).doesNotContain(Capability.MANAGE);
    assertThat(tables.adopt(TableAdoption.of("chosen").build()))
        .as("what its owner should know")
        .anySatisfy(note -> assertThat(note).contains("several vectors", "e3", "--vector-column"));
    assertThat(tables.adopt(TableAdoption.of("chosen").vectorColumn("e3").build()))
        .singleElement()
        .asString()
        .contains("other", "sparse");
    Map<String, VectorSpec> chosen =
        Map.of("Odd name, 1", two, "embedding", two, VectorSpec.PLAIN, three);
    assertThat(vectors(store.collection("chosen"))).isEqualTo(chosen);
    sql("alter table chosen add column later vector(2)");
    tables.adopt(TableAdoption.of("chosen").build());
    assertThat(vectors(store.collection("chosen")))
        .as("what was plain stays so")
        .containsAllEntriesOf(chosen)
        .containsEntry("later", two);
    assertThatThrownBy(() -> tables.adopt(TableAdoption.of("chosen").vectorColumn("other").build()))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("vector or halfvec");
  }

  @Test
  void aDistanceBeyondAllFloatsIsTheFarthest() {
    VectorCollection collection =
        adopted(
            """
            create table distant (id int primary key, embedding vector(2));
            insert into distant values (1, '[1e30,1e30]'), (2, '[1e38,3e38]'), (3, '[1,1]'), (4, '[0,0]');
            """,
            TableAdoption.of("distant").metric(Metric.EUCLIDEAN));
    SearchRequest exact = SearchRequest.nearest(1, 1).exact();
    List<SearchHit> all = collection.search(exact);
    assertThat(all)
        .extracting(SearchHit::id)
        .containsExactly(RecordId.of(3), RecordId.of(4), RecordId.of(1), RecordId.of(2));
    assertThat(all.get(2).score()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(collection.search(exact.limit(3))).isEqualTo(all.subList(0, 3));
  }

  @Test
  void anAdoptedTablesVectorsAreItsOwnersToChange() {
    VectorCollection collection =
        adopted(
            "create table owned (id int primary key, embedding vector(2))",
            TableAdoption.of("owned"));
    CollectionSpec spec = collection.describe().spec();
    store.ensureCollection(spec);
    assertThatThrownBy(
            () ->
                store.ensureCollection(spec.toBuilder().vector("title", 3, Metric.COSINE).build()))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("alter table")
        .hasMessageContaining("adopt the table again")
        .hasMessageContaining("title");
    assertThatThrownBy(() -> store.dropVector("owned", VectorSpec.PLAIN))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("alter table");
    VectorRecord record = VectorRecord.of(RecordId.of(1), Embedding.of(0, 2), Payload.empty());
    collection.upsert(record);
    sql("alter table owned add column title vector(3)");
    tables.adopt(TableAdoption.of("owned").build());
    collection.upsert(record);
    VectorCollection after = store.collection("owned");
    after.upsert(record.withVector("title", Embedding.of(1, 2, 3)));
    assertThat(collection.search(SearchRequest.nearest(0, 1))).hasSize(1);
    sql("alter table owned drop column embedding");
    assertThatThrownBy(() -> collection.search(SearchRequest.nearest(0, 1)))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("adopt");
    tables.adopt(TableAdoption.of("owned").build());
    assertThatThrownBy(() -> collection.search(SearchRequest.nearest(0, 1)))
        .isInstanceOf(Conflict.class);
    assertThat(vectors(store.collection("owned")))
        .isEqualTo(Map.of(VectorSpec.PLAIN, VectorSpec.of(3, Metric.COSINE)));
  }

  @Test
  void whoReadAVectorBeforeItsNameWentToAnotherColumnIsRefused() {
    VectorCollection before =
        adopted(
            "create table swapped (id int primary key, a vector(2), b vector(2))",
            TableAdoption.of("swapped").vectorColumn("a"));
    VectorRecord record = VectorRecord.of(RecordId.of(1), Embedding.of(0, 1), Payload.empty());
    before.upsert(record);
    tables.adopt(TableAdoption.of("swapped").vectorColumn("b").build());
    assertThatThrownBy(() -> before.upsert(record)).isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> before.search(SearchRequest.nearest(0, 1)))
        .isInstanceOf(Conflict.class);
  }

  @Test
  void whatIsReadAndWrittenBackChangesNoColumn() {
    VectorCollection collection =
        adopted(
            """
            create table whole (id int primary key, note text, r real, d double precision,
              plain vector(2), half halfvec(3), zero vector(2) default '[0,0]', none vector(4),
              made vector(2) generated always as ('[5,6]'::vector) stored, sparse sparsevec(3), bits bit(3));
            insert into whole (id, note, r, d, plain, half, sparse, bits) values
              (1, 'a', 0.1, 0.1, '[3,4]', '[0.1,1000,-2]', '{1:2}/3', '101'),
              (2, null, 16777217, 1e300, null, null, null, null),
              (3, null, 'NaN', null, '[1e-30,1e-30]', '[0,0,0]', null, null);
            """,
            TableAdoption.of("whole"));
    String all = "select w::text from whole w where id < 3 order by id";
    List<String> before = sql(all);
    Reading.Whole read = Reading.all(collection);
    assertThat(read.records().get(0).vectors()).containsOnlyKeys("plain", "half", "made");
    assertThat(read.records().get(0).payload().number("r")).hasValue(0.1);
    collection.upsert(read.records().subList(0, 2));
    assertThat(sql(all)).isEqualTo(before);
    collection.upsert(read.records());
    assertThat(sql("select half, zero, r from whole where id = 3"))
        .as("zeros are no vector, and stay where none comes")
        .containsExactly("[0,0,0]|[0,0]|NaN");
    assertThat(read.issues())
        .extracting(RecordIssue::kind, issue -> issue.row(), RecordIssue::reason)
        .contains(
            org.assertj.core.groups.Tuple.tuple(
                RecordIssue.Kind.ZERO_EMBEDDING, "3", "its embedding half has zeros only"))
        .noneMatch(issue -> issue.toList().contains(RecordIssue.Kind.NO_EMBEDDING));
  }

  @Test
  void aRowLacksAnEmbeddingIfItHasNoneAtAll() {
    VectorCollection collection =
        adopted(
            """
            create table lacking (id int primary key, a vector(2), b vector(3));
            insert into lacking values (1, '[1,0]', null), (2, null, null), (3, '[0,0]', null);
            """,
            TableAdoption.of("lacking"));
    assertThat(Reading.all(collection).issues())
        .extracting(RecordIssue::toString)
        .containsExactly(
            "NO_EMBEDDING 2: all its embeddings are null",
            "ZERO_EMBEDDING 3: its embedding a has zeros only");
    ScanRequest some = ScanRequest.all().projection(Projection.ids().withVectors("b"));
    assertThat(collection.scan(some).issues())
        .as("where not all were asked for, nobody knows")
        .isEmpty();
  }

  @Test
  void rowsOfAnotherDimensionAreListedAndNeverChanged() {
    VectorCollection collection =
        adopted(
            """
            create table mixed (id int primary key, a vector, b halfvec, c vector);
            insert into mixed values (1, '[1,0,0]', '[1,0]', null), (2, '[0,1]', null, null), (3, null, '[1,2,3]', null),
              (4, '[0,0,1]', null, null);
            """,
            TableAdoption.of("mixed"));
    assertThat(vectors(collection))
        .isEqualTo(
            Map.of("a", VectorSpec.of(3, Metric.COSINE), "b", VectorSpec.of(2, Metric.COSINE)));
    Reading.Whole whole = Reading.all(collection);
    assertThat(whole.ids()).containsExactly("1", "4");
    assertThat(whole.issues())
        .extracting(RecordIssue::toString)
        .containsExactly(
            "UNREADABLE 2: its embedding a has 2 dimensions, and the collection's have 3",
            "UNREADABLE 3: its embedding b has 3 dimensions, and the collection's have 2");
    collection.upsert(whole.records());
    assertThat(sql("select a, b from mixed order by id"))
        .containsExactly("[1,0,0]|[1,0]", "[0,1]|", "|[1,2,3]", "[0,0,1]|");
    SearchRequest byA = SearchRequest.nearest(1, 0, 0.5f).using("a");
    assertThat(ids(collection.search(byA))).containsExactly(RecordId.of(1), RecordId.of(4));
    assertThat(ids(collection.search(byA.exact()))).containsExactly(RecordId.of(1), RecordId.of(4));
  }

  @Test
  void columnsOfHalfPrecisionAreSearchedByTheirIndexes() {
    VectorCollection collection =
        adopted(
            """
            create table halves (id int primary key, cos halfvec(4), dot halfvec(4), bare halfvec(4));
            create index on halves using hnsw (cos halfvec_cosine_ops);
            create index on halves using hnsw (dot halfvec_ip_ops);
            insert into halves select n, v, v, v from (
              select n, array[sin(n), cos(n), sin(2 * n), cos(3 * n)]::halfvec as v from generate_series(1, 500) n) s;
            analyze halves;
            """,
            TableAdoption.of("halves"));
    List<VectorRecord> all = Reading.all(collection).records();
    for (String name : List.of("cos", "dot", "bare")) {
      Metric metric = vectors(collection).get(name).metric();
      Embedding query = Embedding.of(0.3f, -0.2f, 0.9f, 0.1f);
      SearchRequest request = SearchRequest.nearest(query).using(name).limit(10);
      List<RecordId> nearest =
          all.stream()
              .sorted(
                  java.util.Comparator.comparingDouble(
                      record -> -metric.score(query, record.vector(name).orElseThrow())))
              .limit(10)
              .map(VectorRecord::id)
              .toList();
      assertThat(ids(collection.search(request))).as(name).isEqualTo(nearest);
      assertThat(ids(collection.search(request.exact()))).as(name).isEqualTo(nearest);
    }
    assertThat(metricOf("dot")).isEqualTo("t.dot");
    assertThat(metricOf("bare")).as("no index").isEmpty();
    for (float length : new float[] {1e-12f, 1e12f}) {
      SearchRequest odd = SearchRequest.nearest(length, 0, 0, 0).using("dot").limit(3);
      assertThat(ids(collection.search(odd)))
          .as("a query that half precision can't say")
          .isEqualTo(
              ids(collection.search(SearchRequest.nearest(1, 0, 0, 0).using("dot").limit(3))));
    }
    collection.upsert(
        VectorRecord.of(RecordId.of(1), Payload.empty())
            .withVector("cos", Embedding.of(1e-9f, 2e-9f, 0, 0)));
    assertThat(
            Metric.COSINE.score(
                Embedding.of(1, 2, 0, 0),
                collection.fetch(RecordId.of(1)).orElseThrow().vector("cos").orElseThrow()))
        .as("half precision would lose the direction of what is so short")
        .isGreaterThan(0.9999);
    assertThatThrownBy(
            () ->
                collection.upsert(
                    VectorRecord.of(RecordId.of(1), Payload.empty())
                        .withVector("dot", Embedding.of(1e6f, 0, 0, 0))))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("number id 1");
  }

  private String metricOf(String name) {
    return sql("select coalesce(vector_store.indexed_sql(c, vector_store.vector_of(c, '"
            + name
            + "')), '')"
            + " from vector_store.find('halves') c")
        .get(0);
  }

  private static List<RecordId> ids(List<SearchHit> hits) {
    return hits.stream().map(SearchHit::id).toList();
  }
}
