package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Projection;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a row becomes. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public class RowsTest {
  private ExistingSupabaseStore server;
  private VectorStore store;
  private VectorCollection pages;

  @BeforeAll
  void start() {
    server = ExistingSupabaseStore.create(3);
    server.sql(
        """
        create table kinds (
          id int primary key, v vector(3), truth boolean, half real, whole double precision,
          amount numeric, day date, at timestamptz, list int[], words text[], raw bytea, doc json,
          gone text);
        insert into kinds values (
          1, '[1,0,0]', true, 0.1, 3, 1.10, '2026-11-22', '2026-11-22T01:02:03.456789+02:00',
          '{1,2}', '{"a,b",c}', '\\x00ff', '{"k": 1.0, "k2": [1, {"x": null}]}', null);
        insert into kinds (id, v, whole, amount) values (
          2, '[1,0,0]', 'NaN', 12345678901234567890.5);
        insert into kinds (id, v, doc) values (3, '[1,0,0]', '{"text": "nul \\u0000"}');
        create table dimensions (id int primary key, v vector);
        insert into dimensions values (1, '[1,0,0]'), (2, '[1,0]'), (3, '[0,1,0]');
        create table reserved (id int primary key, v vector(3), __vs text);
        insert into reserved values (1, '[1,0,0]', 'x');
        """);
    server.postgrest().reloadSchema();
    store = open(server);
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

  @BeforeEach
  void clear() {
    server.clear();
  }

  private void load(String content, String metadata, float... embedding) {
    server.load(
        "crawled_pages",
        Reading.PAGE_COLUMNS,
        Stream.of(Arrays.asList("http://u", 1, content, metadata, null, embedding)));
  }

  private VectorRecord only() {
    return Reading.all(pages).only();
  }

  @Test
  void aRowIsAPayloadKeyPerColumnButTheVector() {
    server.sql(
        "insert into sources (source_id) values ('s');"
            + " insert into crawled_pages (url, chunk_number, content, metadata, source_id,"
            + " embedding, created_at) values ('http://u', 7, 'text', '{\"a\": {\"b\": [1, 2.5,"
            + " null, true, \"x\"]}, \"empty\": {}}', 's', '[0.25,-1.5,1e-3]',"
            + " '2026-01-02T03:04:05.678901Z')");

    VectorRecord record = only();

    assertThat(record.id()).isEqualTo(RecordId.of(1));
    assertThat(record.vector().orElseThrow().toArray()).containsExactly(0.25f, -1.5f, 1e-3f);
    assertThat(record.payload().keys())
        .containsExactly(
            "id", "url", "chunk_number", "content", "metadata", "source_id", "created_at");
    assertThat(record.payload().toMap())
        .containsEntry("id", 1L)
        .containsEntry("url", "http://u")
        .containsEntry("chunk_number", 7L)
        .containsEntry("source_id", "s")
        .containsEntry("created_at", "2026-01-02T03:04:05.678901+00:00");
    assertThat(record.payload().toMap().get("metadata"))
        .isEqualTo(
            Map.of("a", Map.of("b", Arrays.asList(1L, 2.5, null, true, "x")), "empty", Map.of()));
  }

  @Test
  void nullColumnsAreNullNotMissing() {
    server.sql("insert into crawled_pages (metadata) values ('{}')");

    assertThat(only().payload().toMap())
        .containsEntry("url", null)
        .containsEntry("source_id", null)
        .hasSize(7);
  }

  @Test
  void nullAndZeroEmbeddingsAreRecordsWithoutVectorsAndAreSaid() {
    load("none", "{}", (float[]) null);
    server.sql(
        "insert into crawled_pages (url, embedding) values ('z', '[0,0,0]'), ('v', '[1,0,0]')");

    Reading.Whole whole = Reading.all(pages);

    assertThat(whole.records()).hasSize(3);
    assertThat(whole.records().get(0).vector()).isEmpty();
    assertThat(whole.records().get(1).vector()).isEmpty();
    assertThat(whole.records().get(2).vector()).isPresent();
    assertThat(whole.issues())
        .extracting(RecordIssue::kind, issue -> issue.id().orElseThrow())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(RecordIssue.Kind.NO_EMBEDDING, RecordId.of(1)),
            org.assertj.core.groups.Tuple.tuple(RecordIssue.Kind.ZERO_EMBEDDING, RecordId.of(2)));
  }

  @Test
  void numbersThatThePortHoldsComeBackExactly() {
    load(
        "n",
        "{\"beyond53\": 9007199254740993, \"max\": 9223372036854775807, \"min\":"
            + " -9223372036854775808, \"one\": 1.0, \"tenth\": 1.10, \"big\": 1e22, \"small\":"
            + " 1e-7, \"pi\": 3.141592653589793, \"minus\": -0.0}",
        1,
        0,
        0);

    Reading.Whole whole = Reading.all(pages);

    assertThat(whole.issues())
        .extracting(issue -> issue.path().orElseThrow())
        .containsExactly("/metadata/big"); // Postgres prints it without an exponent, as an integer
    Value.ObjectValue metadata =
        (Value.ObjectValue) whole.only().payload().get("metadata").orElseThrow();
    assertThat(metadata.entries())
        .containsEntry("beyond53", new Value.LongValue(9007199254740993L))
        .containsEntry("max", new Value.LongValue(Long.MAX_VALUE))
        .containsEntry("min", new Value.LongValue(Long.MIN_VALUE))
        .containsEntry("one", new Value.DoubleValue(1.0))
        .containsEntry("tenth", new Value.DoubleValue(1.1))
        .containsEntry("small", new Value.DoubleValue(1e-7))
        .containsEntry("pi", new Value.DoubleValue(Math.PI))
        .containsEntry("big", new Value.StringValue("10000000000000000000000"));
  }

  @Test
  void numbersThatWouldChangeAreKeptAsTextAndSaid() {
    load(
        "n",
        "{\"n\": 12345678901234567890, \"a/b~c\": [0, 0.12345678901234567890123],"
            + " \"deep\": {\"x\": -9223372036854775809}}",
        1,
        0,
        0);

    Reading.Whole whole = Reading.all(pages);

    assertThat(whole.issues()).allMatch(i -> i.kind() == RecordIssue.Kind.NUMBER_AS_TEXT);
    assertThat(whole.issues())
        .extracting(issue -> issue.path().orElseThrow())
        .containsExactlyInAnyOrder("/metadata/n", "/metadata/a~1b~0c/1", "/metadata/deep/x");
    assertThat(whole.only().payload().toMap().get("metadata"))
        .isEqualTo(
            Map.of(
                "n",
                "12345678901234567890",
                "a/b~c",
                List.of(0L, "0.12345678901234567890123"),
                "deep",
                Map.of("x", "-9223372036854775809")));
    assertThat(whole.issues().toString()).doesNotContain("1234567890");
  }

  @Test
  void endlessNumbersDontFailThePage() {
    server.sql(
        "insert into crawled_pages (url, metadata) values ('a', ('{\"n\": 1' || repeat('0', 20000)"
            + " || '}')::jsonb), ('b', ('{\"n\": 0.' || repeat('3', 5000) || '}')::jsonb),"
            + " ('c', '{}')");

    Reading.Whole whole = Reading.all(pages);

    assertThat(whole.records()).hasSize(3);
    assertThat(whole.issues())
        .filteredOn(issue -> issue.kind() == RecordIssue.Kind.NUMBER_AS_TEXT)
        .hasSize(2);
  }

  @Test
  void aRowThatNestsTooDeepIsSaidAndTheOthersCome() {
    server.sql(
        "insert into crawled_pages (url, metadata) values ('a', '{}'),"
            + " ('b', (repeat('{\"x\":', 23) || '1' || repeat('}', 23))::jsonb),"
            + " ('c', (repeat('{\"x\":', 24) || '1' || repeat('}', 24))::jsonb),"
            + " ('d', (repeat('[', 3000) || repeat(']', 3000))::jsonb), ('e', '{}')");

    Reading.Whole whole = Reading.all(pages);

    assertThat(whole.ids()).containsExactly("1", "2", "5");
    assertThat(whole.issues())
        .filteredOn(issue -> issue.kind() == RecordIssue.Kind.UNREADABLE)
        .extracting(RecordIssue::row)
        .containsExactly("3", "4");
    assertThatThrownBy(() -> pages.fetch(List.of(RecordId.of(3)), Projection.payload()))
        .isInstanceOf(VectorStoreException.MalformedResponse.class)
        .hasMessageContaining("can't be read");
  }

  @Test
  void textsComeBackAsTheyAre() {
    String odd = "quotes \" ' \\ % _ * , . ( ) {} [] \t\r\n \uD83D\uDE00 é ﬀ ẞ \u0001 \uFFFD ";
    String huge = odd.repeat(1_300); // beyond 60 KB
    load(odd, "{\"k\": \"v\"}", 1, 0, 0);
    server.load("crawled_pages", List.of("url", "content"), Stream.of(List.of("huge", huge)));

    List<VectorRecord> records = Reading.all(pages).records();

    assertThat(records.get(0).payload().text("content")).contains(odd);
    assertThat(records.get(1).payload().text("content")).contains(huge);
    assertThat(huge.length()).isGreaterThan(60_000);
  }

  @Test
  void doubleEncodedMetadataStayAString() {
    load("x", "\"{\\\"a\\\": 1}\"", 1, 0, 0);

    assertThat(only().payload().toMap()).containsEntry("metadata", "{\"a\": 1}");
  }

  @Test
  void oddKeysInMetadataAreKeys() {
    load(
        "x",
        "{\"a.b\": 1, \"\": 2, \"q\\\"x\\\\\": 3, \"id\": \"own\", \"similarity\": 9}",
        1,
        0,
        0);

    assertThat(only().payload().toMap().get("metadata"))
        .isEqualTo(Map.of("a.b", 1L, "", 2L, "q\"x\\", 3L, "id", "own", "similarity", 9L));
    assertThat(only().payload().toMap()).containsEntry("id", 1L);
  }

  @Test
  void columnsOfAllKindsKeepTheirKind() {
    List<VectorRecord> records = Reading.all(store.collection("kinds")).records();

    assertThat(records.get(0).payload().toMap())
        .containsEntry("truth", true)
        .containsEntry("half", 0.1)
        .containsEntry("whole", 3.0)
        .containsEntry("amount", 1.1)
        .containsEntry("day", "2026-11-22")
        .containsEntry("at", "2026-11-21T23:02:03.456789+00:00")
        .containsEntry("list", List.of(1L, 2L))
        .containsEntry("words", List.of("a,b", "c"))
        .containsEntry("raw", "\\x00ff")
        .containsEntry("gone", null);
    assertThat(records.get(0).payload().toMap().get("doc"))
        .isEqualTo(
            Map.of("k", 1.0, "k2", List.of(1L, java.util.Collections.singletonMap("x", null))));
  }

  @Test
  void numberColumnsThatHoldMoreThanAJsonNumberAreTextsAndSaid() {
    Reading.Whole whole = Reading.all(store.collection("kinds"));

    assertThat(whole.ids()).containsExactly("1", "2");
    assertThat(whole.records().get(1).payload().toMap())
        .containsEntry("whole", "NaN")
        .containsEntry("amount", "12345678901234567890.5");
    assertThat(whole.issues())
        .filteredOn(i -> i.kind() == RecordIssue.Kind.NUMBER_AS_TEXT)
        .extracting(i -> i.path().orElseThrow())
        .containsExactlyInAnyOrder("/whole", "/amount");
  }

  @Test
  void textThatNoPayloadHoldsIsSaid() {
    assertThat(Reading.all(store.collection("kinds")).issues())
        .filteredOn(i -> i.kind() == RecordIssue.Kind.UNREADABLE)
        .hasSize(1)
        .allMatch(i -> i.row().equals("3") && i.reason().contains("/doc/text"));
  }

  @Test
  void aVectorOfAnotherDimensionIsSaid() {
    Reading.Whole whole = Reading.all(store.collection("dimensions"));

    assertThat(whole.ids()).containsExactly("1", "3");
    assertThat(whole.issues())
        .singleElement()
        .matches(i -> i.kind() == RecordIssue.Kind.UNREADABLE && i.row().equals("2"))
        .matches(i -> i.reason().contains("2 dimensions"));
  }

  @Test
  void aColumnOfTheReservedNameIsSaid() {
    assertThat(Reading.all(store.collection("reserved")).issues())
        .singleElement()
        .matches(i -> i.kind() == RecordIssue.Kind.UNREADABLE && i.reason().contains("__vs"));
  }

  @Test
  void aProjectionReadsOnlyWhatIsAskedFor() {
    load("text", "{\"a\": 1}", 1, 0, 0);

    VectorRecord some =
        Reading.all(
                pages,
                ScanRequest.all()
                    .projection(Projection.fields("content", "metadata", "absent", "embedding")))
            .only();
    assertThat(some.payload().keys()).containsExactlyInAnyOrder("content", "metadata");
    assertThat(some.vector()).isEmpty();
    assertThat(pages.fetch(List.of(RecordId.of(1)), Projection.ids()).get(0).payload().keys())
        .isEmpty();
    assertThat(
            pages
                .fetch(List.of(RecordId.of(1)), Projection.fields("id").withVectors())
                .get(0)
                .vector())
        .isPresent();
  }

  @Test
  void rowsWithoutEmbeddingsAskedForHaveNoIssues() {
    load("x", "{}", 0, 0, 0);

    assertThat(Reading.all(pages, ScanRequest.all()).issues()).isEmpty();
  }

  @Test
  void halvesAreReadAsFloats() {
    server.sql(
        "create table if not exists halves (id int primary key, v halfvec(3));"
            + " insert into halves values (1, '[0.5,0.1,-2]')");
    server.postgrest().reloadSchema();

    assertThat(Reading.all(store.collection("halves")).only().vector().orElseThrow().toArray())
        .containsExactly(0.5f, 0.099975586f, -2f);
  }
}
