package dev.vectorstore.supabase;

import static dev.vectorstore.Filter.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vectorstore.Embedding;
import dev.vectorstore.Filter;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.RecordIssue;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.Value;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Where Supabase and other engines differ, on the side that is read. The numbers are those of the
 * table of differences that this engine was designed by; S13 and S15 to S22 are compared pair by
 * pair in {@link ContainmentTest} too.
 */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SemanticsTest {
  private ExistingSupabaseStore server;
  private VectorStore store;
  private VectorCollection pages;

  @BeforeAll
  void start() {
    server = ExistingSupabaseStore.create(3, 50);
    // The index of this practice hides rows; what the functions mean is tested without it.
    server.sql("drop index crawled_pages_embedding_idx");
    store = Reading.open(server);
    pages = store.collection("crawled_pages");
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

  private void row(String metadata, String embedding) {
    server.sql(
        "insert into crawled_pages (metadata, embedding) values ('"
            + metadata.replace("'", "''")
            + "', "
            + (embedding == null ? "null" : "'" + embedding + "'")
            + ")");
  }

  private List<SearchHit> search(Filter filter) {
    return pages.search(SearchRequest.nearest(Embedding.of(1, 0, 0)).filter(filter));
  }

  private boolean found(String metadata, Object contained) {
    server.clear();
    row(metadata, "[1,0,0]");
    Filter filter = Filter.containsJson(Payload.of(Map.of("metadata", Value.of(contained))));
    boolean searched = !search(filter).isEmpty();
    assertThat(pages.count(filter)).isEqualTo(searched ? 1 : 0);
    return searched;
  }

  @Test
  @DisplayName("S1: negative scores are answered, there is no threshold unless asked")
  void negativeScores() {
    row("{}", "[-1,0,0]");
    row("{}", "[0,1,0]");

    assertThat(search(Filter.all())).extracting(SearchHit::score).containsExactly(0.0, -1.0);
    assertThat(pages.search(SearchRequest.nearest(Embedding.of(1, 0, 0)).minScore(0))).hasSize(1);
  }

  @Test
  @DisplayName("S2: scores are within [-1, 1]")
  void scoresAreClamped() {
    for (int n = 1; n < 40; n++) {
      row("{}", "[" + 0.1f * n + "," + 0.7f * n + "," + 1e-3f * n + "]");
    }
    List<SearchHit> hits =
        pages.search(SearchRequest.nearest(Embedding.of(0.1f, 0.7f, 1e-3f)).limit(40));

    assertThat(hits).hasSize(39);
    assertThat(hits).allMatch(hit -> hit.score() <= 1 && hit.score() > 1 - 1e-5);
  }

  @Test
  @DisplayName("S3: a zero vector is no vector: said by a scan, no hit of a search")
  void zeroVectors() {
    row("{}", "[0,0,0]");
    row("{}", "[-1,0,0]");

    assertThat(search(Filter.all())).extracting(SearchHit::id).containsExactly(RecordId.of(2));
    Reading.Whole whole = Reading.all(pages);
    assertThat(whole.records().get(0).vector()).isEmpty();
    assertThat(whole.issues())
        .extracting(RecordIssue::kind)
        .containsExactly(RecordIssue.Kind.ZERO_EMBEDDING);
  }

  @Test
  @DisplayName("S4: a zero query is refused")
  void zeroQuery() {
    assertThatThrownBy(() -> pages.search(SearchRequest.nearest(Embedding.of(0, 0, 0))))
        .isInstanceOf(InvalidRequest.class);
  }

  @Test
  @DisplayName("S5: a null embedding is no vector: said by a scan, no hit of a search")
  void nullEmbeddings() {
    row("{}", null);
    row("{}", "[1,0,0]");

    assertThat(search(Filter.all())).extracting(SearchHit::id).containsExactly(RecordId.of(2));
    assertThat(Reading.all(pages).issues())
        .extracting(RecordIssue::kind)
        .containsExactly(RecordIssue.Kind.NO_EMBEDDING);
  }

  @Test
  @DisplayName("S7: tiny vectors keep their direction, stored and asked")
  void tinyVectors() {
    row("{}", "[1e-18,0,0]");
    row("{}", "[0,1e-18,0]");

    List<SearchHit> hits = pages.search(SearchRequest.nearest(Embedding.of(1e-12f, 0, 0)));
    assertThat(hits.get(0).id()).isEqualTo(RecordId.of(1));
    assertThat(hits.get(0).score()).isEqualTo(1, within(1e-5));
    assertThat(Reading.all(pages).records().get(0).vector().orElseThrow().at(0)).isEqualTo(1e-18f);
  }

  @Test
  @DisplayName("S10: the embedding comes as a text, and every float of it is exact")
  void vectorsAsText() {
    float[] odd = {Float.MIN_NORMAL, -3.4028235e38f, 0.1f};
    row("{}", Arrays.toString(odd).replace(" ", ""));

    assertThat(Reading.all(pages).only().vector().orElseThrow().toArray()).containsExactly(odd);
  }

  @Test
  @DisplayName("S11, S12: metadata are nested, so no key of theirs hides a column")
  void keysCannotCollide() {
    String own =
        "{\"id\": 9, \"url\": \"m\", \"content\": \"m\", \"similarity\": 2, \"metadata\": 3}";
    server.sql(
        "insert into crawled_pages (url, content, metadata, embedding) values ('u', 'c', '"
            + own
            + "', '[1,0,0]')");

    SearchHit hit = search(Filter.all()).get(0);
    assertThat(hit.toMap())
        .containsEntry("id", 1L)
        .containsEntry("url", "u")
        .containsEntry("content", "c")
        .containsEntry("similarity", 1.0);
    assertThat(hit.toMap().get("metadata"))
        .isEqualTo(Map.of("id", 9L, "url", "m", "content", "m", "similarity", 2L, "metadata", 3L));
    assertThat(search(field("metadata").containsJson(Value.of(Map.of("url", "m"))))).hasSize(1);
    assertThat(search(field("metadata").containsJson(Value.of(Map.of("url", "u"))))).isEmpty();
  }

  @Test
  @DisplayName("S13, S43: numbers are compared by value")
  void numbersByValue() {
    assertThat(found("{\"n\": 1}", Map.of("n", 1.0))).isTrue();
    assertThat(found("{\"n\": 1.0}", Map.of("n", 1))).isTrue();
    assertThat(found("{\"n\": 100}", Map.of("n", 1e2))).isTrue();
    assertThat(found("{\"n\": 1.50}", Map.of("n", 1.5))).isTrue();
    assertThat(found("{\"n\": 1.50}", Map.of("n", 1.25))).isFalse();
  }

  @Test
  @DisplayName("S14: big numbers are exact or kept as text and said")
  void bigNumbers() {
    assertThat(found("{\"n\": 9007199254740993}", Map.of("n", 9007199254740993L))).isTrue();
    assertThat(found("{\"n\": 9007199254740993}", Map.of("n", 9007199254740992L))).isFalse();
    assertThat(found("{\"n\": 4611686018427387904}", Map.of("n", 0x1p62))).isTrue();
    server.clear();
    row("{\"n\": 12345678901234567890}", "[1,0,0]");
    Reading.Whole whole = Reading.all(pages);
    assertThat(whole.only().payload().toMap().get("metadata"))
        .isEqualTo(Map.of("n", "12345678901234567890"));
    assertThat(whole.issues())
        .containsExactly(
            RecordIssue.numberAsText(
                RecordId.of(1), "/metadata/n", whole.issues().get(0).reason()));
  }

  @Test
  @DisplayName("S15: 1, \"1\", true and \"true\" differ; so do cases and normal forms")
  void typesDiffer() {
    assertThat(found("{\"x\": 1}", Map.of("x", "1"))).isFalse();
    assertThat(found("{\"x\": true}", Map.of("x", "true"))).isFalse();
    assertThat(found("{\"x\": \"A\"}", Map.of("x", "a"))).isFalse();
    assertThat(found("{\"x\": \"\u00e9\"}", Map.of("x", "e\u0301"))).isFalse();
    assertThat(found("{\"x\": \"\u00e9\"}", Map.of("x", "\u00e9"))).isTrue();
  }

  @Test
  @DisplayName("S16 to S20: lists, objects in lists, nested lists and null")
  void containment() {
    assertThat(found("{\"t\": [\"x\", \"y\"]}", Map.of("t", "x"))).isFalse();
    assertThat(found("{\"t\": [\"x\", \"y\"]}", Map.of("t", List.of("y", "x", "x")))).isTrue();
    assertThat(found("{\"t\": \"x\"}", Map.of("t", List.of("x")))).isFalse();
    assertThat(found("{\"t\": [1]}", Map.of("t", List.of()))).isTrue();
    String objects = "{\"t\": [{\"a\": 1}, {\"b\": 2}]}";
    assertThat(found(objects, Map.of("t", List.of(Map.of("a", 1))))).isTrue();
    assertThat(found(objects, Map.of("t", List.of(Map.of("a", 1, "b", 2))))).isFalse();
    assertThat(found("{\"t\": [[1, 2]]}", Map.of("t", List.of(List.of(2))))).isTrue();
    assertThat(found("{\"t\": [[1, 2]]}", Map.of("t", List.of(2)))).isFalse();
    Value isNull = Payload.builder().put("t", null).build().toValue();
    assertThat(found("{\"t\": null}", isNull)).isTrue();
    assertThat(found("{}", isNull)).isFalse();
  }

  @Test
  @DisplayName("S21: {} is every object, and no list, string or number")
  void emptyFilter() {
    assertThat(found("{\"a\": 1}", Map.of())).isTrue();
    assertThat(found("[]", Map.of())).isFalse();
    assertThat(found("\"text\"", Map.of())).isFalse();
  }

  @Test
  @DisplayName("S22: any text is a key")
  void oddKeys() {
    for (String key :
        List.of("a.b", "", "\"", "\\", "a,b", "f(x)", "%", "*", "\u65e5\ud83d\ude00")) {
      String document = Value.of(Map.of(key, 1)).toString();
      assertThat(found(document, Map.of(key, 1))).as(key).isTrue();
      assertThat(found(document, Map.of(key + "x", 1))).as(key).isFalse();
    }
  }

  @Test
  @DisplayName("S23: metadata encoded twice stay a text and match nothing")
  void doubleEncoded() {
    row("\"{\\\"a\\\": 1}\"", "[1,0,0]");

    assertThat(Reading.all(pages).only().payload().toMap()).containsEntry("metadata", "{\"a\": 1}");
    assertThat(search(field("metadata").containsJson(Value.of(Map.of("a", 1))))).isEmpty();
  }

  @Test
  @DisplayName("S27: a value can't be taken for syntax")
  void injection() {
    List<String> values =
        List.of(
            "a,b",
            "f(x)",
            "\"",
            "\\",
            "a\"),(b",
            "x\",id.gt.0",
            "*",
            "%",
            "&x=1",
            "#",
            "?",
            "+",
            "null",
            "{a}");
    server.load("sources", List.of("source_id"), values.stream().map(List::of));
    VectorCollection sources = store.collection("sources");

    for (String value : values) {
      Filter filter = field("source_id").eq(value);
      assertThat(Reading.all(sources, ScanRequest.all().filter(filter)).ids())
          .containsExactly(value);
      assertThat(sources.count(Filter.not(filter))).isEqualTo(values.size() - 1);
      assertThat(sources.fetch(List.of(RecordId.of(value)), dev.vectorstore.Projection.ids()))
          .hasSize(1);
    }
  }

  @Test
  @DisplayName("S31: a limit is 1 to 10,000, and a server that answers less is a shorter answer")
  void limits() {
    server.sql(
        "insert into crawled_pages (url, embedding) select n::text, '[1,0,0]' from"
            + " generate_series(1, 70) n");

    assertThatThrownBy(() -> SearchRequest.nearest(Embedding.of(1, 0, 0)).limit(0))
        .isInstanceOf(InvalidRequest.class);
    assertThat(pages.search(SearchRequest.nearest(Embedding.of(1, 0, 0)).limit(60))).hasSize(50);
  }

  @Test
  @DisplayName("S32: an empty source is a source")
  void emptySource() {
    server.sql(
        "insert into sources (source_id) values (''), ('s'); insert into crawled_pages (source_id,"
            + " embedding) values ('', '[1,0,0]'), ('s', '[1,0,0]'), (null, '[1,0,0]')");

    assertThat(search(field("source_id").eq("")))
        .extracting(SearchHit::id)
        .containsExactly(RecordId.of(1));
    assertThat(search(Filter.all())).hasSize(3);
  }

  @Test
  @DisplayName("S33: numbers stay numbers, negative ones are the text of their list")
  void ids() {
    server.sql("insert into crawled_pages (id, embedding) values (-7, '[1,0,0]'), (7, '[1,0,0]')");

    assertThat(search(Filter.all()))
        .extracting(SearchHit::id)
        .containsExactlyInAnyOrder(RecordId.of(7), RecordId.of("[-7]"));
  }

  @Test
  @DisplayName(
      "S39: a table whose rows are all hidden isn't an empty one; what is denied is denied")
  void rowLevelSecurity() {
    row("{}", "[1,0,0]");
    server.sql("drop policy \"public read\" on crawled_pages");
    try (VectorStore asAnyone =
        Supabase.postgrest(Reading.address(server))
            .key(server::anonKey)
            .callOptions(Reading.ONCE)
            .open()) {
      assertThatThrownBy(() -> asAnyone.collection("crawled_pages").count())
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("row-level security");
      assertThat(pages.count()).isEqualTo(1);
      server.sql("revoke select on crawled_pages from anon");
      assertThatThrownBy(() -> asAnyone.collection("crawled_pages").count())
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("42501");
    } finally {
      server.sql(
          "grant select on crawled_pages to anon; create policy \"public read\" on crawled_pages"
              + " for select to public using (true)");
    }
  }

  @Test
  @DisplayName("S40: pages go by key, though the server cuts every answer")
  void paging() {
    server.load(
        "crawled_pages", List.of("url"), IntStream.range(0, 333).mapToObj(n -> List.of("u" + n)));

    assertThat(Reading.all(pages, ScanRequest.all().pageSize(100)).ids())
        .hasSize(333)
        .doesNotHaveDuplicates();
    assertThat(pages.count()).isEqualTo(333);
  }

  @Test
  @DisplayName("S42: timestamps are their text, to the microsecond")
  void timestamps() {
    server.sql(
        "insert into crawled_pages (created_at) values ('2026-01-02 03:04:05.000001+02'),"
            + " ('infinity')");

    List<VectorRecord> records = Reading.all(pages).records();
    assertThat(records.get(0).payload().text("created_at"))
        .contains("2026-01-02T01:04:05.000001+00:00");
    assertThat(records.get(1).payload().text("created_at")).contains("infinity");
  }

  @Test
  @DisplayName("S44: sources come in the database's order, each once")
  void orderOfTexts() {
    List<String> names = List.of("b", "A", "a", "\u00e4", "Z", "\ud83d\ude00", "\uffee", "10", "9");
    server.load("sources", List.of("source_id"), names.stream().map(List::of));

    Reading.Whole whole = Reading.all(store.collection("sources"), ScanRequest.all().pageSize(2));
    assertThat(whole.ids()).containsExactlyInAnyOrderElementsOf(names);
  }
}
