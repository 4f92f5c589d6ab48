package dev.vectorstore.supabase;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vectorstore.Capability;
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
import dev.vectorstore.VectorStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An installation of version 1, before texts were ranked, with data in it, upgraded in place. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UpgradeTest {
  /** What a client of version 1 called: a collection, and an adopted table whose terms are made. */
  private static final String DATA =
      """
      select vector_store_ensure('{"name": "old", "dimension": 2, "metric": "COSINE", "idKinds": ["NUMBER"],
        "fields": [{"path": ["n"], "type": "NUMBER"}, {"path": ["content"], "type": "TEXT"}], "labels": {}}');
      select vector_store_write(json_build_object('operations', json_build_array(json_build_object(
        'collection', 'old', 'token', vector_store.token(vector_store.find('old')), 'upsert', (
          select json_agg(json_build_object('i', '00' || encode(int8send(n), 'hex'), 'v', '[1,' || n || ']',
            'p', json_build_object('n', n, 'content', 'fox ' || n), 't', json_build_array('1: fox ' || n || ' ')))
          from generate_series(1, 20) n)))));
      create table notes (id bigint primary key, content text);
      insert into notes values (1, 'red fox'), (2, 'red cat');
      select vector_store_adopt('{"table": "notes", "schema": "public"}');
      select vector_store_terms(json_build_object('collection', 'notes', 'token', vector_store.token(c), 'rows', (
        select json_agg(json_build_object('i', r ->> 0, 'h', r ->> 1, 't', json_build_array('1: ' || (r #>> '{2,content}') || ' ')))
        from json_array_elements(vector_store_untermed(json_build_object(
          'collection', 'notes', 'token', vector_store.token(c), 'limit', 10))) r)))
      from vector_store.find('notes') c;
      select vector_store_untermed(json_build_object('collection', 'notes', 'token', vector_store.token(c), 'limit', 10))
      from vector_store.find('notes') c;
      create table tokens as select name, vector_store.token(c) as token, terms_ready from vector_store.catalog c;
      """;

  private ManagedServer server;
  private VectorStore store;
  private List<String> upgraded = List.of();

  @BeforeAll
  void upgrade() throws IOException {
    try (InputStream script =
        Objects.requireNonNull(UpgradeTest.class.getResourceAsStream("/vector-store-1.sql"))) {
      server = ManagedServer.after(new String(script.readAllBytes(), UTF_8) + DATA);
    }
    upgraded =
        server
            .database()
            .sql(
                "select name, terms_ready, token = vector_store.token(c) from tokens"
                    + " join vector_store.catalog c using (name, terms_ready) order by name");
    store = server.open(Reading.ONCE);
  }

  @AfterAll
  void stop() {
    store.close();
    server.close();
  }

  @Test
  void aClientThatMakesTheTermsOfBeforeIsToReadACollectionAgain() {
    assertThat(upgraded)
        .as("name, whether its terms are made, and whether its token is that of before")
        .containsExactly("notes|t|f", "old|t|f");
  }

  @Test
  void aCollectionOfBeforeWorksAndIsAsItWas() {
    VectorCollection old =
        store.ensureCollection(
            CollectionSpec.builder("old")
                .vectors(2, Metric.COSINE)
                .idKinds(IdKind.NUMBER)
                .field("n", FieldType.NUMBER)
                .field("content", FieldType.TERMS)
                .build());
    assertThat(old.count()).isEqualTo(20);
    assertThat(old.capabilities())
        .contains(Capability.TERMS, Capability.PHRASE)
        .doesNotContain(Capability.RANKED_TEXT);
    assertThat(old.count(Filter.field("content").matchesText("fox"))).isEqualTo(20);
    assertThat(old.count(Filter.field("content").matchesText("7 fox"))).isEqualTo(1);
    assertThat(old.search(SearchRequest.nearest(1, 3).limit(1)).get(0).id())
        .isEqualTo(RecordId.of(3));
    old.upsert(VectorRecord.of(RecordId.of(7), Payload.of(Map.of("content", "a cat"))));
    old.patchPayload(List.of(RecordId.of(8)), Payload.of(Map.of("content", "two cats")), List.of());
    assertThat(old.count(Filter.field("content").matchesText("fox"))).isEqualTo(18);
    assertThat(old.count(Filter.field("content").matchesPhrase("two cats"))).isEqualTo(1);
  }

  @Test
  void anAdoptedTableGetsItsTermsAnewAndCanBeRanked() {
    SupabaseTables tables = store.unwrap(SupabaseTables.class);
    tables.makeTerms("notes", Duration.ofMinutes(1));
    VectorCollection notes = store.collection("notes");
    Filter red = Filter.field("content").matchesText("red");
    assertThat(notes.count(red)).isEqualTo(2);
    tables.adopt(TableAdoption.of("notes").build());
    assertThat(notes.count(red)).isEqualTo(2);
    tables.adopt(TableAdoption.of("notes").ranked(FieldPath.of("content")).build());
    tables.makeTerms("notes", Duration.ofMinutes(1));
    assertThat(store.collection("notes").search(SearchRequest.text("cat fox"))).hasSize(2);
  }

  @Test
  void newCollectionsAreRankedAndTheScriptRunAgainKeepsThem() {
    VectorCollection ranked =
        store.ensureCollection(
            CollectionSpec.builder("new").field("content", FieldType.TEXT).build());
    ranked.upsert(VectorRecord.of(RecordId.of(1), Payload.of(Map.of("content", "a fox"))));
    server.database().sql(Supabase.sql());
    ranked.upsert(VectorRecord.of(RecordId.of(2), Payload.of(Map.of("content", "fox fox"))));
    assertThat(ranked.search(SearchRequest.text("fox")))
        .extracting(hit -> hit.id())
        .containsExactly(RecordId.of(2), RecordId.of(1));
    assertThat(store.drop("new")).isTrue();
    assertThat(
            server
                .database()
                .sql("select relname from pg_class where relname ~ '^r[0-9]+$' and relkind = 'r'"))
        .hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void filtersOnTextsAreAnsweredOfWhatWasThere() {
    VectorCollection old = store.collection("old");
    FieldPath content = FieldPath.of("content");
    assertThat(old.count(content.contains("fox 1"))).isEqualTo(11);
    assertThat(old.count(content.containsText("FOX 20"))).isEqualTo(1);
    assertThat(old.count(Filter.and(content.gt("fox 2"), content.lt("fox 3")))).isEqualTo(1);
  }
}
