package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.IdKind;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An installation of version 3, whose functions had the installer's rights, upgraded in place. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UpgradeTest {
  /** What a client of version 3 called: collections, and an adopted table with terms. */
  private static final String DATA =
      """
      select vector_store_ensure('{"name": "old", "vectors": [{"name": "", "dimension": 2, "metric": "COSINE"}],
        "idKinds": ["NUMBER"], "termsVersion": 2, "labels": {"of": "v3"},
        "fields": [{"path": ["n"], "type": "NUMBER"}, {"path": ["content"], "type": "TEXT"}]}');
      select vector_store_write(json_build_object('operations', json_build_array(json_build_object(
        'collection', 'old', 'token', vector_store.token(vector_store.find('old')), 'uses', json_build_array(json_build_array('', 'COSINE 2')),
        'upsert', (
          select json_agg(json_build_object('i', '00' || encode(int8send(n), 'hex'), 'v0', '[1,' || n || ']',
            'p', json_build_object('n', n, 'content', 'fox ' || n), 't', json_build_array('1: fox ' || n || ' ')))
          from generate_series(1, 20) n)))));
      select vector_store_ensure(json_build_object('name', 'wide', 'vectors', array[json_build_object('name', 'title',
        'dimension', 2500, 'metric', 'COSINE')], 'idKinds', array['UUID'], 'termsVersion', 2, 'labels', '{}'::json, 'fields', '[]'::json));
      create table notes (id bigint primary key, content text, title vector(3), embedding vector(2));
      insert into notes values (1, 'red fox', '[1,2,3]', '[1,0]'), (2, 'red cat', null, '[0,1]');
      select vector_store_adopt('{"table": "notes", "schema": "public", "vectorColumn": "embedding", "termsVersion": 2}');
      select vector_store_untermed(json_build_object('collection', 'notes', 'token', vector_store.token(c), 'limit', 10))
      from vector_store.find('notes') c;
      """;

  private ManagedServer server;
  private VectorStore store;
  private VectorStore owner;

  @BeforeAll
  void upgrade() {
    server = ManagedServer.after(ManagedServer.olderScript() + DATA);
    store = server.open(Reading.ONCE);
    owner = Reading.openAsOwner(server.database());
  }

  @AfterAll
  void stop() {
    store.close();
    owner.close();
    server.close();
  }

  private List<String> sql(String sql) {
    return server.database().sql(sql);
  }

  private List<String> state() {
    List<String> state =
        new ArrayList<>(sql("select c::text from vector_store.catalog c order by id"));
    state.addAll(
        sql(
            "select p.oid::regprocedure, p.proowner::regrole, p.proacl from pg_proc p where"
                + " p.proname like 'vector\\_store\\_%' or p.pronamespace ="
                + " 'vector_store'::regnamespace order by p.oid::regprocedure::text"));
    return state;
  }

  @Test
  void allThatWasThereBelongsToTheRoleThatCanDoNothingElse() {
    assertThat(
            sql(
                "select distinct relowner::regrole from pg_class where relnamespace ="
                    + " 'vector_store'::regnamespace"))
        .containsExactly("vector_store_owner");
    assertThat(
            sql(
                "select distinct proowner::regrole from pg_proc where pronamespace ="
                    + " 'vector_store'::regnamespace"))
        .containsExactly("vector_store_owner");
  }

  @Test
  void aCollectionOfBeforeWorksAndIsAsItWas() {
    VectorCollection old = store.collection("old");
    assertThat(old.describe().spec())
        .isEqualTo(
            CollectionSpec.builder("old")
                .vectors(2, Metric.COSINE)
                .idKinds(IdKind.NUMBER)
                .field("n", FieldType.NUMBER)
                .field("content", FieldType.TEXT)
                .label("of", "v3")
                .build());
    assertThat(old.count()).isEqualTo(20);
    assertThat(old.count(Filter.field("content").matchesText("fox"))).isEqualTo(20);
    assertThat(old.count(Filter.field("content").matchesText("7 fox"))).isEqualTo(1);
    assertThat(old.search(SearchRequest.nearest(1, 3).limit(1)).get(0).id())
        .isEqualTo(RecordId.of(3));
    assertThat(old.search(SearchRequest.text("19"))).hasSize(1);
    old.upsert(VectorRecord.of(RecordId.of(17), Payload.of(Map.of("content", "a cat"))));
    old.patchPayload(
        List.of(RecordId.of(18)), Payload.of(Map.of("content", "two cats")), List.of());
    assertThat(old.count(Filter.field("content").matchesText("fox"))).isEqualTo(18);
    assertThat(old.search(SearchRequest.text("cats"))).hasSize(1);
    assertThat(store.describe("wide").spec().vectors())
        .isEqualTo(Map.of("title", VectorSpec.of(2_500, Metric.COSINE)));
  }

  @Test
  void anAdoptedTableGetsItsTermsOnceItsOwnerAdoptsItAgain() {
    VectorCollection before = store.collection("notes");
    assertThat(before.count(Filter.field("content").eq("red fox"))).isEqualTo(1);
    before.upsert(Reading.all(before).records());
    assertThat(sql("select count(*) from notes where title is not null")).containsExactly("1");
    assertThatThrownBy(
            () -> store.unwrap(SupabaseTables.class).makeTerms("notes", Duration.ofMinutes(1)))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("adopt it again");
    SupabaseTables tables = owner.unwrap(SupabaseTables.class);
    tables.adopt(TableAdoption.of("notes").ranked(FieldPath.of("content")).build());
    store.unwrap(SupabaseTables.class).makeTerms("notes", Duration.ofMinutes(1));
    Filter red = Filter.field("content").matchesText("red");
    assertThat(store.collection("notes").count(red)).isEqualTo(2);
    assertThat(store.collection("notes").search(SearchRequest.text("cat fox"))).hasSize(2);
    assertThat(tables.release("notes")).isTrue();
  }

  @Test
  void theScriptRunAgainChangesNothing() {
    List<String> once = state();
    sql(Supabase.sql());
    assertThat(state()).isEqualTo(once);
    assertThat(store.collection("wide").count()).isZero();
  }

  @Test
  void filtersOnTextsAreAnsweredOfWhatWasThere() {
    VectorCollection old = store.collection("old");
    FieldPath content = FieldPath.of("content");
    assertThat(old.count(content.contains("fox 2"))).isEqualTo(2);
    assertThat(old.count(content.containsText("FOX 20"))).isEqualTo(1);
    assertThat(old.count(Filter.and(content.gt("fox 2"), content.lt("fox 3")))).isEqualTo(1);
  }
}
