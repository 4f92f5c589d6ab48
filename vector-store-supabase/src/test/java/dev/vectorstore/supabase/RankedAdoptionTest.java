package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Capability;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Fusion;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Ranked texts of tables that others made, and write as well. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RankedAdoptionTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private ManagedServer server;
  private VectorStore store;
  private SupabaseTables tables;

  @BeforeAll
  void start() {
    server = ManagedServer.start();
    store = Postgres.at(server.database().url("postgres")).callOptions(Reading.ONCE).open();
    tables = store.unwrap(SupabaseTables.class);
  }

  @AfterAll
  void stop() {
    store.close();
    server.close();
  }

  @BeforeEach
  void fill() {
    server
        .database()
        .sql(
            """
            create table pages (id bigint primary key, title text, content text, n integer,
              metadata jsonb default '{}', embedding vector(2));
            insert into pages values (1, 'a fox', 'a fox in a box', 1, '{"note": "red"}', '[1,0]'),
              (2, 'a cat', 'fox fox', 2, '{"note": ["red", "red"]}', '[0,1]'), (3, 'fox', 'a cat', 3, '{}', '[1,1]')
            """);
  }

  @AfterEach
  void drop() {
    tables.release("pages");
    assertThat(
            server
                .database()
                .sql(
                    "select relname from pg_class where relnamespace = 'vector_store'::regnamespace"
                        + " and relkind = 'r' and relname <> 'catalog'"))
        .as("what a released table leaves behind")
        .isEmpty();
    server.database().sql("drop table pages");
  }

  private VectorCollection adopt(String... ranked) {
    TableAdoption.Builder adoption = TableAdoption.of("pages");
    List.of(ranked).forEach(adoption::ranked);
    tables.adopt(adoption.build());
    return store.collection("pages");
  }

  private VectorCollection madeTerms() {
    tables.makeTerms("pages", MINUTE);
    return store.collection("pages");
  }

  private static List<Long> ids(List<SearchHit> hits) {
    return hits.stream().map(hit -> Long.valueOf(hit.id().toString())).toList();
  }

  private static List<Long> search(VectorCollection pages, String query) {
    return ids(pages.search(SearchRequest.text(query)));
  }

  @Test
  void aTableIsRankedOnceItsTermsAreMade() {
    VectorCollection pages = adopt("content");
    assertThat(pages.describe().spec().fields())
        .containsEntry(FieldPath.of("content"), FieldType.TEXT);
    assertThat(pages.capabilities()).doesNotContain(Capability.RANKED_TEXT, Capability.TERMS);
    assertThatThrownBy(() -> search(pages, "fox"))
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("makeTerms");

    VectorCollection made = madeTerms();
    assertThat(made.capabilities()).contains(Capability.RANKED_TEXT, Capability.TERMS);
    assertThat(search(made, "fox")).containsExactly(2L, 1L);
    assertThat(made.search(SearchRequest.text("fox").filter(FieldPath.of("n").lt(2)))).hasSize(1);
    assertThat(made.count(Filter.field("content").matchesPhrase("fox in a"))).isEqualTo(1);
    assertThat(made.search(SearchRequest.hybrid(new float[] {1, 0}, "box", Fusion.rrf())))
        .hasSize(3);
  }

  @Test
  void writesThroughUsAreRankedAtOnce() {
    adopt("content", "title");
    VectorCollection pages = madeTerms();
    assertThat(search(pages, "fox")).containsExactlyInAnyOrder(1L, 2L, 3L);
    pages.patchPayload(
        List.of(RecordId.of(3)), Payload.of(Map.of("content", "fox fox fox")), List.of("title"));
    pages.delete(List.of(RecordId.of(2)));
    assertThat(search(pages, "fox")).containsExactly(3L, 1L);
    assertThat(pages.capabilities()).contains(Capability.RANKED_TEXT);
    pages.deleteAll();
    assertThat(search(pages, "fox")).isEmpty();
  }

  @Test
  void whatAnotherProgramWritesTakesTheRanksAwayUntilTermsAreMade() {
    adopt("content");
    VectorCollection before = madeTerms();
    server.database().sql("delete from pages where id = 2");
    assertThat(search(before, "fox")).as("a delete needs no terms").containsExactly(1L);

    server.database().sql("update pages set content = 'no more' where id = 1");
    assertThat(store.describe("pages").capabilities()).doesNotContain(Capability.RANKED_TEXT);
    assertThatThrownBy(() -> search(before, "fox"))
        .as("by a handle of before")
        .isInstanceOf(UnsupportedFeature.class)
        .hasMessageContaining("makeTerms");

    server.database().sql("insert into pages values (9, 't', 'box box fox')");
    assertThat(search(madeTerms(), "fox box")).containsExactly(9L);
    server.database().sql("truncate pages");
    assertThat(search(store.collection("pages"), "fox")).isEmpty();
  }

  @Test
  void adoptedAgainATextBecomesRankedAndStaysSo() {
    adopt();
    assertThat(madeTerms().capabilities())
        .contains(Capability.TERMS)
        .doesNotContain(Capability.RANKED_TEXT);
    VectorCollection again = adopt("content", "title");
    assertThat(again.capabilities()).doesNotContain(Capability.TERMS, Capability.RANKED_TEXT);
    assertThat(search(madeTerms(), "cat")).containsExactlyInAnyOrder(2L, 3L);
    assertThat(adopt().capabilities()).contains(Capability.RANKED_TEXT);
    assertThat(search(adopt("content"), "cat")).containsExactlyInAnyOrder(2L, 3L);
  }

  @Test
  void aTextWithinAColumnIsRanked() {
    tables.adopt(TableAdoption.of("pages").ranked("metadata", "note").build());
    assertThat(search(madeTerms(), "red")).containsExactly(2L, 1L);
  }

  @Test
  void whatIsNoTextIsntRanked() {
    assertThatThrownBy(() -> adopt("nowhere"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("nowhere");
    assertThatThrownBy(() -> adopt("n")).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(
            () -> tables.adopt(TableAdoption.of("pages").ranked("content", "deep").build()))
        .isInstanceOf(InvalidRequest.class);
    VectorCollection pages = adopt();
    store.ensureCollection(
        pages.describe().spec().toBuilder()
            .field(FieldPath.of("metadata", "year"), FieldType.NUMBER)
            .build());
    assertThatThrownBy(
            () -> tables.adopt(TableAdoption.of("pages").ranked("metadata", "year").build()))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("NUMBER");
    assertThatThrownBy(
            () ->
                store.ensureCollection(
                    pages.describe().spec().toBuilder().field("late", FieldType.TEXT).build()))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("adopt it again");
  }
}
