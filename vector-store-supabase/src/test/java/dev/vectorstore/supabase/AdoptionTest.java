package dev.vectorstore.supabase;

import static dev.vectorstore.Filter.and;
import static dev.vectorstore.Filter.field;
import static dev.vectorstore.Filter.not;
import static dev.vectorstore.Filter.or;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Capability;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.Value;
import dev.vectorstore.Vector;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.WriteBatch;
import dev.vectorstore.WriteMode;
import dev.vectorstore.testkit.ExistingSupabaseStore;
import dev.vectorstore.testkit.RequiresEngine;
import dev.vectorstore.testkit.TestEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Existing tables that become collections without a row being moved. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdoptionTest {
  private ExistingSupabaseStore server;
  private VectorStore store;
  private SupabaseTables tables;
  private VectorCollection pages;

  @BeforeAll
  void start() {
    server = ExistingSupabaseStore.create(3);
    server.sql(SupabaseVectorStore.sql());
    server.sql(
        """
        insert into sources (source_id, summary) values ('docs', 'The red fox'), ('blog', null);
        insert into crawled_pages (url, chunk_number, content, metadata, source_id, embedding)
        select 'https://u/' || n, n % 4, case when n % 5 = 0 then null else 'red fox ' || n end,
          case n % 3 when 0 then jsonb_build_object('year', 2000 + n, 'tags', array['a', 'b' || n % 2])
            when 1 then jsonb_build_object('year', n + 0.5, 'at', '2024-01-01T00:00:0' || n % 10 || 'Z')
            else '{}' end,
          case when n % 7 = 0 then null when n % 2 = 0 then 'docs' else 'blog' end,
          case when n % 11 = 0 then null when n % 13 = 0 then '[0,0,0]'::vector
            else ('[1,' || n || ',0]')::vector end
        from generate_series(1, 60) n;
        """);
    server.postgrest().reloadSchema();
    store = open(server);
    tables = store.unwrap(SupabaseTables.class);
    for (String table : List.of("sources", "crawled_pages", "code_examples")) {
      tables.adopt(TableAdoption.of(table).build());
    }
    pages = store.collection("crawled_pages");
  }

  VectorStore open(ExistingSupabaseStore existing) {
    return Reading.open(existing);
  }

  @AfterAll
  void stop() {
    store.close();
    server.close();
  }

  @Test
  void theThreeTablesAreCollectionsWithoutAnOption() {
    assertThat(store.collections()).containsExactly("code_examples", "crawled_pages", "sources");
    for (String name : store.collections()) {
      assertThat(store.describe(name).capabilities())
          .contains(
              Capability.WRITE,
              Capability.FULL_FILTER,
              Capability.INSERT_ONLY,
              Capability.ATOMIC_BATCH)
          .doesNotContain(Capability.SUBSTRING);
    }
    assertThat(pages.describe().spec().dimension()).hasValue(3);
    assertThat(pages.describe().spec().metric()).contains(Metric.COSINE);
    assertThat(store.describe("sources").spec().dimension()).isEmpty();
    assertThat(pages.count(Filter.ids(ids(1, 60)))).isEqualTo(60);
  }

  private static List<RecordId> ids(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(RecordId::of).toList();
  }

  @Test
  void aRowIsThePayloadThatTheReadingSideGives() {
    server.sql("create table twin (like crawled_pages including all)");
    server.sql("insert into twin select * from crawled_pages where id <= 60");
    server.postgrest().reloadSchema();
    Reading.Whole read = Reading.all(store.collection("twin"));

    tables.adopt(TableAdoption.of("twin").build());
    Reading.Whole adopted = Reading.all(store.collection("twin"));

    assertThat(adopted.records()).containsExactlyElementsOf(read.records());
    assertThat(adopted.issues()).containsExactlyInAnyOrderElementsOf(read.issues());
    assertThat(adopted.issues())
        .extracting(RecordIssue::kind)
        .contains(RecordIssue.Kind.NO_EMBEDDING, RecordIssue.Kind.ZERO_EMBEDDING);
    assertThat(tables.release("twin")).isTrue();
    assertThat(tables.release("twin")).isFalse();
    assertThat(Reading.all(store.collection("twin")).records()).hasSize(60);
    server.sql("drop table twin");
  }

  @Test
  void everyFilterSelectsWhatItMeans() {
    List<VectorRecord> all = Reading.all(pages).records();
    Filter year = field("metadata", "year").gte(2030);
    List<Filter> filters =
        List.of(
            field("url").eq("https://u/7"),
            field("url").in("https://u/1", "https://u/2", 3),
            field("url").eq(7),
            field("id").eq(5),
            field("id").eq(5.0),
            field("id").eq("5"),
            field("id").in(1, 2, 3.5),
            field("chunk_number").gt(2),
            field("chunk_number").eq(0.5),
            field("content").isNull(),
            field("content").exists(),
            field("nothing").exists(),
            field("nothing").isNull(),
            field("nothing").eq("x"),
            field("source_id").eq("docs"),
            field("source_id").isNull(),
            field("source_id", "deeper").eq("docs"),
            field("metadata", "year").eq(8.5),
            year,
            field("metadata", "tags").eq("b1"),
            field("metadata", "at").gt(Instant.parse("2024-01-01T00:00:03Z")),
            field("created_at").gt(Instant.parse("2020-01-01T00:00:00Z")),
            field("metadata").containsJson(Value.of(Map.of("tags", List.of("a")))),
            field("metadata").containsJson(Value.of(Map.of())),
            Filter.containsJson(
                payload("metadata", Map.of("tags", List.of("b1")), "source_id", "blog")),
            Filter.containsJson(payload("chunk_number", 2)),
            Filter.containsJson(payload("url", List.of("https://u/7"))),
            Filter.ids(List.of(RecordId.of(3), RecordId.of("[-3]"), RecordId.of("3"))));
    for (Filter filter : filters) {
      agrees(filter, all);
      agrees(not(filter), all);
      agrees(and(filter, not(year)), all);
      agrees(or(filter, year), all);
    }
  }

  private void agrees(Filter filter, List<VectorRecord> all) {
    Set<RecordId> expected = new TreeSet<>();
    all.stream().filter(filter::test).forEach(record -> expected.add(record.id()));
    assertThat(pages.count(filter)).as("%s", filter).isEqualTo(expected.size());
    List<SearchHit> hits =
        pages.search(SearchRequest.nearest(Vector.of(1, 2, 3)).filter(filter).limit(1_000).build());
    assertThat(hits)
        .as("%s", filter)
        .extracting(SearchHit::id)
        .containsExactlyInAnyOrderElementsOf(
            all.stream()
                .filter(filter::test)
                .filter(record -> record.vector().isPresent())
                .map(VectorRecord::id)
                .toList());
  }

  private static Payload payload(Object... entries) {
    Payload.Builder payload = Payload.builder();
    for (int i = 0; i < entries.length; i += 2) {
      payload.put((String) entries[i], Value.of(entries[i + 1]));
    }
    return payload.build();
  }

  @Test
  void aRecordIsWrittenIntoItsColumns() {
    VectorRecord record =
        VectorRecord.of(
            RecordId.of(1_000),
            Vector.of(1, 0, 0),
            payload(
                "url",
                "https://w/1",
                "chunk_number",
                7,
                "content",
                "it's \"new\"",
                "metadata",
                Map.of("a.b", List.of(1, 2.5)),
                "source_id",
                "docs"));
    pages.upsert(List.of(record));
    assertThat(
            server.sql(
                "select url, chunk_number, content, source_id from crawled_pages where id = 1000"))
        .containsExactly("https://w/1|7|it's \"new\"|docs");
    VectorRecord read = pages.fetch(RecordId.of(1_000)).orElseThrow();
    assertThat(read.payload().get("metadata")).contains(Value.of(Map.of("a.b", List.of(1, 2.5))));
    assertThat(read.payload().keys()).contains("id", "created_at");
    pages.upsert(List.of(read));
    pages.patchPayload(
        List.of(read.id(), RecordId.of(999_999)),
        payload("content", "patched"),
        List.of("source_id"));
    assertThat(server.sql("select content, source_id is null from crawled_pages where id = 1000"))
        .containsExactly("patched|t");
    pages.delete(List.of(record.id()));
    assertThat(pages.fetch(record.id())).isEmpty();
  }

  @Test
  void insertOnlyLeavesRowsAlone() {
    pages.upsert(
        List.of(
            VectorRecord.of(RecordId.of(1), payload("url", "no")),
            VectorRecord.of(RecordId.of(1_100), payload("url", "https://w/io"))),
        WriteMode.INSERT_ONLY);
    assertThat(server.sql("select url from crawled_pages where id in (1, 1100) order by id"))
        .containsExactly("https://u/1", "https://w/io");
    pages.delete(List.of(RecordId.of(1_100)));
  }

  @Test
  void ofAThousandRowsWithOneBadOneNothingIsWrittenAndItIsNamed() {
    List<VectorRecord> rows =
        IntStream.range(0, 1_000)
            .mapToObj(
                n ->
                    VectorRecord.of(
                        RecordId.of(2_000 + n),
                        payload(
                            "url",
                            "https://b/" + n,
                            "chunk_number",
                            0,
                            "source_id",
                            n == 617 ? "a source that nobody knows" : "docs")))
            .toList();
    assertThatThrownBy(() -> pages.upsert(rows))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("number id 2617")
        .hasMessageContaining("source_id_fkey")
        .hasMessageNotContaining("nobody knows");
    assertThat(server.sql("select count(*) from crawled_pages where id >= 2000"))
        .containsExactly("0");
    List<VectorRecord> others =
        rows.stream().filter(row -> !row.id().equals(RecordId.of(2_617))).toList();
    pages.upsert(others);
    assertThat(server.sql("select count(*) from crawled_pages where id >= 2000"))
        .containsExactly("999");
    pages.deleteWhere(field("id").gte(2_000));
  }

  @Test
  void aKeyThatIsNoColumnIsRefused() {
    assertThatThrownBy(
            () ->
                pages.upsert(
                    List.of(VectorRecord.of(RecordId.of(3_000), payload("flavour", "sour")))))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("number id 3000")
        .hasMessageNotContaining("sour");
    assertThatThrownBy(
            () ->
                pages.patchPayload(List.of(RecordId.of(1)), payload("flavour", "sour"), List.of()))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("no column");
    assertThatThrownBy(
            () -> pages.patchPayload(List.of(RecordId.of(1)), payload("id", 5), List.of()))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("key");
    assertThatThrownBy(
            () ->
                pages.upsert(
                    List.of(VectorRecord.of(RecordId.of(UUID.randomUUID()), Payload.empty()))))
        .isInstanceOf(InvalidRequest.class);
  }

  @Test
  void severalTablesAreWrittenAsOne() {
    WriteBatch batch =
        WriteBatch.builder()
            .upsert(
                "sources", List.of(VectorRecord.of(RecordId.of("new"), payload("summary", "s"))))
            .upsert(
                "crawled_pages",
                List.of(VectorRecord.of(RecordId.of(4_000), payload("source_id", "new"))))
            .build();
    store.apply(batch);
    assertThat(pages.fetch(RecordId.of(4_000))).isPresent();
    WriteBatch broken =
        WriteBatch.builder()
            .delete("crawled_pages", List.of(RecordId.of(4_000)))
            .deleteWhere("sources", field("source_id").eq("docs"))
            .build();
    assertThatThrownBy(() -> store.apply(broken)).isInstanceOf(InvalidRequest.class);
    assertThat(pages.fetch(RecordId.of(4_000))).as("rolled back").isPresent();
    pages.delete(List.of(RecordId.of(4_000)));
    store.collection("sources").delete(List.of(RecordId.of("new")));
  }

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
              id -> collection.upsert(List.of(VectorRecord.of(id, payload("note", "ours")))));
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
    List<String> told =
        tables.adopt(
            TableAdoption.of("notes")
                .vectorColumn("v2")
                .contentColumn("body")
                .metadataColumn("extra")
                .build());
    VectorCollection notes = store.collection("notes");
    SearchHit hit = notes.search(SearchRequest.nearest(Vector.of(1, 1, 0)).build()).get(0);
    assertThat(hit.content()).contains("hello fox");
    assertThat(hit.record().payload().get("metadata")).contains(Value.of(Map.of("k", 1)));
    assertThat(told).singleElement().asString().contains("v1");
    notes.upsert(
        List.of(
            VectorRecord.of(
                RecordId.of(1),
                Vector.of(0, 1, 0),
                payload("content", "new", "metadata", Map.of("k", 2)))));
    assertThat(server.sql("select body, extra, v2 from notes"))
        .containsExactly("new|{\"k\": 2}|[0,1,0]");
    assertThat(notes.count(field("content").eq("new"))).isEqualTo(1);
    notes.patchPayload(List.of(RecordId.of(1)), payload("content", "newer"), List.of("metadata"));
    assertThat(server.sql("select body, extra is null from notes")).containsExactly("newer|t");
    tables.release("notes");
    server.sql("drop table notes");
  }

  @Test
  void termsAreThereOnceTheyAreMadeAndUntilSomebodyElseWrites() {
    server.sql("create table texts (id bigint primary key, content text, n int, e vector(3))");
    server.sql("insert into texts select n, 'a red fox ' || n, n from generate_series(1, 1200) n");
    tables.adopt(TableAdoption.of("texts").build());
    Filter fox = field("content").matchesText("fox red");
    assertThat(store.describe("texts").capabilities()).doesNotContain(Capability.TERMS);
    assertThatThrownBy(() -> store.collection("texts").count(fox))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("makeTerms");

    assertThatThrownBy(() -> tables.makeTerms("texts", Duration.ofMillis(1)))
        .isInstanceOf(dev.vectorstore.VectorStoreException.Unavailable.class);
    tables.makeTerms("texts", Duration.ofMinutes(2));
    VectorCollection texts = store.collection("texts");
    assertThat(texts.capabilities()).contains(Capability.TERMS, Capability.PHRASE);
    assertThat(texts.count(fox)).isEqualTo(1_200);
    assertThat(texts.count(field("content").matchesPhrase("fox 77"))).isEqualTo(1);

    texts.upsert(List.of(VectorRecord.of(RecordId.of(1), payload("content", "a cat"))));
    texts.patchPayload(List.of(RecordId.of(2)), payload("content", "a dog"), List.of());
    texts.patchPayload(List.of(RecordId.of(3)), payload("n", 0), List.of());
    texts.delete(List.of(RecordId.of(4)));
    server.sql("delete from texts where id = 5; update texts set n = 1 where id = 6");
    assertThat(store.collection("texts").count(fox)).isEqualTo(1_196);
    assertThat(store.collection("texts").count(field("content").matchesText("dog"))).isEqualTo(1);

    server.sql("update texts set content = 'a wolf' where id = 7");
    assertThatThrownBy(() -> texts.count(fox))
        .as("their own words are no longer known")
        .isInstanceOf(UnsupportedFeature.class);
    assertThat(store.describe("texts").capabilities()).doesNotContain(Capability.TERMS);
    tables.makeTerms("texts", Duration.ofMinutes(2));
    assertThat(store.collection("texts").count(field("content").matchesText("wolf"))).isEqualTo(1);
    tables.release("texts");
    server.sql("insert into texts values (9999, 'after'); drop table texts");
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
    Vector query = Vector.of(0.3f, -0.2f, 0.9f);
    List<RecordId> found = ids(examples.search(SearchRequest.nearest(query).limit(50).build()));
    List<RecordId> exact =
        ids(examples.search(SearchRequest.nearest(query).limit(50).exact().build()));
    assertThat(found).isEqualTo(exact).hasSize(50);
  }

  private static List<RecordId> ids(List<SearchHit> hits) {
    return hits.stream().map(SearchHit::id).toList();
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
    String owner = "owner_of_functions_" + server.database().name();
    server.sql("create role " + owner + "; grant usage on schema public to " + owner);
    server.sql(
        "alter function vector_store_adopt(json) owner to OWNER; grant all on schema vector_store to"
                .replace("OWNER", owner)
            + " OWNER; grant all on all functions in schema vector_store to OWNER; grant all on all"
                .replace("OWNER", owner)
            + " tables in schema vector_store to OWNER".replace("OWNER", owner));
    assertThatThrownBy(() -> tables.adopt(TableAdoption.of("secured").build()))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("row-level security hides rows");
    server.sql("alter function vector_store_adopt(json) owner to postgres; drop owned by " + owner);
    server.sql("drop role " + owner + "; drop table secured");
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
