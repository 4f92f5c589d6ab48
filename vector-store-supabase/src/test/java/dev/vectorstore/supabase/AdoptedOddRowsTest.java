package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adopted tables as people have them: rows that no record can be, columns of any name, dropped. */
@RequiresEngine(TestEngine.SUPABASE)
class AdoptedOddRowsTest extends TablesToAdopt {
  private static final String ROWS =
      """
      create table odd (id bigint primary key, content text, m jsonb, j json, v vector(2));
      insert into odd select n, 'row ' || n, '{"a": 1}', '{"b": 2}', ('[1,' || n || ']')::vector from generate_series(1, 40) n;
      update odd set m = ('{"n": ' || repeat('7', 20000) || '}')::jsonb where id = 2;
      update odd set m = (repeat('{"a":', 1200) || '1' || repeat('}', 1200))::jsonb where id = 3;
      update odd set j = '{"nul": "\\u0000"}' where id = 4;
      update odd set j = '{"lone": "\\ud800"}' where id = 5;
      update odd set m = jsonb_build_object(repeat('k', 60000), 1) where id = 6;
      update odd set m = '{"nul": "\\u0001"}' where id = 7;
      """;

  /** Those that can't be a record. */
  private static final List<Integer> UNREADABLE = List.of(3, 4, 5);

  @Test
  void aRowThatCantBeARecordIsLeftOutAndListed() {
    server.sql(ROWS);
    tables.adopt(TableAdoption.of("odd").build());
    for (VectorStore way : List.of(store, owner)) {
      VectorCollection odd = way.collection("odd");
      for (int size : List.of(1, 1_000)) {
        Reading.Whole whole = Reading.all(odd, ScanRequest.all().pageSize(size));
        assertThat(whole.records())
            .extracting(VectorRecord::id)
            .containsExactlyElementsOf(
                IntStream.rangeClosed(1, 40)
                    .filter(n -> !UNREADABLE.contains(n))
                    .mapToObj(RecordId::of)
                    .toList());
        assertThat(whole.issues())
            .filteredOn(issue -> issue.kind() == RecordIssue.Kind.UNREADABLE)
            .extracting(issue -> issue.id().orElseThrow())
            .containsExactlyElementsOf(UNREADABLE.stream().map(RecordId::of).toList());
      }
      List<SearchHit> hits = odd.search(SearchRequest.nearest(1, 4).limit(10));
      assertThat(hits).hasSize(10);
      assertThat(hits.get(0).id()).isNotIn(RecordId.of(3), RecordId.of(4), RecordId.of(5));
      assertThat(odd.search(SearchRequest.nearest(1, 4).limit(40))).hasSize(37);
      assertThat(odd.count(Filter.field("j", "b").eq(2))).isEqualTo(38);
      assertThat(odd.fetch(RecordId.of(6)).orElseThrow().payload().get("m")).isPresent();
    }
    tables.release("odd");
    server.sql("drop table odd");
  }

  @Test
  void aKeyThatIsNoIdIsLeftOutOfASearch() {
    server.sql(
        "create table addresses (url text primary key, content text, embedding vector(3));"
            + " insert into addresses values ('a', 'a', '[1,0,0]'), (repeat('z', 600), 'long',"
            + " '[1,0.1,0]'), ('b', 'b', '[0,1,0]')");
    tables.adopt(TableAdoption.of("addresses").build());
    for (VectorStore way : List.of(store, owner)) {
      VectorCollection addresses = way.collection("addresses");
      assertThat(addresses.search(SearchRequest.nearest(1, 0.1f, 0).limit(2)))
          .extracting(SearchHit::id)
          .containsExactly(RecordId.of("a"), RecordId.of("b"));
      assertThat(Reading.all(addresses).issues()).hasSize(1);
    }
    tables.release("addresses");
    server.sql("drop table addresses");
  }

