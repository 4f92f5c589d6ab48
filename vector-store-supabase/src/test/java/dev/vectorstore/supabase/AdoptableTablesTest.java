package dev.vectorstore.supabase;

import static dev.vectorstore.Filter.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Capability;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which tables can be adopted, under which names, and what their owners are told. */
@RequiresEngine(TestEngine.SUPABASE)
class AdoptableTablesTest extends TablesToAdopt {
  @Test
  void idsOfEachKindAreTheRowsOwn() {
    server.sql(
        """
        create table by_uuid (key uuid primary key, note text);
        create table by_text (name varchar primary key, note text);
        create table by_pair (url text, n smallint, note text, primary key (url, n));
        create table by_unique (a text not null, b boolean not null, note text, unique (a, b));
        create table by_number (id int primary key generated always as identity, note text);
        insert into by_number overriding system value values (-5, 'minus'), (5, 'plus');
        insert into by_pair values ('a"b,\', 1, 'odd');
        """);
    UUID uuid = UUID.fromString("ffffffff-0000-4000-8000-000000000001");
    Map<String, List<RecordId>> ids =
        Map.of(
            "by_uuid", List.of(RecordId.of(uuid), RecordId.of(new UUID(0, 1))),
            "by_text", List.of(RecordId.of("it's ü"), RecordId.of("7")),
            "by_pair", List.of(RecordId.of("[\"u\",1]"), RecordId.of("[\"a\\\"b,\\\\\",1]")),
            "by_unique", List.of(RecordId.of("[\"x\",true]"), RecordId.of("[\"x\",false]")),
            "by_number", List.of(RecordId.of(7), RecordId.of("[-5]")));
    ids.forEach(
        (table, two) -> {
          tables.adopt(TableAdoption.of(table).build());
          VectorCollection collection = store.collection(table);
          two.forEach(
              id ->
                  collection.upsert(
                      List.of(VectorRecord.of(id, AdoptionTest.payload("note", "ours")))));
          assertThat(collection.fetch(two, Projection.payload()))
              .as(table)
              .extracting(VectorRecord::id)
              .containsExactlyElementsOf(two);
          assertThat(collection.count(Filter.and(Filter.ids(two), field("note").eq("ours"))))
              .as(table)
              .isEqualTo(2);
          List<RecordId> scanned =
              Reading.all(collection).records().stream().map(VectorRecord::id).toList();
          assertThat(scanned).as(table).containsAll(two).isSorted();
          collection.delete(two);
          assertThat(collection.fetch(two, Projection.ids())).isEmpty();
          tables.release(table);
        });
    assertThat(server.sql("select note from by_number")).containsExactly("plus");
    server.sql("drop table by_uuid, by_text, by_pair, by_unique, by_number");
  }

  @Test
  void anyColumnNamesBecomeTheNormalForm() {
    server.sql(
        """
        create table notes (nr bigserial primary key, body text, extra jsonb, v1 vector(2), v2 vector(3));
        insert into notes (body, extra, v2) values ('hello fox', '{"k": 1}', '[1,0,0]');
        """);
    tables.adopt(
        TableAdoption.of("notes")
            .vectorColumn("v2")
            .contentColumn("body")
            .metadataColumn("extra")
            .build());
    VectorCollection notes = store.collection("notes");
    SearchHit hit = notes.search(SearchRequest.nearest(Embedding.of(1, 1, 0))).get(0);
    assertThat(hit.content()).contains("hello fox");
    assertThat(hit.record().payload().get("metadata")).contains(Value.of(Map.of("k", 1)));
    notes.upsert(
        List.of(
            VectorRecord.of(
                RecordId.of(1),
                Embedding.of(0, 1, 0),
                AdoptionTest.payload("content", "new", "metadata", Map.of("k", 2)))));
    assertThat(server.sql("select body, extra, v2 from notes"))
        .containsExactly("new|{\"k\": 2}|[0,1,0]");
    assertThat(notes.count(field("content").eq("new"))).isEqualTo(1);
    notes.patchPayload(
        List.of(RecordId.of(1)), AdoptionTest.payload("content", "newer"), List.of("metadata"));
    assertThat(server.sql("select body, extra is null from notes")).containsExactly("newer|t");
    tables.release("notes");
    server.sql("drop table notes");
  }

