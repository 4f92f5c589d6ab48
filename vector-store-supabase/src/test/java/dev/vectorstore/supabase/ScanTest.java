package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Page;
import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.supabase.tables.PageBudget;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.HttpReply;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.ScriptedHttpServer;
import dev.vectorstore.testservers.TestEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScanTest {
  private static final int MAX_ROWS = 200;
  private static final ScanRequest THOUSANDS =
      ScanRequest.all().pageSize(1_000).projection(Projection.all());

  private ExistingSupabaseStore server;
  private VectorStore store;

  @BeforeAll
  void start() {
    server = ExistingSupabaseStore.create(3, MAX_ROWS);
    server.sql(
        """
        create table pairs (a int, b text, v vector(3), primary key (a, b));
        create table uuids (id uuid primary key, v vector(3));
        create table texts (id text primary key, v vector(3));
        create table amounts (id numeric primary key, v vector(3));
        """);
    server.postgrest().reloadSchema();
    store = Reading.open(server);
  }

  @AfterAll
  void stop() {
    store.close();
    server.close();
  }

  @BeforeEach
  void clear() {
    server.clear();
    server.sql("truncate pairs, uuids, texts, amounts");
  }

  private void fillPages(int from, int to) {
    server.load(
        "crawled_pages",
        Reading.PAGE_COLUMNS,
        IntStream.range(from, to)
            .mapToObj(
                n -> Stream.of("u", n, "text " + n, "{}", null, new float[] {n, 1, 0}).toList()));
  }

  @Test
  void everyRowComesOnceThoughTheServerCutsAnswers() {
    fillPages(0, 5_300);

    Reading.Whole whole = Reading.all(store.collection("crawled_pages"), THOUSANDS);

    assertThat(whole.ids())
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, 5_300).mapToObj(Long::toString).toList());
    assertThat(whole.pageSizes()).allMatch(size -> size <= MAX_ROWS);
    assertThat(whole.issues()).isEmpty();
  }

  @Test
  void everyRowThatStaysComesOnceThoughOthersGoAndCome() {
    fillPages(0, 2_000);
    VectorCollection pages = store.collection("crawled_pages");
    List<Long> seen = new ArrayList<>();
    Page page = pages.scan(THOUSANDS);
    for (int round = 0; page.next().isPresent(); round++) {
      page.records().forEach(r -> seen.add(((RecordId.NumberId) r.id()).value()));
      // Rows that were read go, some that weren't go too, and new ones come at the end.
      server.sql(
          "delete from crawled_pages where id <= "
              + seen.get(seen.size() / 2)
              + " or (id % 7 = 3 and id <= 2000)");
      if (round < 3) {
        fillPages(10_000 + 10 * round, 10_010 + 10 * round);
      }
      page = pages.scan(THOUSANDS.from(page.next().get()));
    }

    assertThat(seen).doesNotHaveDuplicates().isSorted();
    assertThat(seen)
        .containsAll(LongStream.rangeClosed(1, 2_000).filter(id -> id % 7 != 3).boxed().toList())
        .contains(2_030L);
  }

  @Test
  void aCursorResumesInAnotherStore() {
    fillPages(0, 450);
    Page first = store.collection("crawled_pages").scan(THOUSANDS);

    try (VectorStore other = Reading.open(server)) {
      Reading.Whole rest =
          Reading.all(
              other.collection("crawled_pages"), THOUSANDS.from(first.next().orElseThrow()));
      assertThat(first.records().size() + rest.records().size()).isEqualTo(450);
      assertThat(rest.ids().get(0)).isEqualTo("" + (first.records().size() + 1));
    }
  }

  @Test
  void aCursorOfAnotherCollectionIsRefused() {
    fillPages(0, 3);
    String next = store.collection("crawled_pages").scan(THOUSANDS).next().orElseThrow();

    assertThatThrownBy(() -> store.collection("pairs").scan(THOUSANDS.from(next)))
        .isInstanceOf(VectorStoreException.InvalidRequest.class)
        .hasMessageContaining("cursor");
  }

  @Test
  void compositeKeysAreReadInTheOrderOfAllTheirColumns() {
    List<String> odd = List.of("a,b", "f(x)", "q\"q", "back\\slash", "100%", "star*", "日本😀", " ");
    server.load(
        "pairs",
        List.of("a", "b", "v"),
        IntStream.range(-30, 30)
            .boxed()
            .flatMap(a -> odd.stream().map(b -> List.of(a, b, new float[] {a, 1, 1}))));

    Reading.Whole whole =
        Reading.all(
            store.collection("pairs"), ScanRequest.all().pageSize(7).projection(Projection.all()));

    assertThat(whole.ids()).hasSize(60 * odd.size()).doesNotHaveDuplicates();
    assertThat(whole.ids()).contains("[-30,\"q\\\"q\"]", "[0,\"日本😀\"]", "[29,\"back\\\\slash\"]");
    assertThat(whole.records().get(0).payload().toMap()).containsEntry("a", -30L);
    List<RecordId> ids = whole.records().stream().map(VectorRecord::id).toList();
    assertThat(store.collection("pairs").fetch(ids, Projection.all()))
        .containsExactlyInAnyOrderElementsOf(whole.records());
  }

  @Test
  void uuidKeysAreUuids() {
    server.sql(
        "insert into uuids select md5(n::text)::uuid, '[1,0,0]' from generate_series(1, 500) n");

    Reading.Whole whole = Reading.all(store.collection("uuids"), THOUSANDS);

    assertThat(whole.ids()).hasSize(500).doesNotHaveDuplicates();
    RecordId id = whole.records().get(0).id();
    assertThat(id).isInstanceOf(RecordId.UuidId.class);
    assertThat(whole.records().get(0).payload().text("id")).contains(id.toString());
    assertThat(store.collection("uuids").fetch(List.of(id), Projection.all()))
        .containsExactly(whole.records().get(0));
  }

  @Test
  void textKeysAreTextsWhateverTheyLookLike() {
    server.sql(
        "insert into texts values ('5', '[1,0,0]'), ('[-5]', '[1,0,0]'), ('null', null),"
            + " ('', '[1,0,0]'), (repeat('ü', 257), '[1,0,0]'), ('a,b', null), ('it''s', null)");

    Reading.Whole whole = Reading.all(store.collection("texts"), THOUSANDS);

    assertThat(whole.ids()).containsExactlyInAnyOrder("5", "[-5]", "null", "a,b", "it's");
    assertThat(whole.records()).allMatch(record -> record.id() instanceof RecordId.TextId);
    assertThat(whole.issues())
        .filteredOn(issue -> issue.kind() == dev.vectorstore.RecordIssue.Kind.UNREADABLE)
        .hasSize(2)
        .allMatch(issue -> issue.reason().contains("key can't be an id"))
        .allMatch(issue -> issue.id().isEmpty());
  }

  @Test
  void negativeNumbersAreTextsAndTheLargestIsANumber() {
    server.sql(
        "insert into crawled_pages (id, url) values (-9223372036854775808, 'a'), (-5, 'b'),"
            + " (0, 'c'), (9223372036854775807, 'd')");
    VectorCollection pages = store.collection("crawled_pages");

    Reading.Whole whole = Reading.all(pages, THOUSANDS);

    assertThat(whole.records().stream().map(VectorRecord::id))
        .containsExactly(
            RecordId.of("[-9223372036854775808]"),
            RecordId.of("[-5]"),
            RecordId.of(0),
            RecordId.of(Long.MAX_VALUE));
    assertThat(whole.records().get(1).payload().toMap()).containsEntry("id", -5L);
    assertThat(
            pages.fetch(whole.records().stream().map(VectorRecord::id).toList(), Projection.all()))
        .containsExactlyInAnyOrderElementsOf(whole.records());
  }

  @Test
  void keysOfOtherTypesAreTheirText() {
    server.sql("insert into amounts select n / 4.0, '[1,0,0]' from generate_series(1, 300) n");

    Reading.Whole whole = Reading.all(store.collection("amounts"), THOUSANDS);

    assertThat(whole.ids()).hasSize(300).doesNotHaveDuplicates();
    assertThat(whole.records()).allMatch(record -> record.id() instanceof RecordId.TextId);
    assertThat(
            store
                .collection("amounts")
                .fetch(List.of(whole.records().get(7).id(), RecordId.of(7)), Projection.all()))
        .containsExactly(whole.records().get(7));
  }

  @Test
  void fetchFindsMoreThanTheServerGivesAtOnce() {
    fillPages(0, 1_000);
    List<RecordId> ids =
        Stream.concat(
                LongStream.rangeClosed(1, 990).mapToObj(RecordId::of),
                Stream.of(
                    RecordId.of(5_000),
                    RecordId.of("[-1]"),
                    RecordId.of("text"),
                    RecordId.of("[-0]")))
            .toList();

    assertThat(store.collection("crawled_pages").fetch(ids, Projection.ids()))
        .extracting(VectorRecord::id)
        .containsExactlyInAnyOrderElementsOf(ids.subList(0, 990));
  }

  @Test
  void pagesStayWithinTheirBytes() {
    String content = "0123456789ab cdef".repeat(3_600); // 60 KB
    server.load(
        "crawled_pages",
        Reading.PAGE_COLUMNS,
        IntStream.range(0, 600)
            .mapToObj(n -> Stream.of("u", n, content, "{}", null, new float[] {n, 1, 0}).toList()));

    Reading.Whole whole = Reading.all(store.collection("crawled_pages"), THOUSANDS);

    assertThat(whole.ids()).hasSize(600).doesNotHaveDuplicates();
    assertThat(whole.records())
        .allMatch(r -> r.payload().text("content").equals(java.util.Optional.of(content)));
    assertThat(whole.pageSizes()).allMatch(size -> size * 61_000L < PageBudget.BYTES + 100_000);
  }

  @Test
  void countIsOfAllRows() {
    fillPages(0, 777);

    assertThat(store.collection("crawled_pages").count()).isEqualTo(777);
    assertThat(store.collection("sources").count()).isZero();
    assertThat(Reading.all(store.collection("sources")).records()).isEmpty();
  }

  /** The gigabyte of a value, among others: PostgREST lets Postgres make one of all rows. */
  @Test
  void aPageThatPostgresCannotMakeIsAskedForInHalves() {
    String api =
        "{\"swagger\": \"2.0\", \"paths\": {}, \"definitions\": {\"large\": {\"required\": [\"id\"],"
            + " \"properties\": {\"id\": {\"format\": \"integer\", \"description\": \"<pk/>\"},"
            + " \"v\": {\"format\": \"public.vector(2)\"}}}}}";
    HttpReply tooLarge =
        HttpReply.of(413)
            .header("Content-Type", "application/json")
            .body("{\"code\": \"54000\", \"message\": \"out of memory\"}");
    try (ScriptedHttpServer scripted =
            ScriptedHttpServer.start(
                OpeningTest.NOT_INSTALLED,
                HttpReply.json(api),
                tooLarge,
                tooLarge,
                HttpReply.json("[{\"id\": 1}]"));
        VectorStore once = Supabase.postgrest(scripted.url()).callOptions(Reading.ONCE).open()) {
      assertThat(once.collection("large").scan(THOUSANDS).records()).hasSize(1);
      assertThat(scripted.requests().stream().skip(2))
          .extracting(request -> request.target().replaceFirst(".*limit=", ""))
          .containsExactly("20", "10", "5");
    }
  }
}