  @Test
  void aPageIsBoundedByWhatIsSentNotByWhatIsKept() {
    server.sql(
        "create table large (id bigint primary key, content text); insert into large select n,"
            + " repeat('long ', 400000) from generate_series(1, 40) n");
    tables.adopt(TableAdoption.of("large").build());
    int most =
        Reading.all(owner.collection("large"), ScanRequest.all().pageSize(1_000))
            .pageSizes()
            .stream()
            .max(Integer::compare)
            .orElseThrow();
    assertThat(most).as("rows of 2 MB in a page of 8 MB").isBetween(1, 5);
    tables.release("large");
    server.sql("drop table large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "t_x (id bigint primary key, x text, content text, v vector(2))",
        "t_pct (\"pct%\" text primary key, content text, v vector(2))",
        "t_vs (id bigint primary key, vs_id text, vs_place text, vs_bytes text, vs_distance text,"
            + " vs_row text, vs_table text, vs__id text, content text, v vector(2))",
        "t_fmt (\"a%1$I b\" text primary key, \"c'd\" text, \"e\\f\" text, \"g\"\"h\" text, content"
            + " text, v vector(2))",
        "t_r (id bigint primary key, r text, p text, v text, i text, k text, t text, e text, put"
            + " text, s text, c1 text, distance text, hit text, similarity text, content text, w"
            + " vector(2))",
        "t_two (\"%s\" text, \"%1$s\" int, content text, v vector(2), primary key (\"%s\","
            + " \"%1$s\"))",
        "\"t %I\" (id uuid primary key, \"select\" text, \"id.x\" text, content text, v vector(2))"
      })
  void columnsOfAnyNameAreWrittenReadAndSearched(String table) {
    server.sql("create table " + table);
    String name = table.substring(0, table.indexOf(" (")).replace("\"", "");
    tables.adopt(TableAdoption.of(name).build());
    for (VectorStore way : List.of(store, owner)) {
      VectorCollection rows = way.collection(name);
      RecordId id =
          switch (name) {
            case "t_pct", "t_fmt" -> RecordId.of("k%s");
            case "t_two" -> RecordId.of("[\"%s\",7]");
            case "t %I" ->
                RecordId.of(java.util.UUID.fromString("0b7e2a5c-0000-4000-8000-000000000001"));
            default -> RecordId.of(1);
          };
      rows.upsert(
          VectorRecord.of(id, Embedding.of(1, 0), AdoptionTest.payload("content", "red fox")));
      rows.patchPayload(List.of(id), AdoptionTest.payload("content", "a 100% fox"), List.of());
      VectorRecord read = rows.fetch(id).orElseThrow();
      rows.upsert(read);
      assertThat(Reading.all(rows).records()).containsExactly(read);
      assertThat(rows.count(Filter.field("content").matchesText("fox"))).isEqualTo(1);
      for (String key : read.payload().keys()) {
        Value value = read.payload().get(key).orElseThrow();
        Filter own =
            value instanceof Value.NullValue
                ? Filter.field(key).isNull()
                : Filter.field(key).eq(value);
        assertThat(rows.count(own)).as("%s", own).isEqualTo(own.test(read) ? 1 : 0);
      }
      SearchRequest near = SearchRequest.nearest(1, 1).filter(Filter.field("content").exists());
      assertThat(rows.search(near)).extracting(SearchHit::id).containsExactly(id);
      assertThat(rows.search(near.exact())).hasSize(1);
      rows.deleteWhere(Filter.field("content").contains("100%"));
      assertThat(rows.count()).isZero();
    }
    tables.release(name);
    server.sql("drop table \"" + name + "\"");
  }

