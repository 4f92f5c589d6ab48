package dev.vectorstore.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vectorstore.CollectionSpec;
import dev.vectorstore.Metric;
import dev.vectorstore.Payload;
import dev.vectorstore.RecordId;
import dev.vectorstore.SearchRequest;
import dev.vectorstore.VectorCollection;
import dev.vectorstore.VectorRecord;
import dev.vectorstore.VectorStore;
import dev.vectorstore.VectorStoreException.AccessDenied;
import dev.vectorstore.VectorStoreException.NotFound;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.testservers.PostgresDatabase;
import dev.vectorstore.testservers.PostgresServer;
import dev.vectorstore.testservers.PostgrestServer;
import dev.vectorstore.testservers.RequiresEngine;
import dev.vectorstore.testservers.TestEngine;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * PostgREST without its description of tables and functions: what doesn't need it works, and the
 * rest says why it can't. And one that serves several schemas, or others than ours.
 */
@RequiresEngine(TestEngine.SUPABASE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClosedRootTest {

  private PostgresDatabase installed;
  private PostgresDatabase bare;

  @BeforeAll
  void makeDatabases() {
    installed = PostgresServer.shared().createDatabase("closed_root");
    bare = PostgresServer.shared().createDatabase("closed_root_bare");
    installed.sql(ManagedServer.ROLES + tables());
    installed.sql(Supabase.sql());
    bare.sql(ManagedServer.ROLES + tables());
  }

  private static String tables() {
    return """
        create table docs (id int primary key, content text, embedding vector(2));
        insert into docs values (1, 'one', '[1,0]');
        create table empties (id int primary key, embedding vector(2));
        create schema api;
        grant usage on schema api to anon, authenticated, service_role;
        create table api.pages (id int primary key, content text, embedding vector(2));
        insert into api.pages values (1, 'a page', '[1,0]'), (2, 'another', '[0,1]');
        create function api.match_pages(query_embedding vector(2), match_count int)
          returns table (id int, similarity float) language sql as
          'select id, 1 - (embedding operator(public.<=>) query_embedding) from api.pages
            order by embedding operator(public.<=>) query_embedding limit match_count';
        grant all on all tables in schema api to service_role;
        create function root() returns json language sql as 'select json_build_object(1, 2)';
        """;
  }

  private static PostgrestServer start(
      PostgresDatabase database, UnaryOperator<PostgrestServer.Builder> options) {
    return options.apply(PostgrestServer.builder(database.url("authenticator"))).start();
  }

  private static VectorStore open(PostgrestServer server) {
    return Supabase.postgrest("http://127.0.0.1:" + server.port())
        .key(() -> server.issuer().tokenFor("service_role"))
        .callOptions(Reading.ONCE)
        .open();
  }

  @Test
  void whatOurSqlManagesNeedsNoDescription() {
    try (PostgrestServer server = start(installed, builder -> builder.openapiMode("disabled"));
        VectorStore store = open(server)) {
      assertWorks(installed, store, "disabled");
    }
    try (PostgrestServer server = start(installed, builder -> builder.rootSpec("root"));
        VectorStore store = open(server)) {
      assertWorks(installed, store, "replaced");
    }
  }

  private static void assertWorks(PostgresDatabase database, VectorStore store, String name) {
    store.ping();
    VectorCollection notes =
        store.ensureCollection(CollectionSpec.builder(name).vectors(2, Metric.COSINE).build());
    notes.upsert(VectorRecord.of(RecordId.of(1), new float[] {1, 0}, Payload.empty()));
    assertThat(notes.search(SearchRequest.nearest(1, 0))).hasSize(1);
    VectorStore owner = Reading.openAsOwner(database);
    SupabaseTables tables = owner.unwrap(SupabaseTables.class);
    tables.adopt(TableAdoption.of("docs").collection("docs_" + name).build());
    assertThat(store.collection("docs").count()).isEqualTo(1);
    assertThat(store.collections()).contains(name, "docs_" + name).doesNotContain("empties");
    assertThat(store.exists(name)).isTrue();
    assertThat(store.exists("empties")).isTrue();
    assertThat(store.exists("absent")).isFalse();
    assertThatThrownBy(() -> store.describe("absent")).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> store.describe("api.absent")).isInstanceOf(NotFound.class);
    assertThat(store.drop(name)).isTrue();
    assertThat(store.drop(name)).isFalse();
    assertThat(tables.release("docs_" + name)).isTrue();
    owner.close();
  }

  @Test
  void aTableThatIsNotAdoptedIsToldWithTheCure() {
    try (PostgrestServer server = start(bare, builder -> builder.openapiMode("disabled"));
        VectorStore store = open(server)) {
      store.ping();
      for (String cure : new String[] {"openapi-mode", "supabase adopt", "postgresql://"}) {
        assertThatThrownBy(() -> store.describe("docs"))
            .isInstanceOf(UnsupportedFeature.class)
            .hasMessageContaining(cure);
        assertThatThrownBy(store::collections)
            .isInstanceOf(UnsupportedFeature.class)
            .hasMessageContaining(cure);
      }
      assertThat(store.exists("docs")).isTrue();
      assertThatThrownBy(() -> store.describe("absent")).isInstanceOf(NotFound.class);
    }
    try (PostgrestServer server = start(bare, builder -> builder.rootSpec("root"));
        VectorStore store = open(server)) {
      assertThatThrownBy(() -> store.describe("docs"))
          .isInstanceOf(UnsupportedFeature.class)
          .hasMessageContaining("db-root-spec");
    }
  }

  /** As Supabase's gateway does since 2026: the root is for secret keys. */
  @Test
  void aRootThatIsForSecretKeysOnlyIsTold() {
    bare.sql("grant select on docs to anon");
    try (PostgrestServer server = start(bare, builder -> builder);
        GzipGateway gateway =
            GzipGateway.before("http://127.0.0.1:" + server.port()).hidingTheRoot();
        VectorStore store =
            Supabase.postgrest(gateway.url())
                .key(() -> server.issuer().tokenFor("anon"))
                .callOptions(Reading.ONCE)
                .open()) {
      assertThatThrownBy(() -> store.describe("docs"))
          .isInstanceOf(AccessDenied.class)
          .hasMessageContaining("secret keys only")
          .hasMessageContaining("service_role");
      assertThat(store.exists("docs")).isTrue();
      assertThatThrownBy(() -> store.describe("absent")).isInstanceOf(NotFound.class);
    }
  }

  @Test
  void tablesAndFunctionsOfAnotherSchemaThanTheFirstAreReached() {
    for (String schemas : new String[] {"public,api", "api,public"}) {
      try (PostgrestServer server = start(installed, builder -> builder.schemas(schemas));
          VectorStore store = open(server)) {
        boolean first = schemas.startsWith("api");
        VectorCollection pages = store.collection(first ? "pages" : "api.pages");
        assertThat(pages.count()).isEqualTo(2);
        assertThat(pages.search(SearchRequest.nearest(1, 0)).get(0).id()).isEqualTo(RecordId.of(1));
        assertThat(store.collection(first ? "public.docs" : "docs").count()).isEqualTo(1);
        VectorCollection ours =
            store.ensureCollection(
                CollectionSpec.builder("ours").vectors(2, Metric.COSINE).build());
        assertThat(ours.count()).isZero();
      }
    }
  }

  @Test
  void aServerThatDoesNotServeTheSchemaOfOurFunctionsIsToldSo() {
    try (PostgrestServer server = start(installed, builder -> builder.schemas("api"));
        VectorStore store = open(server)) {
      assertThat(store.collection("pages").count()).isEqualTo(2);
      assertThatThrownBy(() -> store.ensureCollection(CollectionSpec.builder("ours").build()))
          .isInstanceOf(UnsupportedFeature.class)
          .hasMessageContaining("PostgREST must serve the schema public");
      assertThatThrownBy(() -> store.describe("public.docs")).isInstanceOf(NotFound.class);
    }
  }
}
