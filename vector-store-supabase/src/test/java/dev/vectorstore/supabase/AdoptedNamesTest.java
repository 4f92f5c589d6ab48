package dev.vectorstore.supabase;

import static dev.vectorstore.Filter.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Embedding;
import dev.vectorstore.FieldPath;
import dev.vectorstore.FieldType;
import dev.vectorstore.Filter;
import dev.vectorstore.Metric;
import dev.vectorstore.RecordId;
import dev.vectorstore.ScanRequest;
import dev.vectorstore.SearchHit;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.Conflict;
import dev.vectorstore.VectorStoreException.InvalidRequest;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.WriteBatch;
import dev.vectorstore.testservers.PostgrestServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What adopted tables are called. */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdoptedNamesTest {
  private ManagedServer server;
  private PostgrestServer postgrest;
  private VectorStore store;
  private VectorStore owner;
  private SupabaseTables tables;

  @BeforeAll
  void start() {
    server = ManagedServer.start();
    server.database().sql("create schema rag; grant usage on schema rag to public");
    postgrest =
        PostgrestServer.builder(server.database().url("authenticator"))
            .schemas("public, rag")
            .start();
    store = open(server, postgrest);
    owner = Reading.openAsOwner(server.database());
    tables = owner.unwrap(SupabaseTables.class);
  }

  VectorStore open(ManagedServer managed, PostgrestServer api) {
    return Supabase.postgrest(api.url().substring("postgrest:".length()))
        .key(() -> api.issuer().tokenFor("service_role"))
        .callOptions(Reading.ONCE)
        .open();
  }

  ManagedServer server() {
    return server;
  }

  @AfterAll
  void stop() {
    owner.close();
    store.close();
    postgrest.close();
    server.close();
  }

  /** Makes a table, its name written as in SQL, which PostgREST then knows. */
  private void make(String... names) {
    for (String name : names) {
      server
          .database()
          .sql(
              "create table "
                  + name
                  + " (id int primary key, content text, metadata jsonb, v vector(2));"
                  + "grant all on "
                  + name
                  + " to service_role");
    }
    postgrest.reloadSchema();
  }

  private void drop(String... names) {
    for (String name : names) {
      server.database().sql("drop table " + name);
    }
    postgrest.reloadSchema();
  }

  private static VectorRecord record(long id, String content) {
    return VectorRecord.of(
        RecordId.of(id), Embedding.of(1, (float) id), AdoptionTest.payload("content", content));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"my docs", "2024-docs", "Größe 文書", "q'u;%s$1\\x", "a.b", "select", "tab\tline\n"})
  void aTableOfAnyNameIsAdoptedUnderIt(String name) {
    String sql = "\"" + name.replace("\"", "\"\"") + "\"";
    make(sql);
    tables.adopt(TableAdoption.of(name).build());
    assertThat(store.collections()).containsOnlyOnce(name);
    for (String either : List.of(name, "public." + name)) {
      VectorCollection docs = store.collection(either);
      assertThat(docs.describe().name()).isEqualTo(either);
      docs.upsert(record(1, "one"), record(2, "two"), record(3, "three"));
      assertThat(docs.search(SearchRequest.nearest(Embedding.of(1, 3)).limit(1)))
          .extracting(SearchHit::id)
          .containsExactly(RecordId.of(3));
      docs.deleteWhere(field("content").eq("two"));
      docs.patchPayload(List.of(RecordId.of(1)), AdoptionTest.payload("content", "fox"), List.of());
      store.apply(WriteBatch.builder().delete(either, List.of(RecordId.of(3))).build());
      assertThat(docs.count()).isEqualTo(1);
      tables.makeTerms(either, Duration.ofMinutes(1));
      assertThat(store.collection(either).count(field("content").matchesText("fox"))).isEqualTo(1);
      assertThatThrownBy(() -> store.drop(either)).isInstanceOf(Conflict.class);
    }
    tables.adopt(TableAdoption.of(name).schema("public").build());
    if (!name.equals("select")) {
      CollectionSpec spec = store.describe(name).spec();
      assertThatThrownBy(() -> store.ensureCollection(spec)).isInstanceOf(InvalidRequest.class);
    }
    assertThat(tables.release("public." + name)).isTrue();
    assertThat(tables.release(name)).isFalse();
    drop(sql);
  }

  @Test
  void aTableOfAnotherSchemaHasTheSchemaInItsName() {
    make("rag.docs", "rag.\"my docs\"");
    tables.adopt(TableAdoption.of("docs").schema("rag").build());
    tables.adopt(TableAdoption.of("rag.my docs").build());
    assertThat(store.collections()).containsOnlyOnce("rag.docs", "rag.my docs");
    assertThat(store.exists("docs")).isFalse();
    store.collection("rag.docs").upsert(record(1, "one"));
    tables.adopt(TableAdoption.of("rag.docs").build());
    assertThat(store.collection("rag.docs").count()).isEqualTo(1);
    assertThatThrownBy(() -> tables.adopt(TableAdoption.of("docs").build()))
        .isInstanceOf(NotFound.class)
        .hasMessageStartingWith("adopt on docs (");
    assertThat(tables.release("rag.docs")).isTrue();
    assertThat(tables.release("rag.my docs")).isTrue();
    drop("rag.docs", "rag.\"my docs\"");
  }

  @Test
  void aCollectionIsCalledAsItsAdoptionSays() {
    make("\"my docs\"");
    tables.adopt(TableAdoption.of("my docs").collection("my_docs").build());
    assertThat(store.collections()).contains("my_docs").doesNotContain("my docs");
    store.collection("my docs").upsert(record(1, "one"));
    CollectionSpec wider =
        store.describe("my_docs").spec().toBuilder()
            .field(FieldPath.of("metadata", "lang"), FieldType.KEYWORD)
            .build();
    assertThat(store.ensureCollection(wider).count()).isEqualTo(1);
    tables.adopt(TableAdoption.of("my docs").build());
    assertThat(store.collections()).contains("my_docs").doesNotContain("my docs");
    assertThatThrownBy(() -> tables.adopt(TableAdoption.of("my docs").collection("other").build()))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("my_docs")
        .hasMessageContaining("release");
    assertThat(tables.release("my docs")).isTrue();
    drop("\"my docs\"");
  }

  @Test
  void noCollectionHidesATable() {
    make("docs", "rag.docs", "\"rag.docs\"");
    TableAdoption.Builder rag = TableAdoption.of("docs").schema("rag");
    for (TableAdoption hiding : List.of(rag.build(), rag.collection("docs").build())) {
      assertThatThrownBy(() -> tables.adopt(hiding))
          .isInstanceOf(Conflict.class)
          .hasMessageContaining("hide");
    }
    tables.adopt(rag.collection("rag_docs").build());
    tables.adopt(TableAdoption.of("docs").build());
    store.collection("rag_docs").upsert(record(1, "of rag"));
    assertThat(server.database().sql("select content from rag.docs")).containsExactly("of rag");
    assertThat(store.collection("rag.docs").count()).as("public's own").isZero();
    assertThat(store.collections()).containsOnlyOnce("docs", "rag_docs", "rag.docs");
    assertThatThrownBy(
            () -> tables.adopt(TableAdoption.of("rag.docs").collection("rag_docs").build()))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("another collection");
    tables.release("docs");
    tables.release("rag_docs");
    drop("docs", "rag.docs", "\"rag.docs\"");
  }

  @Test
  void namesThatDifferInCaseOnlyAreTwoTables() {
    make("\"Docs\"", "docs");
    tables.adopt(TableAdoption.of("Docs").build());
    tables.adopt(TableAdoption.of("docs").build());
    store.collection("Docs").upsert(record(1, "upper"));
    assertThat(store.collection("docs").count()).isZero();
    assertThat(store.collections()).contains("Docs", "docs");
    CollectionSpec lower = store.describe("docs").spec();
    assertThat(store.ensureCollection(lower).count()).isZero();
    assertThatThrownBy(
            () ->
                store.ensureCollection(
                    CollectionSpec.builder("DOCS").vectors(2, Metric.COSINE).build()))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("case");
    tables.release("Docs");
    tables.release("docs");
    drop("\"Docs\"", "docs");
  }

  /** An older version called it by the table's name alone. */
  @Test
  void aTableThatWasAdoptedUnderAnotherNameKeepsIt() {
    make("rag.far");
    tables.adopt(TableAdoption.of("rag.far").build());
    server.database().sql("update vector_store.catalog set name = 'far' where name = 'rag.far'");
    store.collection("far").upsert(record(1, "one"));
    assertThat(store.collections()).contains("far").doesNotContain("rag.far");
    assertThat(store.collection("rag.far").count()).isEqualTo(1);
    store.collection("rag.far").upsert(record(2, "two"));
    tables.adopt(TableAdoption.of("far").schema("rag").build());
    assertThat(store.collections()).contains("far").doesNotContain("rag.far");
    assertThat(store.collection("far").count()).isEqualTo(2);
    tables.release("far");
    drop("rag.far");
  }

  @Test
  void aNameIsNotCutToThatOfAnotherTable() {
    String longest = "x".repeat(63);
    make(longest);
    for (String name : List.of(longest + "x", "public." + longest + "x")) {
      assertThatThrownBy(() -> tables.adopt(TableAdoption.of(name).build()))
          .isInstanceOf(NotFound.class);
    }
    assertThatThrownBy(() -> tables.adopt(TableAdoption.of("vector_store.catalog").build()))
        .isInstanceOf(NotFound.class);
    drop(longest);
  }

  /** The condition of many values goes over a list's elements, which no column may stand in for. */
  @Test
  void aColumnNamedAsWeNameElementsIsNoElement() {
    server
        .database()
        .sql(
            "create table named_e (id bigint primary key, tags jsonb, e jsonb, v vector(2));"
                + " insert into named_e values (1, '[\"keep\"]', '5', '[1,2]'), (2, '[5]', '\"x\"',"
                + " '[1,2]'), (3, '5', '1', '[1,2]'); grant all on named_e to service_role");
    tables.adopt(TableAdoption.of("named_e").build());
    List<Object> many = new ArrayList<>(IntStream.range(0, 101).mapToObj(i -> "none" + i).toList());
    many.set(0, 5);
    VectorCollection collection = store.collection("named_e");
    assertThat(collection.count(field("tags").in(many))).isEqualTo(2);
    collection.deleteWhere(field("tags").in(many));
    assertThat(collection.fetch(RecordId.of(1))).isPresent();
    assertThat(collection.count()).isEqualTo(1);
    assertThat(tables.release("named_e")).isTrue();
    server.database().sql("drop table named_e");
  }

  @Test
  void aTableThatOthersInheritFromSinceItWasAdoptedIsRefused() {
    make("parent");
    tables.adopt(TableAdoption.of("parent").build());
    VectorCollection parent = store.collection("parent");
    parent.upsert(record(1, "one"));
    server.database().sql("create table child (more text, primary key (id)) inherits (parent)");
    server.database().sql("insert into child values (1, 'two', null, '[1,1]', 'more')");
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            parent::count,
            () -> parent.deleteWhere(Filter.ids(List.of(RecordId.of(1)))),
            () -> parent.upsert(record(2, "two")),
            () -> store.collection("parent").scan(ScanRequest.all()))) {
      assertThatThrownBy(call)
          .isInstanceOf(Conflict.class)
          .hasMessageContaining("tables inherit from this one since it was adopted");
    }
    assertThat(server.database().sql("select count(*) from child")).containsExactly("1");
    server.database().sql("alter table child no inherit parent");
    assertThat(parent.count()).isEqualTo(1);
    assertThat(tables.release("parent")).isTrue();
    server.database().sql("drop table child");
    drop("parent");
  }
}
