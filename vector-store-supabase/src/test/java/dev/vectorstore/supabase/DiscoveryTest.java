package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.Capability;
import dev.vectorstore.CollectionInfo;
import dev.vectorstore.CollectionSpec;
import dev.vectorstore.IdKind;
import dev.vectorstore.Metric;
import dev.vectorstore.VectorSpec;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException;
import dev.vectorstore.testservers.ExistingSupabaseStore;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiscoveryTest {
  private ExistingSupabaseStore server;
  private VectorStore store;

  @BeforeAll
  void makeTables() {
    server = ExistingSupabaseStore.create(3);
    server.sql(
        """
        create table halves (a int, b text, v halfvec(4), primary key (a, b));
        create table sparse (id uuid primary key, v sparsevec(5), content text);
        create table bits (id text primary key, v bit(8));
        create table two (id uuid primary key, other vector(2), embedding vector(5));
        create table undeclared (id text primary key, v vector);
        create table never_filled (id text primary key, v vector);
        insert into undeclared values ('without', null), ('with', '[1,2,3,4,5,6,7]');
        create table keyless (id int, v vector(3));
        create table json_key (id jsonb primary key, v vector(3));
        create table plain (id int primary key, content text);
        create table "Odd Name" (id int primary key, v vector(3));
        create view pages_view as select * from crawled_pages;
        create table thresholds (id int primary key, embedding vector(3));
        create function match_thresholds(
            query_embedding vector(3), match_threshold float, match_count int)
          returns table (id int, similarity float) language sql as
          'select id, 1 - (embedding <=> query_embedding) from thresholds
           where 1 - (embedding <=> query_embedding) > match_threshold
           order by embedding <=> query_embedding limit match_count';
        create table strange (id int primary key, embedding vector(3));
        create function match_strange(query_embedding vector(3), match_count int, tenant text)
          returns table (id int, similarity float) language sql as
          'select id, 1.0::float from strange limit match_count';
        """);
    server.postgrest().reloadSchema();
    store = Reading.open(server);
  }

  @AfterAll
  void stop() {
    store.close();
    server.close();
  }

  @Test
  void tablesWithVectorsAndThoseTheyReferToAreCollections() {
    assertThat(store.collections())
        .containsExactly(
            "Odd Name",
            "code_examples",
            "crawled_pages",
            "halves",
            "json_key",
            "keyless",
            "never_filled",
            "sources",
            "sparse",
            "strange",
            "thresholds",
            "two",
            "undeclared");
  }

  @Test
  void aSearchedTableIsDescribed() {
    CollectionInfo pages = store.describe("crawled_pages");

    assertThat(pages.spec().dimension()).hasValue(3);
    assertThat(pages.spec().metric()).contains(Metric.COSINE);
    assertThat(pages.spec().idKinds()).containsExactlyInAnyOrder(IdKind.NUMBER, IdKind.TEXT);
    assertThat(pages.spec().fields()).isEmpty();
    assertThat(pages.spec().labels()).isEmpty();
    assertThat(pages.capabilities())
        .containsExactlyInAnyOrder(Capability.VECTOR_SEARCH, Capability.REMOTE, Capability.DURABLE);
  }

  @Test
  void aTableWithoutVectorsIsACollectionWithoutVectors() {
    CollectionInfo sources = store.describe("sources");

    assertThat(sources.spec().metric()).isEmpty();
    assertThat(sources.spec().idKinds()).containsExactly(IdKind.TEXT);
    assertThat(sources.capabilities())
        .containsExactlyInAnyOrder(Capability.REMOTE, Capability.DURABLE);
  }

  @Test
  void idKindsFollowTheKey() {
    assertThat(store.describe("halves").spec().idKinds()).containsExactly(IdKind.TEXT);
    assertThat(store.describe("sparse").spec().idKinds()).containsExactly(IdKind.UUID);
  }

  @Test
  void halvesAreVectors() {
    assertThat(store.describe("halves").spec().dimension()).hasValue(4);
  }

  @Test
  void aColumnThatNothingHoldsIsNamed() {
    assertThat(store.describe("sparse").spec().metric()).isEmpty();
    assertThat(store.describe("sparse").unreadColumns())
        .singleElement()
        .satisfies(column -> assertThat(column.name()).isEqualTo("v"))
        .satisfies(column -> assertThat(column.type()).endsWith("sparsevec(5)"));
    assertThat(store.describe("never_filled").unreadColumns())
        .extracting(CollectionInfo.UnreadColumn::type)
        .containsExactly("public.vector");
  }

  @Test
  void severalColumnsAreVectorsByTheirNames() {
    CollectionSpec two = store.describe("two").spec();
    assertThat(two.vectors())
        .isEqualTo(
            Map.of(
                "other", VectorSpec.of(2, Metric.COSINE),
                "embedding", VectorSpec.of(5, Metric.COSINE)));
    assertThat(store.describe("two").unreadColumns()).isEmpty();
  }

  @Test
  void aVectorOfAnyLengthHasTheFirstOnesDimension() {
    assertThat(store.describe("undeclared").spec().dimension()).hasValue(7);
    assertThat(store.describe("never_filled").spec().metric()).isEmpty();
  }

  @Test
  void aTableWithoutAPrimaryKeySaysWhatToDo() {
    assertThatThrownBy(() -> store.describe("keyless"))
        .isInstanceOf(VectorStoreException.UnsupportedFeature.class)
        .hasMessageContaining("describe on keyless (supabase)")
        .hasMessageContaining("no primary key")
        .hasMessageContaining("add primary key");
    assertThatThrownBy(() -> store.describe("json_key"))
        .isInstanceOf(VectorStoreException.UnsupportedFeature.class)
        .hasMessageContaining("jsonb");
  }

  @Test
  void aViewIsRefused() {
    assertThatThrownBy(() -> store.describe("pages_view"))
        .isInstanceOf(VectorStoreException.UnsupportedFeature.class)
        .hasMessageContaining("view");
  }

  @Test
  void aFunctionIsUsedWhereItsArgumentsAreKnown() {
    assertThat(store.describe("thresholds").capabilities()).contains(Capability.VECTOR_SEARCH);
    assertThat(store.describe("strange").capabilities()).doesNotContain(Capability.VECTOR_SEARCH);
    assertThat(store.describe("two").capabilities()).doesNotContain(Capability.VECTOR_SEARCH);
  }

  @Test
  void absenceIsProved() {
    assertThat(store.exists("crawled_pages")).isTrue();
    assertThat(store.exists("plain")).isTrue();
    assertThat(store.exists("nothing_like_it")).isFalse();
    assertThatThrownBy(() -> store.describe("nothing_like_it"))
        .isInstanceOf(VectorStoreException.NotFound.class)
        .hasMessageContaining("describe on nothing_like_it (supabase)");
    assertThatThrownBy(() -> store.collection("nothing_like_it").count())
        .isInstanceOf(VectorStoreException.NotFound.class);
  }
}