  @Test
  void theMetricIsThatOfTheIndexesOrTheOneThatIsSaid() {
    server.sql(
        """
        create table m_none (id int primary key, e vector(3));
        create table m_dot (id int primary key, e vector(3));
        create index on m_dot using hnsw (e vector_ip_ops);
        create table m_half (id int primary key, e vector(2500));
        create index on m_half using hnsw ((e::halfvec(2500)) halfvec_l2_ops);
        create table m_two (id int primary key, e vector(3), e2 vector(3));
        create index on m_two using hnsw (e vector_l2_ops);
        create index on m_two using hnsw (e vector_cosine_ops);
        create index on m_two using hnsw (e2 vector_ip_ops);
        """);
    assertThat(metric(TableAdoption.of("m_none"))).isEqualTo(Metric.COSINE);
    assertThat(metric(TableAdoption.of("m_none").metric(Metric.DOT))).isEqualTo(Metric.DOT);
    assertThat(metric(TableAdoption.of("m_dot"))).isEqualTo(Metric.DOT);
    assertThat(metric(TableAdoption.of("m_half"))).isEqualTo(Metric.EUCLIDEAN);
    assertThatThrownBy(() -> tables.adopt(TableAdoption.of("m_two").build()))
        .isInstanceOf(Conflict.class)
        .hasMessageStartingWith("adopt on m_two (postgres): ")
        .hasMessageContaining("COSINE, EUCLIDEAN");
    tables.adopt(TableAdoption.of("m_two").metric(Metric.EUCLIDEAN).build());
    assertThat(store.describe("m_two").spec().vectors())
        .as("where the indexes on a column agree, theirs is its metric")
        .isEqualTo(
            Map.of("e", VectorSpec.of(3, Metric.EUCLIDEAN), "e2", VectorSpec.of(3, Metric.DOT)));
    tables.release("m_two");
    assertThat(metric(TableAdoption.of("m_two").vectorColumn("e").metric(Metric.EUCLIDEAN)))
        .isEqualTo(Metric.EUCLIDEAN);
    server.sql("drop table m_none, m_dot, m_half, m_two");
  }

  @Test
  void zerosAreAVectorWhereTheMetricIsNotCosine() {
    server.sql(
        """
        create table origins (id int primary key, e vector(2));
        insert into origins values (1, '[0,0]'), (2, '[0,1]'), (3, null);
        """);
    for (Metric metric : Metric.values()) {
      tables.adopt(TableAdoption.of("origins").metric(metric).build());
      VectorCollection origins = store.collection("origins");
      Reading.Whole whole = Reading.all(origins);
      boolean cosine = metric == Metric.COSINE;
      assertThat(whole.records().get(0).vector().isPresent()).as("%s", metric).isEqualTo(!cosine);
      assertThat(whole.issues()).as("%s", metric).hasSize(cosine ? 2 : 1);
      assertThat(origins.search(SearchRequest.nearest(Embedding.of(1, 0))))
          .as("%s", metric)
          .hasSize(cosine ? 1 : 2);
      tables.release("origins");
    }
    server.sql("drop table origins");
  }

  private Metric metric(TableAdoption.Builder adoption) {
    TableAdoption adopted = adoption.build();
    tables.adopt(adopted);
    Metric metric = store.describe(adopted.table()).spec().metric().orElseThrow();
    tables.release(adopted.table());
    return metric;
  }

  @Test
  void aTableOfAnotherSchemaIsAdopted() {
    server.sql("create schema elsewhere; create table elsewhere.far (id int primary key, n int)");
    assertThatThrownBy(() -> tables.adopt(TableAdoption.of("far").build()))
        .isInstanceOf(NotFound.class);
    tables.adopt(TableAdoption.of("far").schema("elsewhere").build());
    VectorRecord record = VectorRecord.of(RecordId.of(1), AdoptionTest.payload("n", 7));
    VectorCollection far = store.collection("elsewhere.far");
    assertThatThrownBy(() -> far.upsert(record))
        .as("the key's role may not use the schema")
        .isInstanceOf(AccessDenied.class)
        .hasMessageContaining("grant it");
    server.sql(
        "grant usage on schema elsewhere to service_role; grant all on elsewhere.far to"
            + " service_role");
    far.upsert(record);
    assertThat(server.sql("select n from elsewhere.far")).containsExactly("7");
    tables.release("elsewhere.far");
    server.sql("drop schema elsewhere cascade");
  }