  @Test
  void aTableThatWasDroppedIsNoCollectionAndItsNameIsFree() {
    server.sql(
        "create table gone (id bigint primary key, content text); create table kept (id bigint"
            + " primary key, content text)");
    tables.adopt(TableAdoption.of("gone").build());
    tables.adopt(TableAdoption.of("kept").build());
    VectorCollection open = store.collection("gone");
    server.sql("drop table gone");
    assertThat(store.collections()).contains("kept").doesNotContain("gone");
    assertThatThrownBy(open::count).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> store.describe("gone")).isInstanceOf(NotFound.class);
    assertThat(store.exists("gone")).isFalse();
    assertThat(store.drop("gone")).isFalse();
    server.sql("create table gone (id bigint primary key, content text)");
    tables.adopt(TableAdoption.of("gone").build());
    assertThat(store.collection("gone").count()).isZero();
    server.sql("drop table gone");
    assertThat(tables.release("gone")).as("what was adopted").isTrue();
    assertThat(tables.release("gone")).isFalse();
    server.sql(
        "do $$ begin execute format('drop index %I', 'kept'::regclass::oid || '_vector_store_id');"
            + " end $$");
    assertThat(store.collection("kept").count()).isZero();
    tables.adopt(TableAdoption.of("kept").build());
    assertThat(tables.release("kept")).isTrue();
    server.sql("drop table kept");
  }

  @Test
  void aTableThatOthersInheritFromIsRefused() {
    server.sql(
        "create table parent (id bigint primary key, content text); create table child (primary key"
            + " (id)) inherits (parent); insert into parent values (1, 'p'); insert into child"
            + " values (1, 'c')");
    assertThatThrownBy(() -> tables.adopt(TableAdoption.of("parent").build()))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("inherit");
    tables.adopt(TableAdoption.of("child").build());
    assertThat(store.collection("child").count()).isEqualTo(1);
    tables.release("child");
    server.sql("drop table child, parent");
  }

  @Test
  void aVectorOfAnotherDimensionStaysWhereWhatWasReadIsWrittenBack() {
    server.sql(
        "create table mixed (id int primary key, content text, embedding vector); insert into mixed"
            + " values (1, 'x', '[1,0,0]'), (2, 'y', '[0,1]'), (3, 'z', '[3,4,0]')");
    tables.adopt(TableAdoption.of("mixed").build());
    VectorCollection mixed = store.collection("mixed");
    Reading.Whole whole = Reading.all(mixed);
    assertThat(whole.issues())
        .extracting(issue -> issue.id().orElseThrow())
        .containsExactly(RecordId.of(2));
    mixed.upsert(whole.records());
    mixed.upsert(
        VectorRecord.of(RecordId.of(2), AdoptionTest.payload("content", "without a vector")));
    assertThat(server.sql("select embedding from mixed order by id"))
        .containsExactly("[1,0,0]", "[0,1]", "[3,4,0]");
    tables.release("mixed");
    server.sql("drop table mixed");
  }

  @Test
  void aColumnsDefaultIsWhatARecordWithoutItGets() {
    server.sql(
        "create sequence counted; create table defaults (id bigint primary key, content text default"
            + " 'none', n int default nextval('counted'), at timestamptz not null default now(), by"
            + " text default current_user, i int generated by default as identity)");
    tables.adopt(TableAdoption.of("defaults").build());
    VectorCollection defaults = owner.collection("defaults");
    defaults.upsert(
        List.of(
            VectorRecord.of(RecordId.of(1), AdoptionTest.payload("content", "said")),
            VectorRecord.of(RecordId.of(2), AdoptionTest.payload("n", 77)),
            VectorRecord.of(RecordId.of(3), dev.vectorstore.Payload.empty())));
    assertThat(
            server.sql(
                "select id, content, n is not null, by, i is not null, at is not null from defaults"
                    + " order by id"))
        .containsExactly("1|said|t|postgres|t|t", "2|none|t|postgres|t|t", "3|none|t|postgres|t|t");
    assertThat(defaults.count(Filter.field("content").eq("none"))).isEqualTo(2);
    defaults.upsert(VectorRecord.of(RecordId.of(1), dev.vectorstore.Payload.of(Map.of("n", 5))));
    assertThat(server.sql("select content, n from defaults where id = 1"))
        .containsExactly("none|5");
    tables.release("defaults");
    server.sql("drop table defaults; drop sequence counted");
  }

  @Test
  void lettersThatACollationFindsEqualAreOthersToAFilter() {
    server.sql(
        "create collation blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
            + " create table folded (id bigint primary key, name text collate blind); insert into"
            + " folded values (1, 'Ada'), (2, 'ada'), (3, 'ADA')");
    tables.adopt(TableAdoption.of("folded").build());
    for (VectorStore way : List.of(store, owner)) {
      assertThat(way.collection("folded").count(Filter.field("name").eq("ada"))).isEqualTo(1);
      assertThat(way.collection("folded").count(Filter.field("name").in("ada", "Ada")))
          .isEqualTo(2);
    }
    store.collection("folded").deleteWhere(Filter.field("name").eq("ada"));
    assertThat(server.sql("select name from folded order by id")).containsExactly("Ada", "ADA");
    tables.release("folded");
    server.sql("drop table folded; drop collation blind");
  }

  @Test
  void anIndexOfAMetricThatNoCollectionHasIsTold() {
    server.sql(
        "create table taxicab (id bigint primary key, v vector(2)); create index on taxicab using"
            + " hnsw (v vector_l1_ops)");
    assertThat(tables.adopt(TableAdoption.of("taxicab").build()))
        .anySatisfy(note -> assertThat(note).contains("vector_l1_ops", "by COSINE"));
    tables.release("taxicab");
    server.sql("drop table taxicab");
  }
}
