package dev.vectorstore.supabase;

import static dev.vectorstore.Filter.and;
import static dev.vectorstore.Filter.field;
import static dev.vectorstore.Filter.not;
import static dev.vectorstore.Filter.or;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Capability;
import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.WriteBatch;
import dev.vectorstore.WriteMode;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
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
  private VectorStore owner;
  private SupabaseTables tables;
  private VectorCollection pages;

  @BeforeAll
  void start() {
    server = ExistingSupabaseStore.create(3);
    server.sql(Supabase.sql());
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
    // The script has the schema read again too, and a reload waits for the next reading of any.
    server.postgrest().restart();
    store = open(server);
    owner = Reading.openAsOwner(server.database());
    tables = owner.unwrap(SupabaseTables.class);
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
    owner.close();
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
              Capability.ATOMIC_BATCH);
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
            field("url").gt("https://u/5"),
            field("url").lte("https://u/3"),
            field("id").gt("1"),
            field("content").contains("fox 1"),
            field("content").contains("FOX"),
            field("content").containsText("FOX 1"),
            field("source_id", "deeper").contains("docs"),
            field("nothing").lte("x"),
            field("metadata", "tags").contains("1"),
            field("metadata", "at").lt("2024-01-01T00:00:05Z"),
            field("created_at").gt("2020"),
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
        pages.search(SearchRequest.nearest(Embedding.of(1, 2, 3)).filter(filter).limit(1_000));
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

  static Payload payload(Object... entries) {
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
            Embedding.of(1, 0, 0),
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
  void racingInsertsOfAKeyLeaveOneOfThem() throws InterruptedException {
    server.sql("create table raced (id text primary key, note text)");
    tables.adopt(TableAdoption.of("raced").build());
    VectorCollection raced = store.collection("raced");
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> racers =
        IntStream.range(0, 6)
            .mapToObj(
                racer ->
                    new Thread(
                        () -> {
                          WriteMode mode =
                              racer % 2 == 0 ? WriteMode.INSERT_ONLY : WriteMode.REPLACE;
                          try {
                            for (int n = 0; n < 200; n++) {
                              raced.upsert(
                                  List.of(VectorRecord.of(RecordId.of("r" + n), Payload.empty())),
                                  mode);
                            }
                          } catch (VectorStoreException failure) {
                            failures.add(failure);
                          }
                        }))
            .toList();
    racers.forEach(Thread::start);
    for (Thread racer : racers) {
      racer.join();
    }
    assertThat(failures).isEmpty();
    assertThat(raced.count()).isEqualTo(200);
    tables.release("raced");
    server.sql("drop table raced");
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
}