  @Test
  void anIdThatIsNoKeyIsRefusedBeforeAnythingIsWritten() {
    server.sql(
        """
        create table small (id smallint primary key, note text);
        create table pairs (url text, n int, note text, primary key (url, n));
        """);
    tables.adopt(TableAdoption.of("small").build());
    tables.adopt(TableAdoption.of("pairs").build());
    for (RecordId id :
        List.of(
            RecordId.of("five"), RecordId.of("[5]"), RecordId.of("[-05]"), RecordId.of(40_000))) {
      assertRefused("small", RecordId.of(1), id);
    }
    for (String id : List.of("[\"u\"]", "[\"u\",\"one\"]", "[\"u\", 1]", "u", "[\"u\",1,2]")) {
      assertRefused("pairs", RecordId.of("[\"u\",0]"), RecordId.of(id));
    }
    tables.release("small");
    tables.release("pairs");
    server.sql("drop table small, pairs");
  }

  private void assertRefused(String table, RecordId good, RecordId bad) {
    VectorCollection collection = store.collection(table);
    Payload payload = AdoptionTest.payload("note", "n");
    assertThatThrownBy(
            () -> collection.upsert(VectorRecord.of(good, payload), VectorRecord.of(bad, payload)))
        .as("%s in %s", bad, table)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining(bad.toString());
    assertThat(collection.count()).isZero();
  }

  @Test
  void whatCannotBeAdoptedSaysWhy() {
    server.sql(
        """
        create table keyless (a int, e vector(3));
        create view a_view as select * from sources;
        create table dated (d date primary key);
        """);
    assertThatThrownBy(() -> tables.adopt(TableAdoption.of("absent").build()))
        .isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> tables.adopt(TableAdoption.of("keyless").build()))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("add primary key");
    assertThatThrownBy(() -> tables.adopt(TableAdoption.of("a_view").build()))
        .isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> tables.adopt(TableAdoption.of("dated").build()))
        .isInstanceOf(UnsupportedFeature.class);
    assertThatThrownBy(
            () -> tables.adopt(TableAdoption.of("sources").contentColumn("absent").build()))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("absent");
    tables.adopt(TableAdoption.of("sources").build());
    assertThatThrownBy(() -> store.drop("sources"))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("vector_store_release");
    server.sql("drop view a_view; drop table keyless, dated");
  }

  @Test
  void rowsThatSecurityHidesFromUsAreNotTakenForNone() {
    server.sql(
        """
        create table secured (id int primary key);
        insert into secured values (1);
        alter table secured enable row level security;
        alter table secured force row level security;
        """);
    assertThat(tables.adopt(TableAdoption.of("secured").build()))
        .as("the owner of our functions is a superuser, and passes it by")
        .anySatisfy(note -> assertThat(note).contains("row-level security"));
    assertThat(store.collection("secured").count()).isEqualTo(1);
    tables.release("secured");
    String plain = "plain_owner_of_" + server.database().name();
    server.sql(
        """
        create role OWNER; alter table secured owner to OWNER;
        grant usage, create on schema public to OWNER; grant usage on schema vector_store to OWNER;
        grant execute on all functions in schema vector_store, public to OWNER;
        """
            .replace("OWNER", plain));
    assertThatThrownBy(
            () ->
                server
                    .database()
                    .sqlAs(plain, "select vector_store_adopt('{\"table\": \"secured\"}')"))
        .hasMessageContaining("row-level security hides rows of it from its own owner");
    server.sql("drop table secured; drop owned by OWNER; drop role OWNER".replace("OWNER", plain));
  }

  @Test
  void othersWriteAsBefore() {
    server.sql("create table shared (id bigint primary key, content text)");
    server.sql("grant all on shared to authenticated");
    tables.adopt(TableAdoption.of("shared").build());
    tables.makeTerms("shared", Duration.ofMinutes(1));
    server.sql(
        """
        set role authenticated;
        insert into shared values (1, 'one'), (-2, 'two');
        update shared set content = 'three' where id = 1;
        """);
    assertThat(store.collection("shared").count()).isEqualTo(2);
    assertThat(store.describe("shared").capabilities()).doesNotContain(Capability.TERMS);
    server.sql("set role authenticated; delete from shared where id = 1; truncate shared");
    tables.release("shared");
    server.sql("drop table shared");
  }
}
